#include "repo/status_cache.h"

#include <string.h>

#include "base/hash.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

static struct status_cache_item items[] = {
    {"clip.mov", SCAN_DOUBTFUL, false},
    {"new", SCAN_UNTRACKED, true},
};

static struct status_cache example(void)
{
    return (struct status_cache){
        .token = {.watcher = "0123456789abcde", .number = 9},
        .index = {.inode = 12,
                  .size = 340,
                  .mtime_ns = INT64_C(1700000000000000001),
                  .ctime_ns = INT64_C(1700000000000000002),
                  .generation = 3,
                  .journal_size = 183,
                  .journal_checksum = 0x1122334455667788},
        .rules = {.hash = {1, 2, 3}},
        .items = items,
        .count = 2,
    };
}

TEST(findings_come_back)
{
    CLEANUP(status_cache_release) struct status_cache back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct status_cache cache = example();
    CHECK_OK(status_cache_encode(&cache, &bytes));
    CHECK_OK(status_cache_parse(&bytes, &back));
    CHECK(bytes.size == 0 && back.count == 2);
    CHECK(memcmp(&back.token, &cache.token, sizeof(back.token)) == 0);
    CHECK(memcmp(&back.index, &cache.index, sizeof(back.index)) == 0);
    CHECK(dits_oid_equal(&back.rules, &cache.rules));
    CHECK(strcmp(back.items[0].path, "clip.mov") == 0);
    CHECK(back.items[0].state == SCAN_DOUBTFUL && !back.items[0].is_folder);
    CHECK(back.items[1].state == SCAN_UNTRACKED && back.items[1].is_folder);
}

static dits_error *parse_copy(struct slice bytes, struct status_cache *out)
{
    CLEANUP(buf_release) struct buf copy = {0};
    TRY(buf_put(&copy, bytes.data, bytes.size));
    return status_cache_parse(&copy, out);
}

TEST(damage_and_cuts_are_refused)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct status_cache cache = example();
    CHECK_OK(status_cache_encode(&cache, &bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        struct status_cache back = {0};
        CHECK_FAILS(DITS_E_CORRUPT, parse_copy(slice_of(bytes.data, i), &back));
        bytes.data[i] ^= 1;
        CHECK_FAILS(DITS_E_CORRUPT, parse_copy(buf_slice(&bytes), &back));
        bytes.data[i] ^= 1;
    }
}

/* One byte changed, with a checksum that fits. */
static dits_error *parse_with(size_t at, uint8_t value)
{
    CLEANUP(status_cache_release) struct status_cache back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct status_cache cache = example();
    struct dits_oid checksum;
    TRY(status_cache_encode(&cache, &bytes));
    bytes.data[at] = value;
    hash_bytes(bytes.data, bytes.size - OID_SIZE, &checksum);
    memcpy(bytes.data + bytes.size - OID_SIZE, checksum.hash, OID_SIZE);
    return status_cache_parse(&bytes, &back);
}

TEST(what_breaks_the_format_is_refused)
{
    enum { AT_VERSION = 8, AT_COUNT = 12, AT_FIRST = 128 };
    CHECK_FAILS(DITS_E_UNSUPPORTED, parse_with(AT_VERSION, 2));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_COUNT, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_COUNT, 3));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_COUNT + 3, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_FIRST, SCAN_UNREADABLE + 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_FIRST + 1, 2));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_FIRST + 2, 'z'));
}

TEST(the_page_shows_what_is_written)
{
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct status_cache cache = example();
    CHECK_OK(status_cache_encode(&cache, &bytes));
    CHECK_OK(doc_dump_read("status", 1, &shown));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&bytes)));
}

TEST(it_is_read_from_where_it_was_written)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(status_cache_release) struct status_cache back = {0};
    const struct status_cache cache = example();
    bool found = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(status_cache_read(temp.repo, &back, &found));
    CHECK(!found);
    CHECK_OK(status_cache_write(temp.repo, &cache));
    CHECK_OK(status_cache_write(temp.repo, &cache));
    CHECK_OK(status_cache_read(temp.repo, &back, &found));
    CHECK(found && back.count == 2);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct status_cache cache = example();
    CHECK_OK(status_cache_encode(&cache, &bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct status_cache back = {0};
        mem_fault_arm(nth);
        dits_error *err = parse_copy(buf_slice(&bytes), &back);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        status_cache_release(&back);
        CHECK(mem_fault_live() == live);
    }
}
