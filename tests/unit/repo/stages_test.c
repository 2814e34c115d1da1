#include "repo/stages.h"

#include <string.h>

#include "base/text.h"
#include "support/mem_fault.h"
#include "support/parted_repo.h"
#include "support/test.h"

static dits_error *make(struct parted *at)
{
    TRY(parted_make(at, "a=^1 b/x=1 c=1", "a=^o b/x=o", "a=^t b/x=t c=t"));
    return parted_merge(at, (struct dits_merge_options){0}, NULL);
}

TEST(the_sides_of_a_path_are_one_item)
{
    CLEANUP(parted_release) struct parted at = {0};
    CLEANUP(stage_list_release) struct stage_list list = {0};
    CHECK_OK(make(&at));
    CHECK_OK(stage_list_of_repo(at.temp.repo, &list));
    CHECK(list.count == 3);
    CHECK(strcmp(list.items[0].path, "a") == 0);
    CHECK(strcmp(list.items[1].path, "b/x") == 0);
    CHECK(strcmp(list.items[2].path, "c") == 0);
    for (size_t i = 0; i < 3; i++) {
        const struct stage_path *item = &list.items[i];
        CHECK(item->sides[STAGE_BASE].mode == TREE_FILE);
        CHECK((item->sides[STAGE_OURS].mode != 0) == (i < 2));
        CHECK(item->sides[STAGE_THEIRS].mode == TREE_FILE);
        CHECK(stage_list_find(&list, item->path) == item);
    }
    CHECK(stage_list_find(&list, "b") == NULL);
    CHECK(stage_list_has_within(&list, "b"));
    CHECK(stage_list_has_within(&list, "c"));
    CHECK(!stage_list_has_within(&list, "b/y"));
    CHECK(!stage_list_has_within(&list, "aa"));
    CHECK(stage_list_find(&list, "d") == NULL);
}

TEST(without_conflicts_there_is_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(stage_list_release) struct stage_list list = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(stage_list_of_repo(temp.repo, &list));
    CHECK(list.count == 0 && stage_list_find(&list, "a") == NULL);
}

static dits_error *settle(struct parted *at, const char *path, size_t *out)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    struct dits_paths paths = {.items = &path, .count = 1};
    TRY(pathspec_of(at->temp.repo, &paths, &pathspec));
    TRY(operation_begin(at->temp.repo, "add", &operation));
    TRY(stages_settle(operation, pathspec, out));
    TRY(operation_commit(operation));
    return pathspec_check_noted(pathspec, NULL);
}

TEST(what_is_settled_leaves_the_others)
{
    CLEANUP(parted_release) struct parted at = {0};
    size_t settled = 0;
    CHECK_OK(make(&at));
    CHECK_OK(settle(&at, "b", &settled));
    CHECK(settled == 1 && parted_is_unfinished(&at, DITS_WORK_MERGE, 2));
    CHECK_FAILS(DITS_E_NOT_FOUND, settle(&at, "b", &settled));
    CHECK_OK(settle(&at, ".", &settled));
    CHECK(settled == 2 && parted_is_unfinished(&at, DITS_WORK_MERGE, 0));
}

TEST(what_lies_beside_is_found_by_its_side)
{
    CLEANUP(parted_release) struct parted at = {0};
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CHECK_OK(make(&at));
    CHECK_OK(unfinished_read(at.temp.repo, &work));
    CLEANUP(text_free) char *ours = NULL;
    CLEANUP(text_free) char *none = NULL;
    struct change_side side = {0};
    CHECK_OK(
        stages_find_beside(at.temp.repo, &work, "a", "ours", &side, &ours));
    CHECK(ours != NULL && strcmp(ours, "a.ours") == 0);
    CHECK(side.mode == TREE_FILE);
    CHECK_OK(
        stages_find_beside(at.temp.repo, &work, "c", "ours", &side, &none));
    CHECK(none == NULL);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(parted_release) struct parted at = {0};
    CHECK_OK(make(&at));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        size_t live = mem_fault_live();
        struct stage_list list = {0};
        mem_fault_arm(nth);
        dits_error *err = stage_list_of_repo(at.temp.repo, &list);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(list.count == (reached ? 0u : 3u));
        stage_list_release(&list);
        CHECK(mem_fault_live() <= live);
    }
}
