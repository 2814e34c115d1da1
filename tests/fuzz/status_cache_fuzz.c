/*
 * What the last status found, of any bytes: as they are, and with the checksum
 * put right.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "repo/status_cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *check(const uint8_t *data, size_t size, bool put_right)
{
    CLEANUP(status_cache_release) struct status_cache cache = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    TRY(buf_put(&bytes, data, size));
    if (put_right && size >= OID_SIZE) {
        struct dits_oid checksum;
        hash_bytes(bytes.data, size - OID_SIZE, &checksum);
        memcpy(bytes.data + size - OID_SIZE, checksum.hash, OID_SIZE);
    }
    TRY(status_cache_parse(&bytes, &cache));
    /* What is accepted is the one form there is of it. */
    TRY(status_cache_encode(&cache, &again));
    if (!slice_equal(buf_slice(&again), buf_slice(&cache.bytes)))
        abort();
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(check(data, size, false));
    dits_error_free(check(data, size, true));
    return 0;
}
