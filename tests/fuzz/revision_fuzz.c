/* No text makes the parser of revisions trouble. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "repo/revision.h"
#include "repo/revision_range.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(text_free) char *text = NULL;
    CLEANUP(revision_release) struct revision revision = {0};
    dits_error *err = text_copy_part((const char *)data, size, &text);
    if (err == NULL)
        err = revision_parse(text, &revision);
    assert(err != NULL || revision.base[0] != '\0' || revision.count > 0);
    for (size_t i = 0; err == NULL && i < revision.count; i++) {
        bool has_text = revision.steps[i].kind == REVISION_PEEL ||
                        revision.steps[i].kind == REVISION_LOG_DATE ||
                        revision.steps[i].kind == REVISION_PATH ||
                        revision.steps[i].kind == REVISION_SEARCH;
        assert((revision.steps[i].text != NULL) == has_text);
    }
    if (text != NULL) {
        CLEANUP(revision_range_release) struct revision_range range = {0};
        dits_error_free(err);
        err = revision_range_parse(text, &range);
        bool has_ends = range.kind == REVISION_RANGE_BETWEEN ||
                        range.kind == REVISION_RANGE_EITHER;
        assert(err != NULL || (range.from != NULL) == has_ends);
        assert(err != NULL || range.to != NULL);
    }
    dits_error_free(err);
    return 0;
}
