#include "repo/gc_marks.h"

#include "base/hash.h"
#include "base/mem.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"

static struct dits_oid nth_id(uint64_t n)
{
    struct dits_oid id = {0};
    for (size_t i = 0; i < 8; i++)
        id.hash[i] = (uint8_t)(n * UINT64_C(0x9e3779b97f4a7c15) >> (8 * i));
    id.hash[15] = (uint8_t)n;
    return id;
}

TEST(a_set_has_what_was_added_and_nothing_else)
{
    CLEANUP(id_set_release) struct id_set set = {0};
    CHECK(!id_set_has(&set, &(struct dits_oid){0}));
    for (uint64_t i = 0; i < 100000; i++) {
        struct dits_oid id = nth_id(i);
        bool is_new = false;
        CHECK_OK(id_set_add(&set, &id, &is_new));
        CHECK(is_new);
        CHECK_OK(id_set_add(&set, &id, &is_new));
        CHECK(!is_new);
    }
    CHECK(set.count == 100000);
    for (uint64_t i = 0; i < 200000; i++) {
        struct dits_oid id = nth_id(i);
        CHECK(id_set_has(&set, &id) == (i < 100000));
    }
}

/* Marks of `count` ids and a queue of two commits. */
static dits_error *make(uint64_t count, struct reach *out)
{
    for (uint64_t i = 0; i < count; i++) {
        struct dits_oid id = nth_id(i + 1);
        TRY(id_set_add(&out->seen, &id, NULL));
    }
    out->queue = mem_new_array(struct reach_item, 2);
    if (out->queue == NULL)
        return error_nomem();
    out->queue[0] = (struct reach_item){CHUNK_COMMIT, nth_id(1)};
    out->queue[1] = (struct reach_item){CHUNK_TREE, nth_id(2)};
    out->started = 1700000000;
    out->count = 2;
    out->capacity = 2;
    return NULL;
}

TEST(marks_come_back)
{
    CLEANUP(reach_release) struct reach reach = {0};
    CLEANUP(reach_release) struct reach back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(5000, &reach));
    CHECK_OK(gc_marks_encode(&reach, &bytes));
    CHECK_OK(gc_marks_decode(buf_slice(&bytes), &back));
    CHECK(back.seen.count == 5000 && back.count == 2);
    CHECK(back.queue[1].kind == CHUNK_TREE && back.started == reach.started);
    CHECK(dits_oid_equal(&back.queue[1].id, &reach.queue[1].id));
    for (uint64_t i = 1; i <= 5000; i++) {
        struct dits_oid id = nth_id(i);
        CHECK(id_set_has(&back.seen, &id));
    }
}

TEST(damaged_marks_are_refused)
{
    CLEANUP(reach_release) struct reach reach = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(3, &reach));
    CHECK_OK(gc_marks_encode(&reach, &bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        CLEANUP(reach_release) struct reach back = {0};
        CHECK_FAILS(DITS_E_CORRUPT,
                    gc_marks_decode(slice_of(bytes.data, i), &back));
        bytes.data[i] ^= 4;
        CHECK_FAILS(DITS_E_CORRUPT, gc_marks_decode(buf_slice(&bytes), &back));
        bytes.data[i] ^= 4;
        CHECK(back.count == 0 && back.seen.count == 0);
    }
}

/* The same bytes with one changed and the checksum made to fit. */
static dits_error *decode_changed(const struct buf *bytes, size_t at,
                                  uint8_t value, struct reach *out)
{
    CLEANUP(buf_release) struct buf changed = {0};
    TRY(buf_put(&changed, bytes->data, bytes->size - 8));
    changed.data[at] = value;
    TRY(buf_put_le64(&changed, hash_checksum(changed.data, changed.size)));
    return gc_marks_decode(buf_slice(&changed), out);
}

TEST(an_older_version_and_an_unknown_kind_are_refused)
{
    enum { AT_VERSION = 8, AT_KIND = 32 };
    CLEANUP(reach_release) struct reach reach = {0};
    CLEANUP(reach_release) struct reach back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(3, &reach));
    CHECK_OK(gc_marks_encode(&reach, &bytes));
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                decode_changed(&bytes, AT_VERSION, 1, &back));
    CHECK_FAILS(DITS_E_CORRUPT,
                decode_changed(&bytes, AT_KIND, CHUNK_DATA, &back));
    CHECK_OK(decode_changed(&bytes, AT_KIND, CHUNK_ASSET, &back));
    CHECK(back.queue[0].kind == CHUNK_ASSET);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(reach_release) struct reach reach = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(3, &reach));
    CHECK_OK(gc_marks_encode(&reach, &bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct reach back = {0};
        mem_fault_arm(nth);
        dits_error *err = gc_marks_decode(buf_slice(&bytes), &back);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        reach_release(&back);
        CHECK(mem_fault_live() == live);
    }
}

TEST(the_page_shows_what_is_written)
{
    CLEANUP(reach_release) struct reach reach = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(doc_dump_read("gc-marks", 1, &shown));
    CHECK_OK(gc_marks_decode(buf_slice(&shown), &reach));
    CHECK(reach.count == 1 && reach.seen.count == 2);
    CHECK_OK(gc_marks_encode(&reach, &bytes));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&bytes)));
}
