#include "repo/shallow_change.h"

#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

/* Three commits in a row, which HEAD's branch leads to. */
struct line {
    struct temp_repo temp;
    struct dits_oid ids[3];
    struct oid_map cut; /* as it came */
    struct id_set whole;
};

static void line_release(struct line *line)
{
    oid_map_release(&line->cut);
    id_set_release(&line->whole);
    temp_repo_release(&line->temp);
}

static dits_error *make_line(struct line *out)
{
    TRY(temp_repo_make(&out->temp));
    TRY(temp_repo_commit(&out->temp, "a", "one", &out->ids[0]));
    TRY(temp_repo_commit(&out->temp, "a", "two", &out->ids[1]));
    return temp_repo_commit(&out->temp, "a", "three", &out->ids[2]);
}

static dits_error *write_file(struct line *line, const struct dits_oid *id)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    TRY(oid_map_add(&commits, id, NULL, NULL));
    return shallow_save(line->temp.repo, &commits);
}

/* How many commits the file names; SIZE_MAX when it cannot be read. */
static size_t in_file(struct line *line)
{
    const struct oid_map *commits = NULL;
    dits_error *err = shallow_refresh(line->temp.repo);
    if (err == NULL)
        err = shallow_commits(line->temp.repo, &commits);
    bool failed = err != NULL;
    dits_error_free(err);
    return failed ? SIZE_MAX : commits->count;
}

static dits_error *plan(struct line *line, struct shallow_change *out)
{
    return shallow_change_plan(line->temp.repo, &line->cut, &line->whole, out);
}

/* A commit whose parent is nowhere, and which no name leads to. */
static dits_error *store_strange(struct line *line, struct dits_oid *out)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(commit_load(line->temp.repo->store, &line->ids[2], &commit));
    commit.parents[0] = (struct dits_oid){{5}};
    TRY(store_writer_begin(line->temp.repo->store, &writer));
    TRY(commit_store(writer, &commit, out));
    return store_writer_commit(writer);
}

TEST(without_a_cut_nothing_changes)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(shallow_change_release) struct shallow_change change = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(plan(&line, &change));
    CHECK(!change.adds && !change.removes);
    CHECK_OK(shallow_change_begin(&change));
    CHECK_OK(shallow_change_finish(&change));
    CHECK(in_file(&line) == 0);
}

TEST(a_cut_whose_parents_our_history_has_is_none)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(shallow_change_release) struct shallow_change change = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(oid_map_add(&line.cut, &line.ids[1], NULL, NULL));
    CHECK_OK(id_set_add(&line.whole, &line.ids[1], NULL));
    CHECK_OK(plan(&line, &change));
    CHECK(change.after.count == 0 && !change.adds);
}

TEST(what_did_not_come_cuts_nothing)
{
    CLEANUP(line_release) struct line line = {0};
    CLEANUP(shallow_change_release) struct shallow_change change = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(oid_map_add(&line.cut, &(struct dits_oid){{9}}, NULL, NULL));
    CHECK_OK(plan(&line, &change));
    CHECK(change.after.count == 0);
}

TEST(a_cut_is_in_the_file_before_names_move)
{
    CLEANUP(line_release) struct line line = {0};
    struct shallow_change change = {0};
    struct dits_oid strange = {0};
    bool is_cut = false;
    CHECK_OK(make_line(&line));
    CHECK_OK(store_strange(&line, &strange));
    CHECK_OK(write_file(&line, &line.ids[2]));
    CHECK_OK(oid_map_add(&line.cut, &strange, NULL, NULL));
    CHECK_OK(id_set_add(&line.whole, &strange, NULL));
    CHECK_OK(id_set_add(&line.whole, &line.ids[1], NULL));
    CHECK_OK(plan(&line, &change));
    CHECK(change.adds && change.removes && change.after.count == 1);
    CHECK_OK(shallow_has(line.temp.repo, &line.ids[2], &is_cut));
    CHECK(!is_cut); /* walks go by what will be */
    CHECK_OK(shallow_change_begin(&change));
    CHECK_OK(shallow_pin(line.temp.repo, NULL));
    CHECK(in_file(&line) == 2);
    CHECK_OK(shallow_change_finish(&change));
    shallow_change_release(&change);
    CHECK(in_file(&line) == 1);
}

TEST(what_is_stored_no_longer_leaves_the_file)
{
    CLEANUP(line_release) struct line line = {0};
    struct shallow_change change = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(write_file(&line, &(struct dits_oid){{7}}));
    CHECK_OK(plan(&line, &change));
    CHECK(change.removes && change.after.count == 0);
    CHECK_OK(shallow_change_begin(&change));
    CHECK_OK(shallow_change_finish(&change));
    shallow_change_release(&change);
    CHECK(in_file(&line) == 0);
}

TEST(a_commit_with_the_parents_of_another_is_added)
{
    CLEANUP(line_release) struct line line = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(shallow_change_add(line.temp.repo, &line.ids[1]));
    CHECK_OK(shallow_change_add(line.temp.repo, &line.ids[2]));
    CHECK(in_file(&line) == 2);
}

TEST(a_plan_that_runs_out_of_memory_pins_nothing)
{
    CLEANUP(line_release) struct line line = {0};
    CHECK_OK(make_line(&line));
    CHECK_OK(write_file(&line, &line.ids[2]));
    CHECK_OK(oid_map_add(&line.cut, &line.ids[1], NULL, NULL));
    CHECK_OK(id_set_add(&line.whole, &line.ids[1], NULL));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct shallow_change change = {0};
        mem_fault_arm(nth);
        dits_error *err = plan(&line, &change);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        shallow_change_release(&change);
        CHECK(in_file(&line) == 1);
    }
}
