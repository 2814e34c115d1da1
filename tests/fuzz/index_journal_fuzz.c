/*
 * A journal of any bytes, applied to an empty index: as they are, and with the
 * checksums put right, so that what lies behind them is reached.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/path.h"
#include "repo/index_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const uint8_t *data, size_t size)
{
    struct index *index = NULL;
    uint64_t generation = 0;
    dits_error *err = index_new(NULL, &index);
    if (err == NULL && size >= 24) {
        index->generation = le64_load(data + 16);
        err = index_apply_journal(index, slice_of(data, size), &generation);
    }
    for (size_t i = 1; index != NULL && i < index_count(index); i++)
        if (path_compare(index_at(index, i - 1)->path,
                         index_at(index, i)->path) >= 0)
            abort();
    index_free(index);
    dits_error_free(err);
}

/* Each record under the checksum of the one before it. */
static void put_right(uint8_t *data, size_t size)
{
    uint64_t checksum = hash_checksum(data, 24);
    le64_store(data + 24, checksum);
    for (size_t at = 32; size - at >= 64;) {
        size_t length = 56 + (size_t)le32_load(data + at + 8);
        if (size - at < length + 8)
            return;
        le64_store(data + at, checksum);
        checksum = hash_checksum(data + at, length);
        le64_store(data + at + length, checksum);
        at += length + 8;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = size >= 32 ? mem_new_array(uint8_t, size) : NULL;
    check(data, size);
    if (copy != NULL) {
        memcpy(copy, data, size);
        put_right(copy, size);
        check(copy, size);
    }
    mem_free(copy);
    return 0;
}
