#include <dits/refs.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/text.h"
#include "repo/operation.h"
#include "repo/reflog.h"
#include "repo/remote.h"
#include "repo/revision.h"
#include "repo/switch_files.h"
#include "repo/unfinished.h"

#define BRANCHES "refs/heads/"

/* Where HEAD goes. */
struct destination {
    char *branch; /* full name; NULL: detached */
    bool is_new;  /* the branch is made or moved */
    struct dits_oid branch_before;
    struct dits_oid commit; /* zero: no commit yet */
    char *name;             /* for the reflog */
    char *follows; /* the revision that a new branch was made from; or NULL */
};

static void release_destination(struct destination *to)
{
    text_free(&to->branch);
    text_free(&to->name);
    text_free(&to->follows);
}

static dits_error *full_branch(const char *name, char **out)
{
    CLEANUP(buf_release) struct buf full = {0};
    if (!ref_name_is_valid(name))
        return error_new(DITS_E_INVALID, "'%s' cannot be a branch's name",
                         name);
    TRY(buf_printf(&full, BRANCHES "%s", name));
    return buf_take_text(&full, out);
}

/* -c and -C. */
static dits_error *find_new_branch(dits_repo *repo,
                                   const struct dits_switch_options *options,
                                   const struct refs_head *head,
                                   struct destination *out)
{
    bool found = false;
    TRY(full_branch(options->create, &out->branch));
    TRY(text_copy(options->create, &out->name));
    TRY(refs_read(repo, out->branch, &out->branch_before, &found));
    if (found && !options->force_create)
        return error_hint(error_new(DITS_E_EXISTS,
                                    "there is a branch '%s' already",
                                    options->create),
                          "Use 'dits switch %s' to go to it, or -C to move it.",
                          options->create);
    out->is_new = true;
    if (options->orphan)
        return NULL;
    out->commit = head->commit;
    if (options->target == NULL)
        return NULL;
    TRY(text_copy(options->target, &out->follows));
    return dits_revision_resolve(repo, options->target, DITS_REVISION_COMMIT,
                                 &out->commit);
}

static dits_error *find_detached(dits_repo *repo,
                                 const struct dits_switch_options *options,
                                 struct destination *out)
{
    const char *target = options->target != NULL ? options->target : "HEAD";
    TRY(text_copy(target, &out->name));
    return dits_revision_resolve(repo, target, DITS_REVISION_COMMIT,
                                 &out->commit);
}

static dits_error *no_branch(dits_repo *repo, const char *name)
{
    struct dits_oid commit = {0};
    dits_error *err =
        error_new(DITS_E_NOT_FOUND, "there is no branch '%s'", name);
    dits_error *other =
        dits_revision_resolve(repo, name, DITS_REVISION_COMMIT, &commit);
    if (other == NULL)
        return error_hint(err,
                          "It names a commit: use 'dits switch --detach %s' "
                          "to look at it, or -c NAME to start a branch there.",
                          name);
    dits_error_free(other); /* it names nothing at all */
    return error_hint(err, "See 'dits branch'. Use -c to make a new one.");
}

/* "-" and "@{-2}": how many branches back; 0 for any other text. */
static dits_error *count_back(const char *name, uint64_t *out)
{
    CLEANUP(revision_release) struct revision revision = {0};
    *out = strcmp(name, "-") == 0 ? 1 : 0;
    if (!text_starts_with(name, "@{-"))
        return NULL;
    TRY(revision_parse(name, &revision));
    if (revision.count == 1 && revision.steps[0].kind == REVISION_PREVIOUS)
        *out = revision.steps[0].number;
    return NULL;
}

/* As git guesses: what one remote alone calls so is the start of a new one. */
static dits_error *begin_from_remote(dits_repo *repo, const char *name,
                                     struct destination *out)
{
    bool found = false;
    TRY(tracking_guess(repo, name, &out->follows));
    if (out->follows == NULL)
        return no_branch(repo, name);
    out->is_new = true;
    TRY(refs_read(repo, out->follows, &out->commit, &found));
    return found ? NULL : no_branch(repo, name);
}

