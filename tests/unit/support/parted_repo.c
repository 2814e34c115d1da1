#include "support/parted_repo.h"

#include <dits/commit.h>
#include <dits/worktree.h>

#include "support/tree_text.h"
#include "support/work_files.h"

void parted_release(struct parted *parted)
{
    temp_repo_release(&parted->temp);
}

dits_error *parted_commit(struct parted *parted, const char *tree,
                          struct dits_oid *out)
{
    struct temp_repo *temp = &parted->temp;
    struct dits_commit_options options = {.message = "a step",
                                          .allow_empty = true};
    struct dits_commit_result result = {0};
    TRY(tree_text_write(temp, tree));
    TRY(work_add(temp, NULL));
    TRY(dits_commit_create(temp->repo, &options, &result));
    *out = result.id;
    return NULL;
}

dits_error *parted_switch(struct parted *parted, const char *branch)
{
    struct dits_switch_options options = {.target = branch};
    struct dits_switch_result result = {0};
    return dits_switch(parted->temp.repo, &options, &result);
}

dits_error *parted_make(struct parted *out, const char *base, const char *ours,
                        const char *theirs)
{
    struct dits_switch_options away = {.create = "other"};
    struct dits_switch_result result = {0};
    TRY(temp_repo_make(&out->temp));
    TRY(parted_commit(out, base, &out->base));
    TRY(dits_switch(out->temp.repo, &away, &result));
    TRY(parted_commit(out, theirs, &out->theirs));
    TRY(parted_switch(out, "main"));
    out->ours = out->base;
    return ours != NULL ? parted_commit(out, ours, &out->ours) : NULL;
}

dits_error *parted_merge(struct parted *parted,
                         struct dits_merge_options options,
                         struct dits_merge_result *out)
{
    struct dits_merge_result result = {0};
    options.target = "other";
    return dits_merge(parted->temp.repo, &options, out != NULL ? out : &result);
}

bool parted_main_is(struct parted *parted, const struct dits_oid *id)
{
    return temp_repo_ref_is(&parted->temp, "refs/heads/main", id);
}

bool parted_is_unfinished(struct parted *parted, enum dits_work_kind kind,
                          uint64_t conflicts)
{
    CLEANUP(dits_work_release) struct dits_work work = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = dits_work_get(parted->temp.repo, &work);
    return err == NULL && work.kind == kind && work.conflicts == conflicts;
}

bool parted_is_untouched(struct parted *parted, const char *status)
{
    return parted_main_is(parted, &parted->ours) &&
           parted_is_unfinished(parted, DITS_WORK_NONE, 0) &&
           work_status_is(&parted->temp, status);
}
