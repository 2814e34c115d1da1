/* Pairs of captions bare, in boxes, and in messages; the first byte chooses. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "media/captions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *feed(struct captions *captions, unsigned how,
                        struct slice bytes, struct cue_list *out)
{
    if (how == 0)
        return captions_feed_boxes(captions, bytes, 1, out);
    if (how == 1)
        return captions_feed_a53(captions, bytes, 1, out);
    for (size_t i = 0; i + 2 <= bytes.size; i += 2)
        TRY(captions_feed(captions, how & 1, bytes.data + i, (int64_t)i, out));
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cue_list cues = {0};
    if (size == 0)
        return 0;
    struct captions captions = {.wanted = data[0] >> 2 & 3};
    struct slice bytes = slice_of(data + 1, size - 1);
    dits_error_free(feed(&captions, data[0] & 3, bytes, &cues));
    dits_error_free(captions_finish(&captions, INT64_MAX, &cues));
    for (size_t i = 0; i < cues.count; i++)
        assert(text_is_utf8(cues.list[i].text, strlen(cues.list[i].text)));
    captions_release(&captions);
    cues_release(&cues);
    return 0;
}
