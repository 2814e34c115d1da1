#include "repo/shallow.h"

#include <dits/commit.h>
#include <dits/refs.h>

#include <string.h>

#include "repo/commit_handle.h"
#include "repo/gc_marks.h"
#include "repo/history.h"
#include "repo/merge_base.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

/* Three commits in a row; the second one is where the history is cut. */
struct line {
    struct temp_repo temp;
    struct dits_oid ids[3];
};

static void line_release(struct line *line)
{
    temp_repo_release(&line->temp);
}

static dits_error *cut_at(struct temp_repo *temp, const struct dits_oid *id)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    if (id != NULL)
        TRY(oid_map_add(&commits, id, NULL, NULL));
    return shallow_save(temp->repo, &commits);
}

static dits_error *make_line(struct line *out)
{
    TRY(temp_repo_make(&out->temp));
    TRY(temp_repo_commit(&out->temp, "a", "one", &out->ids[0]));
    TRY(temp_repo_commit(&out->temp, "a", "two", &out->ids[1]));
    TRY(temp_repo_commit(&out->temp, "a", "three", &out->ids[2]));
    return cut_at(&out->temp, &out->ids[1]);
}

TEST(a_commit_that_is_cut_has_no_parents_to_follow)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(commit_release) struct commit other = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(shallow_load(line.temp.repo, &line.ids[1], &commit));
    CHECK(commit.parent_count == 0 && commit.cut_parents == 1);
    CHECK_OK(shallow_load(line.temp.repo, &line.ids[2], &other));
    CHECK(other.parent_count == 1 && other.cut_parents == 0);
}

TEST(callers_of_the_library_see_that_it_is_cut)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(commit_handle_freep) dits_commit *commit = NULL;
    struct dits_oid id = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(dits_commit_load(line.temp.repo, &line.ids[1], &commit));
    CHECK(dits_commit_is_cut(commit) && dits_commit_parent_count(commit) == 0);
    CHECK_OK(dits_revision_resolve(line.temp.repo, "HEAD~1",
                                   DITS_REVISION_COMMIT, &id));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_revision_resolve(line.temp.repo, "HEAD~2",
                                      DITS_REVISION_COMMIT, &id));
}

TEST(a_walk_sees_what_another_process_wrote)
{
    CLEANUP(line_release) struct line line = {0};
    bool found = true;
    CHECK_OK(make_line(&line));
    CHECK_OK(
        history_contains(line.temp.repo, &line.ids[2], &line.ids[0], &found));
    CHECK(!found);
    CHECK_OK(cut_at(&line.temp, NULL));
    CHECK_OK(
        history_contains(line.temp.repo, &line.ids[2], &line.ids[0], &found));
    CHECK(found);
    CHECK_OK(cut_at(&line.temp, &line.ids[2]));
    CHECK_OK(
        history_contains(line.temp.repo, &line.ids[2], &line.ids[1], &found));
    CHECK(!found);
}

TEST(a_merge_base_beyond_the_cut_is_not_taken_for_none)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(
        merge_bases_find(line.temp.repo, &line.ids[2], &line.ids[0], &bases));
    CHECK(bases.count == 0 && bases.is_cut);
    merge_bases_release(&bases);
    CHECK_OK(cut_at(&line.temp, NULL));
    CHECK_OK(
        merge_bases_find(line.temp.repo, &line.ids[2], &line.ids[0], &bases));
    CHECK(bases.count == 1 && !bases.is_cut);
}

TEST(what_is_pinned_goes_before_the_file)
{
    CLEANUP(line_release) struct line line = {0};
    const struct oid_map nothing = {0};
    bool is_cut = true;
    CHECK_OK(make_line(&line));
    CHECK_OK(shallow_pin(line.temp.repo, &nothing));
    CHECK_OK(shallow_refresh(line.temp.repo));
    CHECK_OK(shallow_has(line.temp.repo, &line.ids[1], &is_cut));
    CHECK(!is_cut);
    CHECK_OK(shallow_pin(line.temp.repo, NULL));
    CHECK_OK(shallow_has(line.temp.repo, &line.ids[1], &is_cut));
    CHECK(is_cut);
}

TEST(damage_is_an_error_and_never_an_empty_boundary)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(buf_release) struct buf path = {0};
    bool is_cut = false;
    CHECK_OK(make_line(&line));
    CHECK_OK(buf_printf(&path, "%s/shallow", line.temp.repo->dits_dir));
    CHECK_OK(fs_replace(buf_text(&path), "nothing", 7));
    CHECK_FAILS(DITS_E_CORRUPT,
                shallow_has(line.temp.repo, &line.ids[1], &is_cut));
}

/* A gc that marked a shallow history, and goes on when it was deepened. */
TEST(what_came_behind_the_cut_is_marked_the_next_time)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct dits_oid tips[1] = {{{0}}};
    CHECK_OK(make_line(&line));
    tips[0] = line.ids[2];
    CLEANUP(reach_release) struct reach reach = {.repo = line.temp.repo};
    CHECK_OK(reach_mark_from(&reach, CHUNK_COMMIT, &tips[0]));
    CHECK(id_set_has(&reach.seen, &line.ids[1]));
    CHECK(!id_set_has(&reach.seen, &line.ids[0]));
    CHECK_OK(gc_marks_encode(&reach, &bytes));
    CHECK_OK(cut_at(&line.temp, NULL));
    CHECK_OK(reach_mark(&reach));
    CHECK(id_set_has(&reach.seen, &line.ids[0]));
    CLEANUP(reach_release) struct reach resumed = {.repo = line.temp.repo};
    CHECK_OK(gc_marks_decode(buf_slice(&bytes), &resumed));
    CHECK(resumed.count == 1);
    CHECK(dits_oid_equal(&resumed.queue[0].id, &line.ids[1]));
}

TEST(a_read_that_runs_out_of_memory_can_be_repeated)
{
    CLEANUP(line_release) struct line line = {0};
    CHECK_OK(make_line(&line));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CHECK_OK(cut_at(&line.temp, &line.ids[nth % 3])); /* to be read */
        struct commit commit = {0};
        mem_fault_arm(nth);
        dits_error *err = shallow_refresh(line.temp.repo);
        if (err == NULL)
            err = shallow_load(line.temp.repo, &line.ids[1], &commit);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        commit_release(&commit);
    }
}
