#include "repo/untracked_cache.h"

#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const char names[] = "\0notes.txt\0\1cache";

static struct untracked_folder folders[] = {
    {.path = "",
     .stat = {.device = 64768,
              .inode = 2,
              .size = 4096,
              .mtime_ns = INT64_C(1700000000000000001),
              .ctime_ns = INT64_C(1700000000000000002)},
     .tracked = {1, 2, 3},
     .names = {(const uint8_t *)names, sizeof(names)}},
    {.path = "shots",
     .stat = {.device = 64768,
              .inode = 12,
              .size = 4096,
              .mtime_ns = INT64_C(1700000000000000003),
              .ctime_ns = INT64_C(1700000000000000004)}},
};

static struct untracked_cache example(void)
{
    return (struct untracked_cache){
        .written_ns = INT64_C(1700000001000000000),
        .device = 64768,
        .verdict = UNTRACKED_TOLD,
        .folders = folders,
        .count = 2,
    };
}

TEST(folders_come_back)
{
    CLEANUP(untracked_cache_release) struct untracked_cache back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct untracked_cache cache = example();
    size_t at = 9;
    CHECK_OK(untracked_cache_encode(&cache, &bytes));
    CHECK_OK(untracked_cache_parse(&bytes, &back));
    CHECK(bytes.size == 0 && back.count == 2);
    CHECK(back.written_ns == cache.written_ns && back.device == cache.device);
    CHECK(back.verdict == UNTRACKED_TOLD);
    const struct untracked_folder *top = untracked_cache_find(&back, "", &at);
    CHECK(top != NULL && at == 0 && top->stat.inode == 2);
    CHECK(memcmp(top->tracked, folders[0].tracked, UNTRACKED_HASH_SIZE) == 0);
    CHECK(slice_equal(top->names, folders[0].names));
    const struct untracked_folder *shots =
        untracked_cache_find(&back, "shots", &at);
    CHECK(shots != NULL && at == 1 && shots->names.size == 0);
    CHECK(shots->stat.mtime_ns == folders[1].stat.mtime_ns);
    CHECK(shots->stat.ctime_ns == folders[1].stat.ctime_ns);
    CHECK(untracked_cache_find(&back, "shot", &at) == NULL);
    CHECK(untracked_cache_find(&back, "shots/a", &at) == NULL);
}

static dits_error *parse_copy(struct slice bytes, struct untracked_cache *out)
{
    CLEANUP(buf_release) struct buf copy = {0};
    TRY(buf_put(&copy, bytes.data, bytes.size));
    return untracked_cache_parse(&copy, out);
}

TEST(damage_and_cuts_are_refused)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct untracked_cache cache = example();
    CHECK_OK(untracked_cache_encode(&cache, &bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        struct untracked_cache back = {0};
        CHECK_FAILS(DITS_E_CORRUPT, parse_copy(slice_of(bytes.data, i), &back));
        bytes.data[i] ^= 1;
        CHECK_FAILS(DITS_E_CORRUPT, parse_copy(buf_slice(&bytes), &back));
        bytes.data[i] ^= 1;
    }
}

/* One byte changed, with a checksum that fits. */
static dits_error *parse_with(size_t at, uint8_t value)
{
    CLEANUP(untracked_cache_release) struct untracked_cache back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct untracked_cache cache = example();
    TRY(untracked_cache_encode(&cache, &bytes));
    bytes.data[at] = value;
    size_t size = bytes.size - 8;
    le64_store(bytes.data + size, hash_checksum(bytes.data, size));
    return untracked_cache_parse(&bytes, &back);
}

TEST(what_breaks_the_format_is_refused)
{
    enum {
        AT_VERSION = 8,
        AT_VERDICT = 32,
        AT_COUNT = 36,
        AT_SIZE = 96,
        AT_PATH = 100,
        AT_NAMES = 101,
        AT_NEXT_PATH = 179,
    };
    CHECK_FAILS(DITS_E_UNSUPPORTED, parse_with(AT_VERSION, 2));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_VERDICT, 3));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_COUNT, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_COUNT, 3));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_COUNT + 3, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_SIZE, sizeof(names) - 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_SIZE + 3, 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_PATH, 'z'));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_NEXT_PATH, '\0'));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_NAMES, FS_OTHER + 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_NAMES + 1, '/'));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(AT_NAMES + 1, '\0'));
}

static dits_error *check_name(const char *name)
{
    CLEANUP(untracked_cache_release) struct untracked_cache back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf list = {0};
    struct untracked_cache cache = example();
    TRY(buf_printf(&list, "%c%s", FS_FOLDER, name));
    struct untracked_folder folder = {.path = "",
                                      .names = {list.data, list.size + 1}};
    cache.folders = &folder;
    cache.count = 1;
    TRY(untracked_cache_encode(&cache, &bytes));
    return untracked_cache_parse(&bytes, &back);
}

TEST(no_name_leads_out_of_its_folder)
{
    CHECK_OK(check_name("..."));
    CHECK_FAILS(DITS_E_CORRUPT, check_name("."));
    CHECK_FAILS(DITS_E_CORRUPT, check_name(".."));
    CHECK_FAILS(DITS_E_CORRUPT, check_name("a/b"));
    CHECK_FAILS(DITS_E_CORRUPT, check_name(""));
}

TEST(the_page_shows_what_is_written)
{
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct untracked_cache cache = example();
    CHECK_OK(untracked_cache_encode(&cache, &bytes));
    CHECK_OK(doc_dump_read("untracked", 1, &shown));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&bytes)));
}

TEST(it_is_read_from_where_it_was_written)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(untracked_cache_release) struct untracked_cache back = {0};
    const struct untracked_cache cache = example();
    bool found = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(untracked_cache_read(temp.repo, &back, &found));
    CHECK(!found);
    CHECK_OK(untracked_cache_write(temp.repo, &cache));
    CHECK_OK(untracked_cache_write(temp.repo, &cache));
    CHECK_OK(untracked_cache_read(temp.repo, &back, &found));
    CHECK(found && back.count == 2);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct untracked_cache cache = example();
    CHECK_OK(untracked_cache_encode(&cache, &bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct untracked_cache back = {0};
        mem_fault_arm(nth);
        dits_error *err = parse_copy(buf_slice(&bytes), &back);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        untracked_cache_release(&back);
        CHECK(mem_fault_live() == live);
    }
}
