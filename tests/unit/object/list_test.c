#include <string.h>

#include "base/mem.h"
#include "object/list_builder.h"
#include "object/list_cursor.h"
#include "object/object.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"

/* The `index`th chunk of version `seed` of a list; nothing is stored. */
static struct chunk_ref chunk_of(uint64_t seed, uint64_t index)
{
    struct chunk_ref chunk = {0};
    fill_random(chunk.id.hash, OID_SIZE, seed * 1000003 + index);
    chunk.size = 1000 + (uint32_t)(index % 7);
    return chunk;
}

/* A list of `count` chunks, of which that at `changed` is another one. */
static dits_error *build(struct temp_store *temp, uint64_t count,
                         uint64_t changed, struct list_node *out)
{
    CLEANUP(list_builder_release)
    struct list_builder builder = {.writer = temp->writer};
    for (uint64_t i = 0; i < count; i++) {
        struct chunk_ref chunk = chunk_of(i == changed ? 2 : 1, i);
        TRY(list_builder_add(&builder, &chunk));
    }
    return list_builder_finish(&builder, out);
}

TEST(a_long_list_gives_back_its_chunks_in_order_and_at_random)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(list_node_release) struct list_node top = {0};
    CLEANUP(list_cursor_release) struct list_cursor cursor = {0};
    enum { COUNT = 400000 };
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, COUNT, COUNT, &top));
    CHECK_OK(temp_store_publish(&temp));
    CHECK(top.level == 2 && top.chunks == COUNT);

    cursor = list_cursor_over(temp.store, &top);
    uint64_t offset = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        struct list_span span = {0};
        struct chunk_ref chunk = chunk_of(1, i);
        bool found = false;
        CHECK_OK(list_cursor_get(&cursor, &span, &found));
        CHECK(found && span.offset == offset && span.size == chunk.size);
        CHECK(dits_oid_equal(&span.id, &chunk.id));
        list_cursor_skip(&cursor, 1);
        offset += span.size;
    }
    CHECK(offset == top.bytes);
    for (uint64_t i = 1; i < 200; i++) {
        struct list_span span = {0};
        bool found = false;
        uint64_t wanted = top.bytes / 200 * (i * 77 % 200);
        CHECK_OK(list_cursor_seek(&cursor, wanted));
        CHECK_OK(list_cursor_get(&cursor, &span, &found));
        CHECK(found && span.offset <= wanted &&
              wanted - span.offset < span.size);
    }
    struct list_span span = {0};
    bool found = true;
    CHECK_OK(list_cursor_seek(&cursor, top.bytes));
    CHECK_OK(list_cursor_get(&cursor, &span, &found));
    CHECK(!found);
}

TEST(two_versions_share_all_but_the_changed_segments)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(list_node_release) struct list_node first = {0};
    CLEANUP(list_node_release) struct list_node second = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, 100000, 100000, &first));
    uint64_t before = store_writer_totals(temp.writer).chunks;
    CHECK(before > 300);
    CHECK_OK(build(&temp, 100000, 50000, &second));
    CHECK(store_writer_totals(temp.writer).chunks <= before + 4);
}

TEST(a_sparse_file_is_one_entry)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(list_builder_release) struct list_builder builder = {0};
    CLEANUP(list_node_release) struct list_node top = {0};
    struct chunk_ref zeros = {.size = 1 << 20};
    CHECK_OK(temp_store_open(&temp));
    builder.writer = temp.writer;
    for (uint64_t i = 0; i < (1 << 20); i++)
        CHECK_OK(list_builder_add(&builder, &zeros));
    CHECK_OK(list_builder_finish(&builder, &top));
    CHECK(top.count == 1 && top.level == 0);
    CHECK(top.bytes == UINT64_C(1) << 40 && top.chunks == 1 << 20);
}

