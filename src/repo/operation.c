#include "repo/operation.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/holder.h"
#include "repo/operation_internal.h"
#include "repo/operation_row.h"
#include "repo/private_ref.h"
#include "repo/ref_name.h"

/*
 * The newest operation says what is staged. An index that is something else
 * was written by an operation that died before it published, or is an older
 * generation read because the newer is damaged: either way what was published
 * holds. Files of the work tree are left as they are.
 */
static dits_error *settle_index(struct operation *operation,
                                const struct dits_oid *published)
{
    struct dits_oid tree = *index_tree(operation->index);
    if (dits_oid_is_zero(&tree))
        TRY(index_write_tree(operation->index, operation->writer, &tree));
    operation->index_before = *published;
    if (dits_oid_equal(&tree, published))
        return NULL;

    log_info(operation->repo->context,
             "putting back what was staged before a command was cut off");
    dits_error *err = index_read_tree(operation->index, published);
    if (err == NULL)
        return NULL;
    if (dits_error_code(err) != DITS_E_NOT_FOUND &&
        dits_error_code(err) != DITS_E_CORRUPT)
        return err;
    log_warn(operation->repo->context,
             "what was staged last cannot be read (%s): what the index holds "
             "is taken instead",
             dits_error_message(err));
    dits_error_free(err);
    operation->index_before = tree;
    return NULL;
}

static dits_error *read_state(struct operation *operation)
{
    CLEANUP(operation_row_release) struct operation_row last = {0};
    struct dits_oid published = {0};
    bool found = false;
    TRY(refs_head_read(operation->repo, &operation->head));
    TRY(operation_row_newest(operation->repo, &last, &found));
    if (found)
        published = last.index_after;
    else
        tree_empty_id(&published);
    TRY(operation_row_next_id(operation->repo, &operation->id));
    return settle_index(operation, &published);
}

dits_error *operation_begin(dits_repo *repo, const char *kind,
                            struct operation **out)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    TRY(repo_lock_work(repo, &lock));
    return operation_begin_locked(repo, kind, &lock, out);
}

dits_error *operation_begin_locked(dits_repo *repo, const char *kind,
                                   struct fs_file *lock, struct operation **out)
{
    CLEANUP(operation_freep)
    struct operation *operation = mem_new(struct operation);
    if (operation == NULL)
        return error_nomem();
    operation->repo = repo;
    operation->kind = kind;
    operation->owner = repo->linked;
    operation->lock = MOVE(*lock);
    TRY(index_open(repo, &operation->index));
    TRY(store_writer_begin(repo->store, &operation->writer));
    TRY(read_state(operation));
    *out = MOVE(operation);
    return NULL;
}

dits_repo *operation_repo(const struct operation *operation)
{
    return operation->repo;
}

struct index *operation_index(struct operation *operation)
{
    return operation->index;
}

struct store_writer *operation_writer(struct operation *operation)
{
    return operation->writer;
}

const struct refs_head *operation_head(const struct operation *operation)
{
    return &operation->head;
}

static void ref_change_release(struct ref_change *change)
{
    mem_free(change->name);
    mem_free(change->message);
}

static bool is_text(const char *text, const char *other)
{
    return text != NULL && strcmp(text, other) == 0;
}

/*
 * What another work tree is on does not change under it: but for its name, and
 * where this one is on it as well, which somebody has asked for.
 */
static dits_error *check_free(const struct operation *operation,
                              const char *full_name, bool goes)
{
    bool is_own = is_text(operation->head.branch, full_name) && !goes;
    if (operation->shares_branches || is_own ||
        is_text(operation->log_from, full_name))
        return NULL;
    return holder_refuse(operation->repo, full_name);
}

dits_error *operation_set_ref(struct operation *operation,
                              const char *full_name,
                              const struct dits_oid *before,
                              const struct dits_oid *after, const char *message)
{
    CLEANUP(ref_change_release)
    struct ref_change change = {.before = *before, .after = *after};
    CLEANUP(buf_release) struct buf name = {0};
    if (!dits_oid_equal(before, after))
        TRY(check_free(operation, full_name, dits_oid_is_zero(after)));
    TRY(private_ref_name(operation->repo, full_name, &name));
    TRY(buf_take_text(&name, &change.name));
    TRY(text_copy(message, &change.message));

    struct ref_change *changes =
        array_grown(operation->changes, operation->change_count,
                    &operation->change_capacity, sizeof(*changes));
    if (changes == NULL)
        return error_nomem();
    operation->changes = changes;
    operation->changes[operation->change_count++] = MOVE(change);
    return NULL;
}

bool operation_moves_ref(const struct operation *operation,
                         const char *stored_name)
{
    for (size_t i = 0; i < operation->change_count; i++)
        if (strcmp(operation->changes[i].name, stored_name) == 0)
            return true;
    return false;
}

dits_error *operation_set_head(struct operation *operation, const char *branch,
                               const struct dits_oid *id, const char *message)
{
    CLEANUP(text_free) char *branch_copy = NULL;
    CLEANUP(text_free) char *message_copy = NULL;
    if (branch != NULL && !is_text(operation->log_to, branch))
        TRY(check_free(operation, branch, false));
    TRY(text_copy_optional(branch, &branch_copy));
    TRY(text_copy(message, &message_copy));
    mem_free(operation->head_branch);
    mem_free(operation->head_message);
    operation->head_branch = MOVE(branch_copy);
    operation->head_message = MOVE(message_copy);
    operation->head_id = branch == NULL ? *id : (struct dits_oid){0};
    operation->moves_head = true;
    return NULL;
}

