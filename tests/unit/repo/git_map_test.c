#include "repo/git_map.h"

#include <string.h>

#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

static struct git_pair nth_pair(unsigned n)
{
    struct git_pair pair = {0};
    memset(pair.git.hash, (int)n, 20);
    memset(pair.ours.hash, (int)(n + 100), OID_SIZE);
    return pair;
}

static dits_error *make(unsigned count, struct git_map *out)
{
    for (unsigned n = 1; n <= count; n++) {
        struct git_pair pair = nth_pair(n);
        TRY(git_map_add(out, &pair));
    }
    return NULL;
}

TEST(a_map_comes_back_as_it_was)
{
    CLEANUP(git_map_release) struct git_map map = {0};
    CLEANUP(git_map_release) struct git_map back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(5, &map));
    CHECK_OK(git_map_encode(&map, &bytes));
    CHECK_OK(git_map_decode(buf_slice(&bytes), &back));
    CHECK(back.count == 5);
    CHECK(memcmp(back.pairs, map.pairs, 5 * sizeof(*map.pairs)) == 0);
}

TEST(every_damage_is_found)
{
    CLEANUP(git_map_release) struct git_map map = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct git_map back = {0};
    CHECK_OK(make(2, &map));
    CHECK_OK(git_map_encode(&map, &bytes));
    for (size_t size = 0; size < bytes.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    git_map_decode(slice_of(bytes.data, size), &back));
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 1;
        CHECK_FAILS(DITS_E_CORRUPT, git_map_decode(buf_slice(&bytes), &back));
        bytes.data[i] ^= 1;
    }
}

TEST(one_that_cannot_be_read_is_taken_for_none)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(git_map_release) struct git_map map = {0};
    CLEANUP(git_map_release) struct git_map back = {0};
    CLEANUP(buf_release) struct buf path = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(git_map_load(temp.repo, &back));
    CHECK(back.count == 0);
    CHECK_OK(make(3, &map));
    git_map_save(temp.repo, &map);
    CHECK_OK(git_map_load(temp.repo, &back));
    CHECK(back.count == 3);
    git_map_release(&back);
    CHECK_OK(buf_printf(&path, "%s/git-map", temp.repo->dits_dir));
    CHECK_OK(fs_replace(buf_text(&path), "nothing", 7));
    CHECK_OK(git_map_load(temp.repo, &back));
    CHECK(back.count == 0 && temp.warnings == 0 && temp.infos > 0);
}

TEST(one_that_cannot_be_saved_is_a_warning)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(git_map_release) struct git_map map = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(make(1, &map));
    mem_fault_arm(1);
    git_map_save(temp.repo, &map);
    CHECK(mem_fault_disarm() && temp.warnings == 1);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(git_map_release) struct git_map map = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(3, &map));
    CHECK_OK(git_map_encode(&map, &bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct git_map back = {0};
        mem_fault_arm(nth);
        dits_error *err = git_map_decode(buf_slice(&bytes), &back);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        git_map_release(&back);
        CHECK(mem_fault_live() == live);
    }
}

TEST(the_page_shows_what_is_written)
{
    CLEANUP(git_map_release) struct git_map map = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(doc_dump_read("git-map", 1, &shown));
    CHECK_OK(git_map_decode(buf_slice(&shown), &map));
    CHECK(map.count == 1);
    CHECK_OK(git_map_encode(&map, &bytes));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&shown)));
}