static dits_error *find_branch(dits_repo *repo,
                               const struct dits_switch_options *options,
                               const struct refs_head *head,
                               struct destination *out)
{
    CLEANUP(text_free) char *previous = NULL;
    const char *name = options->target;
    bool found = false;
    uint64_t back = 0;
    if (name == NULL)
        return error_new(DITS_E_INVALID, "no branch named to switch to");
    TRY(count_back(name, &back));
    if (back > 0) {
        TRY(reflog_previous_branch(repo, back, &previous));
        if (previous == NULL)
            return error_new(DITS_E_NOT_FOUND, "there was no branch before");
        name = previous + strlen(BRANCHES);
    }
    TRY(full_branch(name, &out->branch));
    TRY(text_copy(name, &out->name));
    if (head->branch != NULL && strcmp(head->branch, out->branch) == 0) {
        out->commit = head->commit; /* perhaps a branch without a commit */
        return NULL;
    }
    TRY(refs_read(repo, out->branch, &out->commit, &found));
    return found ? NULL : begin_from_remote(repo, name, out);
}

static dits_error *find_destination(dits_repo *repo,
                                    const struct dits_switch_options *options,
                                    const struct refs_head *head,
                                    struct destination *out)
{
    if (options->create != NULL)
        return find_new_branch(repo, options, head, out);
    if (options->detach)
        return find_detached(repo, options, out);
    return find_branch(repo, options, head, out);
}

/* "checkout: moving from main to cut-2": what HEAD's reflog says. */
static dits_error *describe(const struct refs_head *head,
                            const struct destination *to, struct buf *out)
{
    char hex[OID_HEX_SIZE];
    dits_oid_hex(&head->commit, hex);
    const char *from = hex;
    if (head->branch != NULL)
        from = head->branch + strlen(BRANCHES);
    return buf_printf(out, "checkout: moving from %s to %s", from, to->name);
}

static dits_error *move_head(struct operation *operation,
                             const struct destination *to)
{
    CLEANUP(buf_release) struct buf message = {0};
    TRY(describe(operation_head(operation), to, &message));
    if (to->is_new && !dits_oid_is_zero(&to->commit))
        TRY(operation_set_ref(operation, to->branch, &to->branch_before,
                              &to->commit, "branch: created by switch"));
    return operation_set_head(operation, to->branch, &to->commit,
                              buf_text(&message));
}

static bool is_there_already(const struct refs_head *head,
                             const struct destination *to)
{
    bool same_place = to->branch == NULL
                          ? head->branch == NULL
                          : head->branch != NULL &&
                                strcmp(head->branch, to->branch) == 0;
    return same_place && !to->is_new &&
           dits_oid_equal(&head->commit, &to->commit);
}

/* What is unfinished belongs to the commit that it began at. */
static dits_error *check_work(dits_repo *repo,
                              const struct dits_switch_options *options,
                              const struct dits_switch_result *result)
{
    bool stays = result->already_there && !options->discard_changes;
    return stays ? NULL : unfinished_refuse(repo, "switch");
}

dits_error *dits_switch(dits_repo *repo,
                        const struct dits_switch_options *options,
                        struct dits_switch_result *out)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(release_destination) struct destination to = {0};
    TRY(operation_begin(repo, "switch", &operation));
    const struct refs_head *head = operation_head(operation);
    TRY(find_destination(repo, options, head, &to));
    const struct switch_files_options how = {
        .task = "switching",
        .discard = options->discard_changes,
    };
    struct dits_switch_result result = {
        .before = head->commit,
        .after = to.commit,
        .already_there = is_there_already(head, &to),
    };
    TRY(check_work(repo, options, &result));
    if (options->share_branch)
        operation_share_branches(operation);
    /* Before any file is written: it may refuse. */
    if (!result.already_there)
        TRY(move_head(operation, &to));
    if (!result.already_there || options->discard_changes)
        TRY(switch_files(repo, operation, &how, &result));
    TRY(operation_commit(operation));
    if (to.follows != NULL)
        TRY(tracking_begin(repo, to.branch + strlen(BRANCHES), to.follows));
    *out = result;
    return NULL;
}