dits_error *operation_advance(struct operation *operation,
                              const struct dits_oid *commit,
                              const char *message)
{
    const struct refs_head *head = &operation->head;
    if (head->branch == NULL)
        return operation_set_head(operation, NULL, commit, message);
    return operation_set_ref(operation, head->branch, &head->commit, commit,
                             message);
}

void operation_set_worktree(struct operation *operation,
                            const struct dits_oid *before,
                            const struct dits_oid *after)
{
    operation->tree_before = *before;
    operation->tree_after = *after;
}

dits_error *operation_set_sparse(struct operation *operation,
                                 const char *before, const char *after)
{
    CLEANUP(operation_sparse_release) struct operation_sparse sparse = {0};
    TRY(text_copy(before, &sparse.before));
    TRY(text_copy(after, &sparse.after));
    operation_sparse_release(&operation->sparse);
    operation->sparse = MOVE(sparse);
    return NULL;
}

void operation_share_branches(struct operation *operation)
{
    operation->shares_branches = true;
}

dits_error *operation_set_life(struct operation *operation, bool is_made)
{
    CLEANUP(operation_life_release)
    struct operation_life life = {.is_made = is_made};
    TRY(text_copy(operation->repo->linked_name, &life.name));
    TRY(text_copy(operation->repo->work_dir, &life.path));
    operation_life_release(&operation->life);
    operation->life = MOVE(life);
    return NULL;
}

void operation_set_owner(struct operation *operation, const dits_repo *owner)
{
    operation->owner = owner->linked;
}

void operation_set_request(struct operation *operation,
                           const struct request *request, const char *answer)
{
    operation->request = request;
    operation->answer = answer;
}

uint64_t operation_number(const struct operation *operation)
{
    return operation->id;
}

dits_error *operation_move_log(struct operation *operation, const char *from,
                               const char *to)
{
    CLEANUP(text_free) char *from_copy = NULL;
    CLEANUP(text_free) char *to_copy = NULL;
    TRY(text_copy(from, &from_copy));
    TRY(text_copy(to, &to_copy));
    mem_free(operation->log_from);
    mem_free(operation->log_to);
    operation->log_from = MOVE(from_copy);
    operation->log_to = MOVE(to_copy);
    return NULL;
}

void operation_set_undoes(struct operation *operation, uint64_t id, bool again)
{
    operation->undoes = id;
    operation->again = again;
}

/* Whether HEAD would be what it is already. */
static bool head_stays(const struct operation *operation)
{
    const struct refs_head *head = &operation->head;
    if (!operation->moves_head)
        return true;
    if (operation->head_branch == NULL || head->branch == NULL)
        return operation->head_branch == NULL && head->branch == NULL &&
               dits_oid_equal(&operation->head_id, &head->commit);
    return strcmp(operation->head_branch, head->branch) == 0;
}

/* Leave out refs that would stay what they are. */
static void drop_idle_changes(struct operation *operation)
{
    size_t kept = 0;
    for (size_t i = 0; i < operation->change_count; i++) {
        struct ref_change *change = &operation->changes[i];
        if (dits_oid_equal(&change->before, &change->after))
            ref_change_release(change);
        else
            operation->changes[kept++] = *change;
    }
    operation->change_count = kept;
    if (head_stays(operation))
        operation->moves_head = false;
    const struct operation_sparse *sparse = &operation->sparse;
    if (sparse->before != NULL && strcmp(sparse->before, sparse->after) == 0)
        operation_sparse_release(&operation->sparse);
}

static bool changes_something(const struct operation *operation)
{
    return operation->change_count > 0 || operation->moves_head ||
           operation->log_from != NULL || operation->undoes != 0 ||
           operation->sparse.before != NULL || operation->life.name != NULL ||
           !dits_oid_equal(&operation->tree_before, &operation->tree_after) ||
           !dits_oid_equal(&operation->index_before, &operation->index_after);
}

/*
 * Nobody shall see staged what was not published. Where this fails, too, or the
 * process dies before it, settle_index() of the next one does it.
 */
static void put_index_back(struct operation *operation, uint64_t last)
{
    struct index *index = operation->index;
    dits_error *err = index_read_tree(index, &operation->index_before);
    if (err == NULL)
        err = index_save(index, last);
    dits_error_free(err);
}

static dits_error *save_and_publish(struct operation *operation)
{
    TRY(index_save(operation->index, operation->id));
    TRY(operation_publish(operation));
    operation->is_published = true;
    return NULL;
}

dits_error *operation_commit(struct operation *operation)
{
    bool saves = index_is_changed(operation->index);
    uint64_t last = index_operation(operation->index);
    drop_idle_changes(operation);
    operation->index_after = operation->index_before;
    if (saves || operation->takes_over)
        TRY(index_write_tree(operation->index, operation->writer,
                             &operation->index_after));
    if (!changes_something(operation))
        return index_save(operation->index, 0);
    TRY(store_writer_commit(operation->writer));
    TRY(operation_check(operation));
    dits_error *err = save_and_publish(operation);
    if (err != NULL && saves)
        put_index_back(operation, last);
    return err;
}

bool operation_is_published(const struct operation *operation)
{
    return operation->is_published;
}

void operation_free(struct operation *operation)
{
    if (operation == NULL)
        return;
    for (size_t i = 0; i < operation->change_count; i++)
        ref_change_release(&operation->changes[i]);
    mem_free(operation->changes);
    mem_free(operation->head_branch);
    mem_free(operation->head_message);
    mem_free(operation->log_from);
    mem_free(operation->log_to);
    operation_sparse_release(&operation->sparse);
    operation_life_release(&operation->life);
    refs_head_release(&operation->head);
    index_free(operation->index);
    store_writer_free(operation->writer);
    fs_close(&operation->lock);
    mem_free(operation);
}

void operation_freep(struct operation **operation)
{
    operation_free(*operation);
    *operation = NULL;
}
