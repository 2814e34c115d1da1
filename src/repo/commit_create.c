#include <dits/commit.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/commit.h"
#include "object/path_tree.h"
#include "repo/commit_partial.h"
#include "repo/commit_stage.h"
#include "repo/commit_work.h"
#include "repo/commit_write.h"
#include "repo/date.h"
#include "repo/identity.h"
#include "repo/index.h"
#include "repo/message.h"
#include "repo/operation.h"
#include "repo/shallow_change.h"
#include "repo/sign.h"

/* A commit on its way. */
struct making {
    dits_repo *repo;
    const struct dits_commit_options *options;
    struct operation *operation;
    struct commit commit;
    struct commit old;           /* HEAD's commit; empty without one */
    struct unfinished work;      /* that this ends, or a step of it */
    struct dits_oid tree_before; /* of the first parent; zero without one */
};

static void making_release(struct making *making)
{
    operation_free(making->operation);
    commit_release(&making->commit);
    commit_release(&making->old);
    unfinished_release(&making->work);
}

static dits_error *read_old(struct making *making)
{
    const struct refs_head *head = operation_head(making->operation);
    if (!dits_oid_is_zero(&head->commit))
        return shallow_load(making->repo, &head->commit, &making->old);
    if (making->options->amend)
        return error_hint(
            error_new(DITS_E_CONFLICT, "there is no commit to amend"),
            "Make the first one without --amend.");
    return NULL;
}

/* HEAD's commit and what is merged, or in its place the parents it had. */
static dits_error *set_parents(struct making *making)
{
    const struct refs_head *head = operation_head(making->operation);
    bool amend = making->options->amend;
    bool has_head = !dits_oid_is_zero(&head->commit);
    const struct dits_oid *from = amend ? making->old.parents : &head->commit;
    size_t count = amend ? making->old.parent_count : (has_head ? 1 : 0);
    bool merges = making->work.kind == UNFINISHED_MERGE;
    making->commit.parents = mem_new_array(struct dits_oid, count + 1);
    if (making->commit.parents == NULL)
        return error_nomem();
    if (count > 0)
        memcpy(making->commit.parents, from, count * sizeof(*from));
    if (merges)
        making->commit.parents[count] = making->work.other;
    making->commit.parent_count = count + merges;
    if (!amend) {
        making->tree_before = making->old.tree;
        return NULL;
    }
    if (count > 0) {
        CLEANUP(commit_release) struct commit parent = {0};
        TRY(commit_load(making->repo->store, from, &parent));
        making->tree_before = parent.tree;
    }
    return NULL;
}

static dits_error *set_tree(struct making *making)
{
    struct index *index = operation_index(making->operation);
    struct store_writer *writer = operation_writer(making->operation);
    if (making->options->paths.count > 0)
        return commit_partial_tree(making->repo, making->operation,
                                   &making->options->paths, &making->old.tree,
                                   &making->commit.tree);
    return index_write_tree(index, writer, &making->commit.tree);
}

/* An empty tree stands for no tree before the first commit. */
static bool changes_nothing(const struct making *making)
{
    struct dits_oid before = making->tree_before;
    if (making->commit.parent_count > 1)
        return false;
    if (dits_oid_is_zero(&before))
        tree_empty_id(&before);
    return dits_oid_equal(&before, &making->commit.tree);
}

static dits_error *check_changes(const struct making *making)
{
    if (making->options->allow_empty || !changes_nothing(making))
        return NULL;
    if (making->options->amend)
        return error_hint(
            error_new(DITS_E_CONFLICT,
                      "amending would leave a commit that changes nothing"),
            "Keep it with --allow-empty, or take it back with 'dits undo'.");
    return error_hint(error_new(DITS_E_CONFLICT, "nothing to commit"),
                      "Stage files with 'dits add' first, or use -a. See 'dits "
                      "status'.");
}

static dits_error *set_message(struct making *making)
{
    const struct dits_commit_options *options = making->options;
    const char *text = options->message;
    if (text == NULL)
        text = options->amend                 ? making->old.message
               : making->work.message != NULL ? making->work.message
                                              : "";
    TRY(message_clean(text, &making->commit.message));
    if (making->commit.message[0] == '\0' && !options->allow_empty_message)
        return error_hint(error_new(DITS_E_INVALID, "the message is empty"),
                          "Say what the commit does: dits commit -m \"…\"");
    return NULL;
}

/* The author of what is amended, or made again in another place. */
static dits_error *set_author(struct making *making)
{
    CLEANUP(commit_release) struct commit copied = {0};
    const struct person *from = &making->commit.committer;
    if (making->options->amend) {
        from = &making->old.author;
    } else if (commit_work_is_copy(&making->work)) {
        TRY(commit_load(making->repo->store, &making->work.other, &copied));
        from = &copied.author;
    }
    return person_copy(from, &making->commit.author);
}

