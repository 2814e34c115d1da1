#include "repo/shallow_format.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"

enum { COUNT = 40, AT_VERSION = 8, AT_COUNT = 16, AT_IDS = 24 };

/* Out of order, as commits are met. */
static dits_error *make(struct oid_map *out)
{
    for (unsigned n = 0; n < COUNT; n++) {
        struct dits_oid id = {0};
        id.hash[0] = (uint8_t)(n * 7 % COUNT);
        id.hash[20] = (uint8_t)n;
        TRY(oid_map_add(out, &id, NULL, NULL));
    }
    return NULL;
}

static dits_error *seal(struct buf *bytes)
{
    bytes->size -= 8;
    return buf_put_le64(bytes, hash_checksum(bytes->data, bytes->size));
}

TEST(a_boundary_comes_back_in_order)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    CLEANUP(oid_map_release) struct oid_map back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(&commits));
    CHECK_OK(shallow_encode(&commits, &bytes));
    CHECK_OK(shallow_decode(buf_slice(&bytes), &back));
    CHECK(back.count == COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        CHECK(oid_map_find(&back, &commits.ids[i], NULL));
        CHECK(i == 0 || oid_compare(&back.ids[i - 1], &back.ids[i]) < 0);
    }
}

TEST(every_cut_and_every_changed_byte_is_noticed)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct oid_map back = {0};
    CHECK_OK(make(&commits));
    CHECK_OK(shallow_encode(&commits, &bytes));
    for (size_t size = 0; size < bytes.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    shallow_decode(slice_of(bytes.data, size), &back));
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 1;
        CHECK_FAILS(DITS_E_CORRUPT, shallow_decode(buf_slice(&bytes), &back));
        bytes.data[i] ^= 1;
    }
}

TEST(another_version_order_or_count_is_refused)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct oid_map back = {0};
    CHECK_OK(make(&commits));
    CHECK_OK(shallow_encode(&commits, &bytes));
    bytes.data[AT_VERSION] = 2;
    CHECK_OK(seal(&bytes));
    CHECK_FAILS(DITS_E_UNSUPPORTED, shallow_decode(buf_slice(&bytes), &back));
    bytes.data[AT_VERSION] = 1;
    bytes.data[AT_COUNT]++;
    CHECK_OK(seal(&bytes));
    CHECK_FAILS(DITS_E_CORRUPT, shallow_decode(buf_slice(&bytes), &back));
    bytes.data[AT_COUNT]--;
    bytes.data[AT_IDS] = 0xff;
    CHECK_OK(seal(&bytes));
    CHECK_FAILS(DITS_E_CORRUPT, shallow_decode(buf_slice(&bytes), &back));
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(&commits));
    CHECK_OK(shallow_encode(&commits, &bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct oid_map back = {0};
        struct buf again = {0};
        mem_fault_arm(nth);
        dits_error *err = shallow_decode(buf_slice(&bytes), &back);
        if (err == NULL)
            err = shallow_encode(&back, &again);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        oid_map_release(&back);
        buf_release(&again);
        CHECK(mem_fault_live() == live);
    }
}

TEST(the_page_shows_what_is_written)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(doc_dump_read("shallow", 1, &shown));
    CHECK_OK(shallow_decode(buf_slice(&shown), &commits));
    CHECK(commits.count == 2);
    CHECK_OK(shallow_encode(&commits, &bytes));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&shown)));
}
