/*
 * Pack indexes: any bytes are refused or give rows within the pack. An input
 * whose first byte is odd gets true checksums first, so that what lies behind
 * them is reached.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "store/pack_index.h"

enum { AT_BITS = 10, AT_COUNT = 12, AT_CHECKSUM = 56 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Put the checksum of bytes[at, at + size) behind them, if there is room. */
static void seal(uint8_t *bytes, size_t total, size_t at, size_t size)
{
    if (at <= total && size + PACK_INDEX_CHECKSUM_SIZE <= total - at)
        le64_store(bytes + at + size, hash_checksum(bytes + at, size));
}

static void seal_all(uint8_t *bytes, size_t total)
{
    if (total < PACK_INDEX_HEADER_SIZE)
        return;
    seal(bytes, total, 0, AT_CHECKSUM);
    size_t fanout = (size_t)4 << (bytes[AT_BITS] % 17);
    seal(bytes, total, PACK_INDEX_HEADER_SIZE, fanout);
    size_t at = PACK_INDEX_HEADER_SIZE + fanout + PACK_INDEX_CHECKSUM_SIZE;
    uint32_t left = le32_load(bytes + AT_COUNT);
    while (left > 0 && at < total) {
        uint32_t here =
            left < PACK_INDEX_PAGE_ENTRIES ? left : PACK_INDEX_PAGE_ENTRIES;
        seal(bytes, total, at, (size_t)here * PACK_INDEX_ENTRY_SIZE);
        at += (size_t)here * PACK_INDEX_ENTRY_SIZE + PACK_INDEX_CHECKSUM_SIZE;
        left -= here;
    }
}

static void use(const struct pack_index *index)
{
    for (uint32_t i = 0; i < index->count && i < 300; i++) {
        struct frame frame = {0};
        struct frame found = {0};
        uint32_t bound = 0;
        bool is_found = false;
        dits_error *err = pack_index_at(index, i, &frame);
        if (err == NULL) {
            assert(frame.offset + frame_span(&frame) <= index->frames_end);
            err = pack_index_find(index, &frame.id, &is_found, &found);
        }
        dits_error_free(err);
        err = pack_index_lower_bound(index, &frame.id, &bound);
        assert(err != NULL || bound <= index->count);
        dits_error_free(err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(pack_index_release) struct pack_index index = {0};
    if (size == 0)
        return 0;
    uint8_t *bytes = malloc(size);
    assert(bytes != NULL);
    memcpy(bytes, data + 1, size - 1);
    if (data[0] % 2 == 1)
        seal_all(bytes, size - 1);
    dits_error *err = pack_index_parse(bytes, size - 1, &index);
    if (err == NULL)
        use(&index);
    dits_error_free(err);
    dits_error_free(pack_index_verify(bytes, size - 1));
    free(bytes);
    return 0;
}
