#include <dits/operation.h>

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/checkout.h"
#include "repo/index.h"
#include "repo/operation.h"
#include "repo/operation_row.h"
#include "repo/ref_name.h"
#include "repo/sparse_change.h"

/*
 * To take an operation back is to bring all that it touched from its `after`
 * to its `before`. Refs and what is staged must be as it left them; files of
 * the work tree that are not are captured before they are replaced. To redo is
 * to take the undo back: that also returns what the undo captured.
 */
struct reversal {
    dits_repo *repo;
    struct operation *operation;
    struct operation_row row; /* to take back */
    uint64_t target;          /* the operation that this is about */
    bool again;               /* a redo of it */
    char *message;            /* for the reflog */
};

static void reversal_release(struct reversal *reversal)
{
    operation_free(reversal->operation);
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

static dits_error *reverse_ref(const struct operation_ref *ref, void *payload)
{
    struct reversal *reversal = payload;
    CLEANUP(buf_release) struct buf what = {0};
    struct dits_oid now = {0};
    bool found = false;
    if (strcmp(ref->name, REF_HEAD) == 0)
        return reverse_head(reversal, ref);

    TRY(refs_read(reversal->repo, ref->name, &now, &found));
    if (!found)
        now = (struct dits_oid){0};
    if (!dits_oid_equal(&now, &ref->after)) {
        TRY(buf_printf(&what, "'%s' has moved since",
                       ref_name_short(ref->name)));
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

static dits_error *reverse(struct reversal *reversal)
{
    CLEANUP(buf_release) struct buf message = {0};
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    bool is_whole = false;
    TRY(buf_printf(&message, "%s: %s", reversal->again ? "redo" : "undo",
                   reversal->row.kind));
    TRY(buf_take_text(&message, &reversal->message));
    TRY(operation_row_each_ref(reversal->repo, reversal->row.id, reverse_ref,
                               reversal));
    TRY(reverse_log(reversal));
    TRY(index_is_whole(reversal, &is_whole));
    TRY(reverse_files(reversal));
    TRY(reverse_index(reversal, is_whole));
    TRY(sparse_change_reverse(reversal->repo, reversal->operation,
                              reversal->row.id, &set));
    operation_set_undoes(reversal->operation, reversal->target,
                         reversal->again);
    TRY(operation_commit(reversal->operation));
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
    TRY(load_row(reversal->repo, row->undoes, &target));
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

static dits_error *find_to_undo(struct reversal *reversal, uint64_t id)
{
    bool found = false;
    if (id == 0) {
        TRY(operation_row_to_undo(reversal->repo, &reversal->row, &found));
        if (!found)
            return error_hint(error_new(DITS_E_NOT_FOUND, "nothing to undo"),
                              "See 'dits op log'.");
    } else {
        TRY(load_row(reversal->repo, id, &reversal->row));
    }
    if (reversal->row.undoes != 0)
        return find_target(reversal);
    if (reversal->row.state != OPERATION_DONE)
        return undone_already(reversal->row.id);
    reversal->target = reversal->row.id;
    return NULL;
}

dits_error *dits_undo(dits_repo *repo, uint64_t id, uint64_t *out_undone)
{
    CLEANUP(reversal_release) struct reversal reversal = {.repo = repo};
    TRY(operation_begin(repo, "undo", &reversal.operation));
    TRY(find_to_undo(&reversal, id));
    TRY(reverse(&reversal));
    if (out_undone != NULL)
        *out_undone = reversal.row.id;
    return NULL;
}

dits_error *dits_redo(dits_repo *repo, uint64_t *out_redone)
{
    CLEANUP(reversal_release) struct reversal reversal = {.repo = repo};
    CLEANUP(operation_row_release) struct operation_row target = {0};
    bool found = false;
    TRY(operation_begin(repo, "redo", &reversal.operation));
    TRY(operation_row_to_redo(repo, &target, &found));
    if (!found)
        return error_hint(error_new(DITS_E_NOT_FOUND, "nothing to redo"),
                          "Only what was undone last, with nothing done since, "
                          "can be redone. See 'dits op log'.");
    reversal.target = target.id;
    reversal.again = true;
    TRY(load_row(repo, target.undone_by, &reversal.row));
    TRY(reverse(&reversal));
    if (out_redone != NULL)
        *out_redone = reversal.target;
    return NULL;
}
