/* The file that a gc leaves behind; what follows the checksum is made to fit.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "repo/gc_marks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *try_input(struct slice input)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(reach_release) struct reach reach = {0};
    size_t size = input.size >= 8 ? input.size - 8 : 0;
    if (size > 0)
        TRY(buf_put(&bytes, input.data, size));
    TRY(buf_put_le64(&bytes, hash_checksum(bytes.data, size)));
    TRY(gc_marks_decode(buf_slice(&bytes), &reach));
    assert(reach.seen.count <= size / ID_SET_KEY_SIZE);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(try_input(slice_of(data, size)));
    return 0;
}
