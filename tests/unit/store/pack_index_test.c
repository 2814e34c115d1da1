#include "store/pack_index.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "support/mem_fault.h"
#include "support/test.h"

enum { ROWS = 700, SPAN = 100 };

/* The id of row `i`, before they are sorted. */
static void make_id(uint32_t i, struct dits_oid *out)
{
    hash_bytes(&i, sizeof(i), out);
}

static dits_error *make_index(uint32_t count, struct buf *out)
{
    struct frame *frames = mem_new_array(struct frame, count);
    struct dits_oid name = {0};
    if (frames == NULL)
        return error_nomem();
    for (uint32_t i = 0; i < count; i++) {
        frames[i] = (struct frame){.offset = PACK_HEADER_SIZE + i * SPAN,
                                   .plain_size = SPAN - FRAME_HEADER_SIZE,
                                   .stored_size = SPAN - FRAME_HEADER_SIZE};
        make_id(i, &frames[i].id);
    }
    dits_error *err = pack_index_build(
        frames, count, PACK_HEADER_SIZE + (uint64_t)count * SPAN, &name, out);
    mem_free(frames);
    return err;
}

/* Every row is found where it is, and nothing else is. */
static dits_error *check_rows(const struct pack_index *index, uint32_t count)
{
    for (uint32_t i = 0; i < 2 * count; i++) {
        struct dits_oid id = {0};
        struct frame frame = {0};
        bool found = false;
        make_id(i, &id);
        TRY(pack_index_find(index, &id, &found, &frame));
        if (found != (i < count) ||
            (found && frame.offset != PACK_HEADER_SIZE + i * SPAN))
            return error_new(DITS_E_INTERNAL, "row %u", (unsigned)i);
    }
    return NULL;
}

TEST(every_row_is_found_in_indexes_of_any_size)
{
    static const uint32_t counts[] = {1, 2, 7, 8, 84, 85, 86, 170, 171, ROWS};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(pack_index_release) struct pack_index index = {0};
        CHECK_OK(make_index(counts[i], &bytes));
        CHECK_OK(pack_index_verify(bytes.data, bytes.size));
        CHECK_OK(pack_index_parse(bytes.data, bytes.size, &index));
        CHECK(index.count == counts[i]);
        CHECK_OK(check_rows(&index, counts[i]));
    }
}

TEST(either_copy_of_the_start_is_enough)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make_index(ROWS, &bytes));
    size_t head = bytes.size - ROWS * PACK_INDEX_ENTRY_SIZE -
                  (ROWS + 84) / 85 * PACK_INDEX_CHECKSUM_SIZE;
    head /= 2;
    for (size_t i = 0; i < head; i++) {
        for (size_t copy = 0; copy < 2; copy++) {
            CLEANUP(pack_index_release) struct pack_index index = {0};
            uint8_t *byte = bytes.data + (copy == 0 ? i : bytes.size - 1 - i);
            *byte ^= 4;
            CHECK_OK(pack_index_parse(bytes.data, bytes.size, &index));
            CHECK(index.count == ROWS);
            CHECK_FAILS(DITS_E_CORRUPT,
                        pack_index_verify(bytes.data, bytes.size));
            *byte ^= 4;
        }
    }
}

TEST(every_damaged_byte_and_every_truncation_is_found)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make_index(100, &bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 0x80;
        CHECK_FAILS(DITS_E_CORRUPT, pack_index_verify(bytes.data, bytes.size));
        bytes.data[i] ^= 0x80;
        CHECK_FAILS(DITS_E_CORRUPT, pack_index_verify(bytes.data, i));
    }
}

TEST(failed_allocations_of_an_index_leave_nothing_behind)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(pack_index_release) struct pack_index index = {0};
    CHECK_OK(make_index(ROWS, &bytes));
    size_t live = mem_fault_live();
    mem_fault_arm(1);
    CHECK_FAILS(DITS_E_NOMEM, pack_index_parse(bytes.data, bytes.size, &index));
    CHECK(mem_fault_disarm() && mem_fault_live() == live);
}
