#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "repo/head_tree.h"
#include "repo/index.h"
#include "repo/operation.h"
#include "repo/switch_files.h"

static const char *target_of(const struct dits_reset_options *options)
{
    return options->target != NULL ? options->target : "HEAD";
}

/* HEAD has a meaning also before the first commit: nothing. */
static dits_error *find_target(dits_repo *repo, const char *target,
                               const struct refs_head *head,
                               struct dits_oid *out)
{
    *out = head->commit;
    if (strcmp(target, "HEAD") == 0)
        return NULL;
    return dits_revision_resolve(repo, target, DITS_REVISION_COMMIT, out);
}

static dits_error *reset_index(dits_repo *repo, struct operation *operation,
                               const struct dits_oid *commit)
{
    struct dits_oid tree = {0};
    TRY(head_tree_of(repo, commit, &tree));
    return index_read_tree(operation_index(operation), &tree);
}

static dits_error *reset_files(dits_repo *repo, struct operation *operation,
                               struct dits_reset_result *result)
{
    const struct switch_files_options how = {
        .task = "resetting",
        .discard = true,
    };
    struct dits_switch_result done = {
        .before = result->before,
        .after = result->after,
    };
    TRY(switch_files(repo, operation, &how, &done));
    result->files_written = done.files_written;
    result->files_removed = done.files_removed;
    return NULL;
}

/* The branch that HEAD is on moves, and HEAD itself only without one. */
static dits_error *move_head(struct operation *operation, const char *target,
                             const struct dits_oid *commit)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct refs_head *head = operation_head(operation);
    TRY(buf_printf(&message, "reset: moving to %s", target));
    if (head->branch == NULL)
        return operation_set_head(operation, NULL, commit, buf_text(&message));
    return operation_set_ref(operation, head->branch, &head->commit, commit,
                             buf_text(&message));
}

dits_error *dits_reset(dits_repo *repo,
                       const struct dits_reset_options *options,
                       struct dits_reset_result *out)
{
    static const struct dits_reset_options defaults = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_reset_result result = {0};
    if (options == NULL)
        options = &defaults;
    const char *target = target_of(options);
    TRY(operation_begin(repo, "reset", &operation));
    const struct refs_head *head = operation_head(operation);
    result.before = head->commit;
    TRY(find_target(repo, target, head, &result.after));
    if (options->mode == DITS_RESET_MIXED)
        TRY(reset_index(repo, operation, &result.after));
    else if (options->mode == DITS_RESET_HARD)
        TRY(reset_files(repo, operation, &result));
    TRY(move_head(operation, target, &result.after));
    TRY(operation_commit(operation));
    *out = result;
    return NULL;
}
