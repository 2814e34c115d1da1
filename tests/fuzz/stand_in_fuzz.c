/* A file of any bytes in the place of a dropped one. */
#include <stdint.h>
#include <stdlib.h>

#include "repo/stand_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stand_in what = {0};
    enum stand_in_verdict verdict = STAND_IN_NONE;
    dits_error *err = stand_in_parse(slice_of(data, size), &what, &verdict);
    if (err == NULL && verdict == STAND_IN_WHOLE &&
        (what.size < STAND_IN_FILE_MIN || size > STAND_IN_MAX))
        abort();
    dits_error_free(err);
    return 0;
}
