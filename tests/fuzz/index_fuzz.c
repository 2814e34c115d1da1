/*
 * A staging index of any bytes, and what is made of it: as they are, and with
 * the checksum put right, so that what lies behind it is reached.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "repo/index_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const uint8_t *data, size_t size)
{
    struct index_header header = {0};
    struct index_entry *entries = NULL;
    size_t count = 0;
    dits_error *err = index_format_parse(data, size, &header, &entries, &count);
    if (err == NULL && !header.is_old) {
        /* What is accepted is the one form there is of it. */
        struct buf again = {0};
        err = index_format_encode(&header, entries, count, &again);
        if (err != NULL ||
            !slice_equal(buf_slice(&again), slice_of(data, size)))
            abort();
        buf_release(&again);
    }
    mem_free(entries);
    dits_error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = size >= OID_SIZE ? mem_new_array(uint8_t, size) : NULL;
    check(data, size);
    if (copy != NULL) {
        struct dits_oid checksum;
        memcpy(copy, data, size);
        hash_bytes(copy, size - OID_SIZE, &checksum);
        memcpy(copy + size - OID_SIZE, checksum.hash, OID_SIZE);
        check(copy, size);
    }
    mem_free(copy);
    return 0;
}
