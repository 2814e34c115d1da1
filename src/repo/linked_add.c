#include <dits/worktrees.h>

#include <string.h>

#include <dits/refs.h>
#include <dits/worktree.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/linked_life.h"
#include "repo/ref_name.h"
#include "repo/sparse.h"
#include "repo/switch_files.h"

/* One dits_worktree_add(). */
struct adding {
    dits_repo *repo;
    const struct dits_worktree_add_options *options;
    struct fs_file lock;
    char *path;   /* absolute */
    char *branch; /* full name; NULL: detached */
    bool makes;   /* the branch is made, or moved */
    struct dits_oid branch_before;
    struct dits_oid commit;
    dits_repo *view;
    bool is_built;
    struct operation *operation;
    struct sparse *sparse; /* of the work tree at hand; NULL: everything */
    uint64_t files_written;
};

static void release_adding(struct adding *adding)
{
    operation_free(adding->operation);
    if (adding->is_built) /* in vain */
        linked_clear(adding->view);
    linked_view_freep(&adding->view);
    sparse_free(adding->sparse);
    fs_close(&adding->lock);
    mem_free(adding->path);
    mem_free(adding->branch);
}

void dits_worktree_add_release(struct dits_worktree_add_result *result)
{
    mem_free(result->name);
    mem_free(result->path);
    mem_free(result->branch);
    *result = (struct dits_worktree_add_result){0};
}

static dits_error *find_commit(struct adding *adding, const char *revision)
{
    return dits_revision_resolve(adding->repo, revision, DITS_REVISION_COMMIT,
                                 &adding->commit);
}

static dits_error *set_branch(struct adding *adding, const char *name)
{
    CLEANUP(buf_release) struct buf full = {0};
    if (!ref_name_is_valid(name))
        return ref_name_error(name, "branch");
    TRY(buf_printf(&full, REF_BRANCHES "%s", name));
    return buf_take_text(&full, &adding->branch);
}

static dits_error *make_branch(struct adding *adding, const char *name)
{
    const struct dits_worktree_add_options *options = adding->options;
    bool found = false;
    TRY(set_branch(adding, name));
    adding->makes = true;
    TRY(find_commit(adding,
                    options->target != NULL ? options->target : REF_HEAD));
    TRY(refs_read(adding->repo, adding->branch, &adding->branch_before,
                  &found));
    if (!found || options->force_create)
        return NULL;
    return error_hint(
        error_new(DITS_E_EXISTS, "there is a branch '%s' already", name),
        "Leave out -b to check it out, or use -B to move it.");
}

/* The branch of that name where there is one. */
static dits_error *go_to(struct adding *adding, const char *name,
                         bool *out_found)
{
    *out_found = false;
    if (!ref_name_is_valid(name))
        return NULL;
    TRY(set_branch(adding, name));
    TRY(refs_read(adding->repo, adding->branch, &adding->commit, out_found));
    if (!*out_found)
        text_free(&adding->branch);
    return NULL;
}

/* git's rules: a branch if it is one, else the commit without a branch; named
 * nothing, a branch that is called like the folder. */
static dits_error *find_target(struct adding *adding)
{
    const struct dits_worktree_add_options *options = adding->options;
    const char *target = options->target;
    bool found = false;
    if (options->create != NULL)
        return make_branch(adding, options->create);
    if (options->detach)
        return find_commit(adding, target != NULL ? target : REF_HEAD);
    TRY(go_to(adding, target != NULL ? target : path_base_name(adding->path),
              &found));
    if (found)
        return NULL;
    return target != NULL ? find_commit(adding, target)
                          : make_branch(adding, path_base_name(adding->path));
}

static dits_error *explain(const struct adding *adding, dits_error *err)
{
    struct dits_oid head = {0};
    if (!dits_error_has(err, DITS_E_NOT_FOUND) ||
        adding->options->target != NULL)
        return err;
    dits_error *other = refs_head_commit(adding->repo, &head);
    bool is_new = other == NULL && dits_oid_is_zero(&head);
    dits_error_free(other); /* the error at hand matters more */
    return is_new ? error_hint(err, "There is no commit yet: make the first "
                                    "one with 'dits commit'.")
                  : err;
}

