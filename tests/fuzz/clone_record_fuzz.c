/* What a clone was to become; what follows the checksum is made to fit. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "repo/clone_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *try_input(struct slice input)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    CLEANUP(clone_record_release) struct clone_record record = {0};
    CLEANUP(clone_record_release) struct clone_record back = {0};
    size_t size = input.size >= 8 ? input.size - 8 : 0;
    if (size > 0)
        TRY(buf_put(&bytes, input.data, size));
    TRY(buf_put_le64(&bytes, hash_checksum(bytes.data, size)));
    TRY(clone_record_decode(buf_slice(&bytes), &record));
    TRY(clone_record_encode(&record, &again));
    TRY(clone_record_decode(buf_slice(&again), &back));
    assert(clone_record_equal(&record, &back));
    assert(record.made_folder == back.made_folder);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(try_input(slice_of(data, size)));
    return 0;
}
