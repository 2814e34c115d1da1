#include <dits/operation.h>

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/checkout.h"
#include "repo/index.h"
#include "repo/linked_life.h"
#include "repo/operation_life.h"
#include "repo/operation_row.h"
#include "repo/private_ref.h"
#include "repo/ref_name.h"
#include "repo/sparse_change.h"
#include "repo/unfinished.h"

/*
 * To take an operation back is to bring all that it touched from its `after`
 * to its `before`. Refs and what is staged must be as it left them; files of
 * the work tree that are not are captured before they are replaced. To redo is
 * to take the undo back: that also returns what the undo captured.
 */
struct reversal {
    dits_repo *here;            /* where it is asked for */
    dits_repo *repo;            /* the work tree that it is about */
    dits_repo *view;            /* `repo`, when that is not `here` */
    bool is_built;              /* its folders were made for this */
    struct operation_life life; /* the operation has made it or ended it */
    bool has_life;
    struct operation *operation;
    struct operation_row row; /* to take back */
    uint64_t target;          /* the operation that this is about */
    bool again;               /* a redo of it */
    char *message;            /* for the reflog */
};

static void reversal_release(struct reversal *reversal)
{
    operation_free(reversal->operation);
    if (reversal->is_built) /* in vain */
        linked_clear(reversal->view);
    linked_view_freep(&reversal->view);
    operation_life_release(&reversal->life);
    operation_row_release(&reversal->row);
    mem_free(reversal->message);
}

