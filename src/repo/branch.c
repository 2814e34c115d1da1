#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/history.h"
#include "repo/holder.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "repo/remote.h"
#include "repo/revision_resolve.h"

static const struct dits_oid none = {0};

struct branch_walk {
    const char *current; /* full name, or NULL */
    const struct holder_heads *others;
    dits_ref_fn *fn;
    void *payload;
};

static dits_error *report(const char *full_name, const struct dits_oid *value,
                          void *payload)
{
    const struct branch_walk *walk = payload;
    struct dits_ref ref = {
        .name = ref_name_short(full_name),
        .commit = *value,
        .is_current = walk->current != NULL &&
                      strcmp(walk->current, full_name) == 0,
        .worktree = holder_heads_find(walk->others, full_name),
    };
    return walk->fn(&ref, walk->payload);
}

dits_error *dits_branch_each(dits_repo *repo, dits_ref_fn *fn, void *payload)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    CLEANUP(holder_heads_release) struct holder_heads others = {0};
    TRY(refs_head_read(repo, &head));
    TRY(holder_heads_read(repo, &others));
    struct branch_walk walk = {.current = head.branch,
                               .others = &others,
                               .fn = fn,
                               .payload = payload};
    return refs_each(repo, REF_BRANCHES, report, &walk);
}

static bool is_current(const struct operation *operation, const char *full_name)
{
    const char *current = operation_head(operation)->branch;
    return current != NULL && strcmp(current, full_name) == 0;
}

static dits_error *branch_exists(const char *name)
{
    return error_hint(
        error_new(DITS_E_EXISTS, "there is a branch '%s' already", name),
        "Choose another name, or use --force to move it.");
}

/* What the branch is now; EXISTS unless it may be replaced. */
static dits_error *check_new(dits_repo *repo, const struct operation *operation,
                             const char *full_name, bool force,
                             struct dits_oid *out_before)
{
    bool found = false;
    TRY(refs_read(repo, full_name, out_before, &found));
    if (found && !force)
        return branch_exists(ref_name_short(full_name));
    if (is_current(operation, full_name) && force)
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "'%s' is the current branch",
                                    ref_name_short(full_name)),
                          "Switch to another one first.");
    return found ? holder_refuse(repo, full_name) : NULL;
}

dits_error *dits_branch_create(dits_repo *repo, const char *name,
                               const char *start, bool force)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    CLEANUP(buf_release) struct buf message = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct revision_object object = {0};
    struct dits_oid before = {0};
    const char *revision = start != NULL ? start : REF_HEAD;
    TRY(ref_name_of_branch(name, &full_name));
    TRY(buf_printf(&message, "branch: created from %s", revision));
    TRY(operation_begin(repo, "branch", &operation));
    TRY(check_new(repo, operation, buf_text(&full_name), force, &before));
    TRY(revision_resolve(repo, revision, DITS_REVISION_COMMIT, &object));
    TRY(operation_set_ref(operation, buf_text(&full_name), &before, &object.id,
                          buf_text(&message)));
    TRY(operation_commit(operation));
    return tracking_begin(repo, name, revision);
}

static dits_error *no_branch(const char *name)
{
    return error_hint(error_new(DITS_E_NOT_FOUND, "no branch '%s'", name),
                      "See 'dits branch'.");
}

/* A branch is lost only with `force` when HEAD does not contain it. */
static dits_error *check_contained(dits_repo *repo,
                                   const struct operation *operation,
                                   const char *name, const struct dits_oid *tip)
{
    const struct refs_head *head = operation_head(operation);
    bool contained = false;
    if (!dits_oid_is_zero(&head->commit))
        TRY(history_contains(repo, &head->commit, tip, &contained));
    if (contained)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT,
                                "'%s' has commits that HEAD does not contain",
                                name),
                      "Delete it all the same with 'dits branch -D %s'.", name);
}

dits_error *dits_branch_delete(dits_repo *repo, const char *name, bool force,
                               struct dits_oid *out_commit)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_oid before = {0};
    bool found = false;
    TRY(ref_name_of_branch(name, &full_name));
    TRY(operation_begin(repo, "branch", &operation));
    TRY(refs_read(repo, buf_text(&full_name), &before, &found));
    if (!found)
        return no_branch(name);
    if (is_current(operation, buf_text(&full_name)))
        return error_hint(
            error_new(DITS_E_CONFLICT, "'%s' is the current branch", name),
            "Switch to another one first.");
    TRY(holder_refuse(repo, buf_text(&full_name)));
    if (!force)
        TRY(check_contained(repo, operation, name, &before));
    TRY(operation_set_ref(operation, buf_text(&full_name), &before, &none,
                          "branch: deleted"));
    TRY(operation_commit(operation));
    if (out_commit != NULL)
        *out_commit = before;
    return tracking_move(repo, name, NULL);
}

/* HEAD follows its branch, also one that has no commit yet. */
static dits_error *rename_to(dits_repo *repo, struct operation *operation,
                             const char *from, const char *to, bool force)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_oid value = {0};
    struct dits_oid replaced = {0};
    bool found = false;
    bool current = is_current(operation, from);
    TRY(refs_read(repo, from, &value, &found));
    if (!found && !current)
        return no_branch(ref_name_short(from));
    if (strcmp(from, to) == 0)
        return NULL;
    TRY(check_new(repo, operation, to, force, &replaced));
    TRY(buf_printf(&message, "branch: renamed %s to %s", from, to));
    TRY(operation_move_log(operation, from, to));
    TRY(operation_set_ref(operation, from, &value, &none, buf_text(&message)));
    TRY(operation_set_ref(operation, to, &replaced, &value,
                          buf_text(&message)));
    if (current)
        TRY(operation_set_head(operation, to, NULL, buf_text(&message)));
    return NULL;
}

dits_error *dits_branch_rename(dits_repo *repo, const char *from,
                               const char *to, bool force)
{
    CLEANUP(buf_release) struct buf full_from = {0};
    CLEANUP(buf_release) struct buf full_to = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(ref_name_of_branch(to, &full_to));
    TRY(operation_begin(repo, "branch", &operation));
    const char *current = operation_head(operation)->branch;
    if (from != NULL)
        TRY(ref_name_of_branch(from, &full_from));
    else if (current != NULL)
        TRY(buf_put_text(&full_from, current));
    else
        return error_hint(error_new(DITS_E_INVALID, "HEAD is on no branch"),
                          "Name the branch to rename.");
    TRY(rename_to(repo, operation, buf_text(&full_from), buf_text(&full_to),
                  force));
    TRY(operation_commit(operation));
    if (strcmp(buf_text(&full_from), buf_text(&full_to)) == 0)
        return NULL;
    return tracking_move(repo, ref_name_short(buf_text(&full_from)), to);
}