static dits_error *refuse_known(const struct linked *linked, void *payload)
{
    const struct adding *adding = payload;
    if (strcmp(linked->path, adding->path) != 0)
        return NULL;
    return error_hint(error_new(DITS_E_EXISTS,
                                "'%s' is the work tree '%s' already",
                                adding->path, linked->name),
                      "Where its folder is missing, 'dits worktree prune' "
                      "forgets it.");
}

/* The files that this work tree leaves out are not wanted there either. */
static dits_error *take_over_sparse(struct adding *adding)
{
    CLEANUP(text_free) char *text = NULL;
    TRY(sparse_open_limits(adding->repo, &adding->sparse));
    if (adding->sparse == NULL)
        return NULL;
    TRY(sparse_save(adding->view, sparse_current(adding->sparse), NULL, 0));
    TRY(sparse_text(sparse_current(adding->sparse), &text));
    return operation_set_sparse(adding->operation, "all\n", text);
}

static dits_error *write_files(struct adding *adding)
{
    const struct switch_files_options how = {.task = "checking out"};
    struct dits_switch_result result = {.after = adding->commit};
    TRY(switch_files(adding->view, adding->operation, &how, &result));
    adding->files_written = result.files_written;
    return NULL;
}

static dits_error *tell_operation(struct adding *adding)
{
    if (adding->makes)
        TRY(operation_set_ref(adding->operation, adding->branch,
                              &adding->branch_before, &adding->commit,
                              "branch: created by worktree add"));
    TRY(operation_set_head(adding->operation, adding->branch, &adding->commit,
                           "worktree: added"));
    operation_set_owner(adding->operation, adding->repo);
    return operation_set_life(adding->operation, true);
}

static dits_error *build(struct adding *adding)
{
    TRY(linked_plan(adding->repo, 0, path_base_name(adding->path), adding->path,
                    &adding->view));
    TRY(linked_build(adding->view));
    adding->is_built = true;
    TRY(operation_begin_locked(adding->view, "worktree", &adding->lock,
                               &adding->operation));
    if (adding->options->share_branch)
        operation_share_branches(adding->operation);
    /* Before any file is written: it may refuse. */
    TRY(tell_operation(adding));
    TRY(take_over_sparse(adding));
    TRY(write_files(adding));
    TRY(operation_commit(adding->operation));
    adding->is_built = false;
    return NULL;
}

static dits_error *report(const struct adding *adding,
                          struct dits_worktree_add_result *out)
{
    CLEANUP(dits_worktree_add_release)
    struct dits_worktree_add_result result = {
        .is_new_branch = adding->makes &&
                         dits_oid_is_zero(&adding->branch_before),
        .commit = adding->commit,
        .files_written = adding->files_written,
    };
    TRY(text_copy(adding->view->linked_name, &result.name));
    TRY(text_copy(adding->path, &result.path));
    if (adding->branch != NULL)
        TRY(text_copy(ref_name_short(adding->branch), &result.branch));
    *out = MOVE(result);
    return NULL;
}

dits_error *dits_worktree_add(dits_repo *repo,
                              const struct dits_worktree_add_options *options,
                              struct dits_worktree_add_result *out)
{
    CLEANUP(release_adding)
    struct adding adding = {.repo = repo, .options = options};
    TRY(linked_new_place(repo, options->path, &adding.path));
    TRY(repo_lock_work(repo, &adding.lock));
    TRY(linked_each(repo, refuse_known, &adding));
    dits_error *err = find_target(&adding);
    if (err != NULL)
        return explain(&adding, err);
    TRY(build(&adding));
    if (options->lock_reason != NULL)
        TRY(linked_set_lock(repo, adding.view->linked, options->lock_reason));
    return report(&adding, out);
}