static dits_error *in_the_way(const struct reversal *reversal, const char *what)
{
    return error_hint(error_new(DITS_E_CONFLICT,
                                "cannot %s operation %" PRIu64 " ('%s'): %s",
                                reversal->again ? "redo" : "undo",
                                reversal->target, reversal->row.kind, what),
                      "Undo what was done later first. See 'dits op log'.");
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static dits_error *reverse_head(struct reversal *reversal,
                                const struct operation_ref *ref)
{
    const struct refs_head *now = operation_head(reversal->operation);
    if (!same_text(now->branch, ref->branch_after) ||
        (now->branch == NULL && !dits_oid_equal(&now->commit, &ref->after)))
        return in_the_way(reversal, "HEAD has moved since");
    return operation_set_head(reversal->operation, ref->branch_before,
                              &ref->before, reversal->message);
}

/* Say so when it was moved in another work tree. */
static dits_error *add_mover(const struct reversal *reversal, const char *ref,
                             struct buf *what)
{
    CLEANUP(buf_release) struct buf name = {0};
    uint64_t mover = 0;
    bool found = false;
    TRY(operation_row_last_mover(reversal->repo, ref, &mover, &found));
    if (!found || mover == reversal->here->linked)
        return NULL;
    TRY(linked_describe(reversal->repo, mover, &name));
    return buf_printf(what, " in %s", buf_text(&name));
}

static dits_error *reverse_ref(const struct operation_ref *ref, void *payload)
{
    struct reversal *reversal = payload;
    CLEANUP(buf_release) struct buf what = {0};
    CLEANUP(buf_release) struct buf head = {0};
    struct dits_oid now = {0};
    bool found = false;
    TRY(private_ref_name(reversal->repo, REF_HEAD, &head));
    if (strcmp(ref->name, buf_text(&head)) == 0)
        return reverse_head(reversal, ref);

    TRY(refs_read(reversal->repo, ref->name, &now, &found));
    if (!found)
        now = (struct dits_oid){0};
    if (!dits_oid_equal(&now, &ref->after)) {
        TRY(buf_printf(&what, "'%s' has moved since",
                       ref_name_short(ref->name)));
        TRY(add_mover(reversal, ref->name, &what));
        return in_the_way(reversal, buf_text(&what));
    }
    return operation_set_ref(reversal->operation, ref->name, &ref->after,
                             &ref->before, reversal->message);
}

static dits_error *reverse_log(struct reversal *reversal)
{
    const struct operation_row *row = &reversal->row;
    if (row->log_from == NULL || row->log_to == NULL)
        return NULL;
    return operation_move_log(reversal->operation, row->log_to, row->log_from);
}

/* Whether what is staged under `path` is what `entry` (NULL: nothing) says. */
static bool is_staged(const struct index *index, const char *path,
                      const struct tree_entry *entry)
{
    const struct index_entry *staged = index_find(index, path);
    if (staged == NULL || entry == NULL)
        return staged == NULL && entry == NULL;
    return staged->mode == entry->mode &&
           dits_oid_equal(&staged->asset, &entry->id);
}

static dits_error *reverse_entry(const char *path,
                                 const struct tree_entry *from,
                                 const struct tree_entry *to, void *payload)
{
    struct reversal *reversal = payload;
    CLEANUP(buf_release) struct buf what = {0};
    struct index *index = operation_index(reversal->operation);
    if (!is_staged(index, path, from)) {
        if (is_staged(index, path, to))
            return NULL; /* the checkout has brought it there already */
        TRY(buf_printf(&what, "'%s' was staged otherwise since", path));
        return in_the_way(reversal, buf_text(&what));
    }
    if (to == NULL)
        return index_remove(index, path);
    struct index_entry entry = {
        .path = path, .mode = to->mode, .asset = to->id};
    return index_set(index, &entry);
}

/*
 * Usually nothing else was staged since, and the whole index becomes the other
 * one. Else only what the operation touched does.
 */
static dits_error *reverse_index(struct reversal *reversal, bool is_whole)
{
    const struct operation_row *row = &reversal->row;
    if (is_whole)
        return index_read_tree(operation_index(reversal->operation),
                               &row->index_before);
    return tree_diff(reversal->repo->store, &row->index_after,
                     &row->index_before, reverse_entry, reversal);
}

/* Whether what is staged is what the operation left. */
static dits_error *index_is_whole(struct reversal *reversal, bool *out)
{
    struct dits_oid now = {0};
    TRY(index_write_tree(operation_index(reversal->operation),
                         operation_writer(reversal->operation), &now));
    *out = dits_oid_equal(&now, &reversal->row.index_after);
    return NULL;
}

static dits_error *reverse_files(struct reversal *reversal)
{
    const struct operation_row *row = &reversal->row;
    struct checkout_options options = {
        .task = reversal->again ? "redoing" : "undoing",
        .capture = true,
        /* Else files that are not staged as they were would become so. */
        .index_follow = !dits_oid_equal(&row->index_before, &row->index_after),
    };
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    struct checkout_result result = {0};
    if (dits_oid_equal(&row->tree_before, &row->tree_after))
        return NULL;
    TRY(checkout_new(reversal->repo, reversal->operation, &options, &checkout));
    TRY(checkout_add_trees(checkout, &row->tree_after, &row->tree_before));
    return checkout_run(checkout, &result);
}

/* The work tree was made by the operation, and goes with all that is in it. */
static bool ends(const struct reversal *reversal)
{
    return reversal->has_life && reversal->life.is_made;
}

static dits_error *end_files(struct reversal *reversal, bool is_whole)
{
    const char *missing = NULL;
    if (!is_whole)
        return in_the_way(reversal, "something was staged there since");
    if (!reversal->again)
        TRY(unfinished_refuse(reversal->repo, "remove the work tree"));
    TRY(linked_drop_refs(reversal->operation));
    TRY(linked_look(reversal->repo, &missing));
    return missing == NULL ? linked_remove_files(reversal->operation)
                           : reverse_index(reversal, true);
}

static dits_error *reverse_content(struct reversal *reversal)
{
    bool is_whole = false;
    TRY(index_is_whole(reversal, &is_whole));
    if (ends(reversal))
        return end_files(reversal, is_whole);
    TRY(reverse_files(reversal));
    return reverse_index(reversal, is_whole);
}

/* What the operation says of itself. */
static dits_error *tell_operation(struct reversal *reversal)
{
    operation_set_undoes(reversal->operation, reversal->target,
                         reversal->again);
    operation_set_owner(reversal->operation, reversal->here);
    return reversal->has_life ? operation_set_life(reversal->operation,
                                                   !reversal->life.is_made)
                              : NULL;
}

static dits_error *reverse(struct reversal *reversal)
{
    CLEANUP(buf_release) struct buf message = {0};
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    TRY(buf_printf(&message, "%s: %s", reversal->again ? "redo" : "undo",
                   reversal->row.kind));
    TRY(buf_take_text(&message, &reversal->message));
    TRY(reverse_log(reversal));
    TRY(operation_row_each_ref(reversal->repo, reversal->row.id, reverse_ref,
                               reversal));
    TRY(reverse_content(reversal));
    TRY(sparse_change_reverse(reversal->repo, reversal->operation,
                              reversal->row.id, &set));
    TRY(tell_operation(reversal));
    TRY(operation_commit(reversal->operation));
    reversal->is_built = false;
    return sparse_change_finish(reversal->repo, set);
}

static dits_error *load_row(dits_repo *repo, uint64_t id,
                            struct operation_row *out)
{
    bool found = false;
    TRY(operation_row_load(repo, id, out, &found));
    if (found)
        return NULL;
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "there is no operation %" PRIu64, id),
        "It may have expired. See 'dits op log'.");
}

static dits_error *undone_already(uint64_t id)
{
    return error_hint(error_new(DITS_E_CONFLICT,
                                "operation %" PRIu64 " is undone already", id),
                      "See 'dits op log'.");
}

/* The row is an undo or a redo of another operation: the other way round. */
static dits_error *find_target(struct reversal *reversal)
{
    CLEANUP(operation_row_release) struct operation_row target = {0};
    const struct operation_row *row = &reversal->row;
    TRY(load_row(reversal->here, row->undoes, &target));
    bool was_undo = strcmp(row->kind, "undo") == 0;
    bool is_latest = was_undo ? target.state != OPERATION_DONE &&
                                    target.undone_by == row->id
                              : target.state == OPERATION_DONE;
    if (!is_latest)
        return undone_already(row->id);
    reversal->target = target.id;
    reversal->again = was_undo;
    return NULL;
}

