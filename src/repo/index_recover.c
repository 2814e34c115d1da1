#include "repo/head_tree.h"
#include "repo/index_private.h"
#include "repo/operation_row.h"

/*
 * What was staged when the newest operation was published, else what HEAD
 * holds. Zero: nothing ever was.
 */
static dits_error *last_tree(struct index *index, struct dits_oid *out)
{
    CLEANUP(operation_row_release) struct operation_row last = {0};
    bool found = false;
    TRY(operation_row_newest(index->repo, &last, &found));
    if (found) {
        index->operation = last.id;
        *out = last.index_after;
        return NULL;
    }
    *out = (struct dits_oid){0};
    return NULL;
}

dits_error *index_is_current(const struct index *index, bool *out)
{
    CLEANUP(operation_row_release) struct operation_row last = {0};
    bool found = false;
    TRY(operation_row_newest(index->repo, &last, &found));
    *out = found && dits_oid_equal(&last.index_after, &index->tree);
    return NULL;
}

static dits_error *fill(struct index *index, const struct dits_oid *tree)
{
    dits_error *err = index_read_tree(index, tree);
    if (err == NULL)
        return NULL;

    /* Better the files of HEAD than none. */
    struct dits_oid head = {0};
    log_warn(index->repo->context, "what was staged is lost: %s",
             dits_error_message(err));
    dits_error_free(err);
    TRY(head_tree(index->repo, &head));
    return index_read_tree(index, &head);
}

dits_error *index_recover(struct index *index, dits_error *damage)
{
    CLEANUP(dits_error_freep) dits_error *owned = damage;
    struct dits_oid tree = {0};
    TRY_CONTEXT(last_tree(index, &tree), "cannot make the index anew");
    if (dits_oid_is_zero(&tree) && owned == NULL)
        return NULL; /* a new repository */

    TRY_CONTEXT(fill(index, &tree), "cannot make the index anew");
    /* Where nothing was ever staged there is no index to miss. */
    if (owned != NULL || index_count(index) > 0)
        log_warn(index->repo->context, "%s: it is made anew",
                 owned != NULL ? dits_error_message(owned)
                               : "the index is missing");
    index->is_changed = true;
    index->is_whole_new = true;
    return NULL;
}
