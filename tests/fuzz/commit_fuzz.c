/* What is read as a commit is written the same, and no input makes trouble. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "object/commit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = commit_decode(slice_of(data, size), &commit);
    if (err != NULL)
        return 0;
    err = commit_encode(&commit, &bytes);
    assert(err != NULL || slice_equal(buf_slice(&bytes), slice_of(data, size)));
    return 0;
}