static dits_error *done_elsewhere(const struct reversal *reversal)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(linked_describe(reversal->here, reversal->row.owner, &name));
    return error_hint(error_new(DITS_E_CONFLICT,
                                "operation %" PRIu64 " ('%s') was done in %s",
                                reversal->row.id, reversal->row.kind,
                                buf_text(&name)),
                      "Take it back there: see 'dits worktree list'.");
}

/* What a work tree has made or ended that is itself no more is anybody's. */
static dits_error *check_owner(struct reversal *reversal)
{
    CLEANUP(linked_release) struct linked owner = {0};
    bool exists = true;
    if (reversal->row.owner == reversal->here->linked)
        return NULL;
    if (reversal->row.owner != 0)
        TRY(linked_load(reversal->here, reversal->row.owner, &owner, &exists));
    return exists || !reversal->has_life ? done_elsewhere(reversal) : NULL;
}

static dits_error *find_to_undo(struct reversal *reversal, uint64_t id)
{
    bool found = false;
    if (id == 0) {
        TRY(operation_row_to_undo(reversal->here, &reversal->row, &found));
        if (!found)
            return error_hint(error_new(DITS_E_NOT_FOUND, "nothing to undo"),
                              "See 'dits op log'.");
    } else {
        TRY(load_row(reversal->here, id, &reversal->row));
    }
    TRY(operation_life_load(reversal->here, reversal->row.id, &reversal->life,
                            &reversal->has_life));
    TRY(check_owner(reversal));
    if (reversal->row.undoes != 0)
        return find_target(reversal);
    if (reversal->row.state != OPERATION_DONE)
        return undone_already(reversal->row.id);
    reversal->target = reversal->row.id;
    return NULL;
}

/* A work tree that was ended is made again, if need be under another name. */
static dits_error *build_again(struct reversal *reversal)
{
    TRY(linked_plan(reversal->here, reversal->row.worktree, reversal->life.name,
                    reversal->life.path, &reversal->view));
    TRY(linked_build(reversal->view));
    reversal->is_built = true;
    return NULL;
}

static dits_error *open_other(struct reversal *reversal)
{
    CLEANUP(linked_release) struct linked linked = {0};
    bool found = false;
    TRY(linked_load(reversal->here, reversal->row.worktree, &linked, &found));
    if (reversal->has_life && !reversal->life.is_made && !found)
        return build_again(reversal);
    if (!found)
        return done_elsewhere(reversal);
    return linked_view(reversal->here, &linked, &reversal->view);
}

/* Begin the operation in the work tree that the other one was about. */
static dits_error *begin(struct reversal *reversal, const char *kind,
                         struct fs_file *lock)
{
    reversal->repo = reversal->here;
    if (reversal->row.worktree != reversal->here->linked) {
        TRY(open_other(reversal));
        reversal->repo = reversal->view;
    } else if (reversal->has_life) {
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "operation %" PRIu64
                                    " has made the work tree you are in",
                                    reversal->row.id),
                          "Use 'dits worktree remove' in another one.");
    }
    return operation_begin_locked(reversal->repo, kind, lock,
                                  &reversal->operation);
}

static dits_error *run(struct reversal *reversal, const char *kind,
                       struct fs_file *lock)
{
    TRY(begin(reversal, kind, lock));
    TRY(reverse(reversal));
    if (ends(reversal))
        linked_clear(reversal->view);
    return NULL;
}

dits_error *dits_undo(dits_repo *repo, uint64_t id, uint64_t *out_undone)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(reversal_release) struct reversal reversal = {.here = repo};
    TRY(repo_lock_work(repo, &lock));
    TRY(find_to_undo(&reversal, id));
    TRY(run(&reversal, "undo", &lock));
    if (out_undone != NULL)
        *out_undone = reversal.row.id;
    return NULL;
}

dits_error *dits_redo(dits_repo *repo, uint64_t *out_redone)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(reversal_release) struct reversal reversal = {.here = repo};
    CLEANUP(operation_row_release) struct operation_row target = {0};
    bool found = false;
    TRY(repo_lock_work(repo, &lock));
    TRY(operation_row_to_redo(repo, &target, &found));
    if (!found)
        return error_hint(error_new(DITS_E_NOT_FOUND, "nothing to redo"),
                          "Only what was undone last, with nothing done since, "
                          "can be redone. See 'dits op log'.");
    reversal.target = target.id;
    reversal.again = true;
    TRY(load_row(repo, target.undone_by, &reversal.row));
    TRY(operation_life_load(repo, reversal.row.id, &reversal.life,
                            &reversal.has_life));
    TRY(run(&reversal, "redo", &lock));
    if (out_redone != NULL)
        *out_redone = reversal.target;
    return NULL;
}