static dits_error *set_people(struct making *making)
{
    const struct dits_commit_options *options = making->options;
    struct commit *commit = &making->commit;
    TRY(identity_find(making->repo, &commit->committer));
    TRY(set_author(making));
    if (options->author != NULL)
        TRY(identity_parse(options->author, &commit->author));
    if (options->date != NULL)
        TRY(dits_date_parse(making->repo->context, options->date,
                            &commit->author.time,
                            &commit->author.offset_minutes));
    return commit_keep_order(making->repo, commit);
}

static dits_error *move_head(struct making *making, const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf message = {0};
    const char *what = making->options->amend             ? "commit (amend): "
                       : making->commit.parent_count == 0 ? "commit (initial): "
                       : making->commit.parent_count > 1  ? "commit (merge): "
                                                          : "commit: ";
    TRY(buf_put_text(&message, what));
    TRY(message_subject(making->commit.message, &message));
    return operation_advance(making->operation, id, buf_text(&message));
}

/* What the commit changed, counted. */
struct counting {
    struct making *making;
    struct dits_commit_result *result;
};

static dits_error *add_size(struct store *store, const struct dits_oid *asset,
                            uint64_t *total)
{
    CLEANUP(asset_closep) struct asset *opened = NULL;
    TRY(asset_open(store, asset, &opened));
    *total += asset_get_info(opened)->size;
    return NULL;
}

static dits_error *count_change(const char *path,
                                const struct tree_entry *before,
                                const struct tree_entry *after, void *payload)
{
    struct counting *counting = payload;
    struct store *store = counting->making->repo->store;
    struct dits_commit_result *result = counting->result;
    result->files_changed++;
    if (before != NULL)
        TRY(add_size(store, &before->id, &result->bytes_before));
    if (after == NULL)
        return NULL;
    /* The index knows the sizes of what was staged from the work tree. */
    const struct index_entry *entry =
        index_find(operation_index(counting->making->operation), path);
    if (entry != NULL && entry->mtime_ns != 0 &&
        dits_oid_equal(&entry->asset, &after->id)) {
        result->bytes_after += entry->size;
        return NULL;
    }
    return add_size(store, &after->id, &result->bytes_after);
}

/* The commit is made: a count that fails is no reason to say otherwise. */
static void count_changes(struct making *making,
                          struct dits_commit_result *result)
{
    struct counting counting = {.making = making, .result = result};
    dits_error *err = tree_diff(making->repo->store, &making->tree_before,
                                &making->commit.tree, count_change, &counting);
    if (err != NULL)
        log_warn(making->repo->context, "cannot count what was committed: %s",
                 dits_error_message(err));
    dits_error_free(err);
}

static dits_error *fill(struct making *making)
{
    TRY(read_old(making));
    TRY(commit_work_read(making->repo, making->options, &making->work));
    TRY(commit_stage(making->operation, making->options, &making->work));
    TRY(set_parents(making));
    TRY(set_tree(making));
    TRY(check_changes(making));
    TRY(set_message(making));
    return set_people(making);
}

/* What is amended has parents that are not here: so has what takes its place,
 * and fits where the whole history is. */
static bool take_cut_parents(struct making *making)
{
    struct commit *commit = &making->commit;
    if (!making->options->amend || making->old.cut_parents == 0)
        return false;
    mem_free(commit->parents);
    commit->parents = MOVE(making->old.parents);
    commit->parent_count = making->old.cut_parents;
    return true;
}

static dits_error *make(struct making *making, struct dits_commit_result *out)
{
    const struct sign_wish wish = {.sign = making->options->sign,
                                   .key = making->options->signing_key};
    TRY(fill(making));
    bool is_cut = take_cut_parents(making);
    TRY(sign_commit(making->repo, &wish, &making->commit));
    TRY(commit_store(operation_writer(making->operation), &making->commit,
                     &out->id));
    if (is_cut)
        TRY(shallow_change_add(making->repo, &out->id));
    TRY(move_head(making, &out->id));
    if (!making->options->amend)
        TRY(commit_work_end(making->operation, &making->work));
    TRY(operation_commit(making->operation));
    out->is_root = making->commit.parent_count == 0;
    count_changes(making, out);
    return NULL;
}

dits_error *dits_commit_create(dits_repo *repo,
                               const struct dits_commit_options *options,
                               struct dits_commit_result *out)
{
    static const struct dits_commit_options defaults = {0};
    CLEANUP(making_release)
    struct making making = {.repo = repo,
                            .options = options != NULL ? options : &defaults};
    struct dits_commit_result result = {0};
    bool is_taken = false;
    TRY(operation_begin(repo, "commit", &making.operation));
    if (making.options->ahead != 0)
        TRY(operation_take_over(making.operation, making.options->ahead,
                                &is_taken));
    TRY(make(&making, &result));
    *out = result;
    return NULL;
}
