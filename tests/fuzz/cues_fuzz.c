/* One sample of subtitles; the first byte is the format. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "media/cues.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cue_list cues = {0};
    if (size == 0)
        return 0;
    dits_error_free(cues_of_sample((enum cue_format)(data[0] % 5),
                                   slice_of(data + 1, size - 1), 0, 1, &cues));
    for (size_t i = 0; i < cues.count; i++) {
        const char *text = cues.list[i].text;
        assert(text[0] != '\0' && text_is_utf8(text, strlen(text)));
    }
    cues_release(&cues);
    return 0;
}