TEST(a_list_beyond_a_pebibyte_is_refused)
{
    CLEANUP(list_builder_release) struct list_builder builder = {0};
    struct chunk_ref chunk = {.size = CHUNK_MAX_BYTES};
    builder.bytes = LIST_MAX_BYTES - CHUNK_MAX_BYTES;
    CHECK_OK(list_builder_add(&builder, &chunk));
    CHECK_FAILS(DITS_E_LIMIT, list_builder_add(&builder, &chunk));
}

/* A segment of one entry with these numbers, as bytes. */
static dits_error *parse_entry(uint8_t level, uint64_t size, uint64_t count)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(list_node_release) struct list_node node = {0};
    struct dits_oid id = {0};
    TRY(buf_put_u8(&bytes, level));
    TRY(buf_put_varint(&bytes, 1));
    TRY(buf_put_varint(&bytes, size));
    TRY(buf_put_varint(&bytes, count));
    TRY(buf_put(&bytes, id.hash, OID_SIZE));
    struct cursor in = cursor_over(bytes.data, bytes.size);
    return list_node_parse(&in, &node);
}

TEST(false_numbers_in_a_segment_are_refused)
{
    CHECK_OK(parse_entry(0, 1, 1));
    CHECK_OK(parse_entry(7, LIST_MAX_BYTES, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(8, 1, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(0, 0, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(0, 1, 0));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(0, CHUNK_MAX_BYTES + 1, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(0, 1, LIST_MAX_BYTES + 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(0, 1 << 20, UINT64_MAX >> 19));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(1, LIST_MAX_BYTES + 1, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(1, UINT64_MAX, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_entry(1, 10, 11));
}

TEST(every_truncation_of_a_segment_is_refused)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct list_entry entries[3] = {{.size = 1, .count = 1},
                                    {.size = 2, .count = 9},
                                    {.size = 3, .count = 1}};
    struct list_node node = {.count = 3, .entries = entries};
    CLEANUP(list_node_release) struct list_node back = {0};
    CHECK_OK(list_segment_encode(&node, &bytes));
    for (size_t size = 0; size < bytes.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    list_segment_parse(slice_of(bytes.data, size), &back));
    CHECK_OK(list_segment_parse(buf_slice(&bytes), &back));
    CHECK(back.bytes == 22 && back.chunks == 11);

    /* The payload alone: a false count costs no memory. */
    struct cursor in = cursor_over("\0\xff\x07", 3);
    CLEANUP(list_node_release) struct list_node none = {0};
    CHECK_FAILS(DITS_E_CORRUPT, list_node_parse(&in, &none));
}

TEST(a_segment_that_is_not_as_listed_is_refused)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(list_node_release) struct list_node top = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, 3000, 3000, &top));
    CHECK_OK(temp_store_publish(&temp));
    CHECK(top.level == 1);

    struct list_entry entry = top.entries[0];
    CLEANUP(list_node_release) struct list_node node = {0};
    CHECK_FAILS(DITS_E_CORRUPT,
                list_segment_load(temp.store, 1, &entry, &node));
    entry.size++;
    CHECK_FAILS(DITS_E_CORRUPT,
                list_segment_load(temp.store, 0, &entry, &node));
    entry.size--;
    entry.count++;
    CHECK_FAILS(DITS_E_CORRUPT,
                list_segment_load(temp.store, 0, &entry, &node));
    entry.count--;
    CHECK_OK(list_segment_load(temp.store, 0, &entry, &node));
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct list_entry entries[2] = {{.size = 1, .count = 1},
                                    {.size = 2, .count = 9}};
    struct list_node node = {.count = 2, .entries = entries};
    CHECK_OK(list_segment_encode(&node, &bytes));
    size_t live = mem_fault_live();
    for (unsigned nth = 1;; nth++) {
        CLEANUP(list_node_release) struct list_node back = {0};
        mem_fault_arm(nth);
        dits_error *err = list_segment_parse(buf_slice(&bytes), &back);
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
}
