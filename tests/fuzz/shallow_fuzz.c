/* The boundary of a history; what follows the checksum is made to fit. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "repo/shallow_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *try_input(struct slice input)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    size_t size = input.size >= 8 ? input.size - 8 : 0;
    if (size > 0)
        TRY(buf_put(&bytes, input.data, size));
    TRY(buf_put_le64(&bytes, hash_checksum(bytes.data, size)));
    TRY(shallow_decode(buf_slice(&bytes), &commits));
    TRY(shallow_encode(&commits, &again));
    assert(slice_equal(buf_slice(&bytes), buf_slice(&again)));
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(try_input(slice_of(data, size)));
    return 0;
}
