#include "repo/tier_move.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "repo/pack_copies.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/tier_repo.h"

static dits_error *run(struct tier_repo *t, struct dits_tier_result *out)
{
    return dits_tier_run(t->temp.repo, NULL, out);
}

TEST(the_old_copy_stays_as_long_as_a_lease)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct dits_tier_result result = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK(tier_repo_has_far(&t) && tier_repo_has_near(&t));
    t.temp.now += 99;
    CHECK_OK(run(&t, &result));
    CHECK(tier_repo_has_near(&t) && result.deleted_packs == 0);
    t.temp.now -= 1000; /* a clock that goes back makes nothing old */
    CHECK_OK(run(&t, &result));
    CHECK(tier_repo_has_near(&t));
    t.temp.now += 1001;
    CHECK_OK(run(&t, &result));
    CHECK(!tier_repo_has_near(&t) && result.deleted_packs == 1);
    CHECK_OK(tier_repo_read(&t));
}

TEST(an_old_copy_stays_while_the_new_one_cannot_be_seen)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct dits_tier_result result = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_move(&t, "cold"));
    CHECK_OK(tier_repo_unmount(&t));
    t.temp.now += 1000;
    CHECK_OK(run(&t, &result));
    CHECK(tier_repo_has_near(&t));
    CHECK_OK(tier_repo_mount(&t));
    CHECK_OK(run(&t, &result));
    CHECK(!tier_repo_has_near(&t));
}

TEST(an_old_copy_stays_while_the_new_one_is_damaged)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    struct dits_tier_result result = {0};
    char path[256] = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_move(&t, "cold"));
    (void)snprintf(path, sizeof(path), "%s/%s.pack", t.path, t.pack);
    CHECK_OK(fs_open(path, FS_WRITE, &file));
    CHECK_OK(fs_write_at(&file, 1500, "damage", 6));
    CHECK_FAILS(DITS_E_CORRUPT, tier_repo_read(&t));
    t.temp.now += 1000;
    CHECK_OK(run(&t, &result));
    CHECK(tier_repo_has_near(&t));
}

/* As a killed mover leaves it: a row, and a part or all of a copy. */
static dits_error *leave_behind(struct tier_repo *t, const char *tier,
                                const char *path)
{
    struct copy_row row = {.tier = tier, .size = 5, .since = t->temp.now};
    int64_t incarnation = 0;
    memcpy(row.pack, t->pack, sizeof(row.pack));
    TRY(pack_copies_begin(t->temp.repo->db, &row, &incarnation));
    return fs_replace(path, "bytes", 5);
}

static dits_error *count(const struct copy_row *row, void *payload)
{
    *(unsigned *)payload += row->state == COPY_COMING;
    return NULL;
}

TEST(what_a_killed_mover_left_is_cleared_away)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct dits_tier_result result = {0};
    char paths[2][256] = {{0}};
    unsigned rows = 0;
    CHECK_OK(tier_repo_make(&t));
    (void)snprintf(paths[0], sizeof(paths[0]), "%s/tmp/%s.pack", t.path,
                   t.pack);
    (void)snprintf(paths[1], sizeof(paths[1]), "%s/%s.pack", t.path, t.pack);
    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(leave_behind(&t, "cold", paths[i]));
        CHECK_OK(store_relocate(t.temp.repo->store));
        CHECK_OK(tier_repo_read(&t));
        CHECK_OK(run(&t, &result));
        CHECK(!fs_exists(paths[i]) && tier_repo_has_near(&t));
        CHECK_OK(pack_copies_each(t.temp.repo->db, count, &rows));
        CHECK(rows == 0);
    }
    CHECK_OK(tier_repo_read(&t));
}

TEST(what_was_on_its_way_back_is_not_read)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct dits_tier_result result = {0};
    char path[256] = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_set(&t, "tier.lease", "0"));
    CHECK_OK(tier_repo_move(&t, "cold"));
    (void)snprintf(path, sizeof(path), "%s/.dits/packs/%s.pack", t.temp.folder,
                   t.pack);
    CHECK_OK(leave_behind(&t, "", path));
    CHECK_OK(store_relocate(t.temp.repo->store));
    CHECK_OK(tier_repo_read(&t));
    CHECK(t.temp.warnings == 0);
    CHECK_OK(run(&t, &result));
    CHECK(!tier_repo_has_near(&t) && tier_repo_has_far(&t));
    CHECK_OK(tier_repo_read(&t));
}

TEST(nothing_is_written_to_an_empty_mount_point)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    struct dits_tier_result result = {0};
    CHECK_OK(tier_repo_make(&t));
    CHECK_OK(tier_repo_unmount(&t));
    CHECK_OK(fs_make_dir(t.path));
    CHECK_FAILS(DITS_E_OFFLINE, tier_repo_move(&t, "cold"));
    CHECK_OK(run(&t, &result));
    CHECK(!tier_repo_has_far(&t) && tier_repo_has_near(&t));
}

/* Until it succeeds, it fails for want of memory, and the data is there. */
TEST(a_move_that_runs_out_of_memory_loses_nothing)
{
    CLEANUP(tier_repo_release) struct tier_repo t = {0};
    CHECK_OK(tier_repo_make(&t));
    for (unsigned nth = 1; nth < 20000; nth += 1 + nth / 50) {
        mem_fault_arm(nth);
        dits_error *err = tier_repo_move(&t, "cold");
        bool reached = mem_fault_disarm();
        if (err != NULL)
            CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK_OK(store_relocate(t.temp.repo->store));
        CHECK_OK(tier_repo_read(&t));
        if (!reached)
            return;
        CHECK_OK(tier_repo_move(&t, "hot"));
    }
    CHECK(false);
}
