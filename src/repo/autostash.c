#include "repo/autostash.h"

#include <inttypes.h>

#include "repo/stash.h"

dits_error *autostash_push(dits_repo *repo, struct dits_oid *out)
{
    return stash_push_as(repo, "autostash", out);
}

/* Its number in the list. */
static dits_error *find(dits_repo *repo, const struct dits_oid *id,
                        uint64_t *out_number, struct stash_entry *out)
{
    CLEANUP(stash_entries_release) struct stash_entries entries = {0};
    TRY(stash_list(repo, &entries));
    for (size_t i = 0; i < entries.count; i++) {
        if (!dits_oid_equal(&entries.items[i].id, id))
            continue;
        *out_number = i;
        *out = MOVE(entries.items[i]);
        return NULL;
    }
    return error_new(DITS_E_NOT_FOUND,
                     "the changes that were put aside are in no stash any "
                     "more");
}

dits_error *autostash_unlist(struct operation *operation,
                             const struct dits_oid *id, struct unfinished *work)
{
    CLEANUP(stash_entry_release) struct stash_entry entry = {0};
    uint64_t number = 0;
    if (dits_oid_is_zero(id))
        return NULL;
    TRY(find(operation_repo(operation), id, &number, &entry));
    TRY(stash_remove(operation, &entry));
    work->autostash = *id;
    return NULL;
}

dits_error *autostash_list(struct operation *operation,
                           const struct unfinished *work)
{
    return dits_oid_is_zero(&work->autostash)
               ? NULL
               : stash_add(operation, &work->autostash);
}

static dits_error *pop(dits_repo *repo, uint64_t number)
{
    const struct dits_stash_apply_options options = {.number = number,
                                                     .drop = true};
    struct dits_stash_apply_result result = {0};
    TRY(dits_stash_apply(repo, &options, &result));
    if (result.conflicts > 0)
        log_warn(repo->context,
                 "the changes that were put aside have conflicts here; they "
                 "are kept in stash@{%" PRIu64 "}",
                 number);
    return NULL;
}

dits_error *autostash_pop(dits_repo *repo, struct operation **done,
                          const struct dits_oid *id)
{
    CLEANUP(stash_entry_release) struct stash_entry entry = {0};
    uint64_t number = 0;
    if (dits_oid_is_zero(id))
        return NULL;
    if (done != NULL) {
        operation_free(*done); /* with its lock */
        *done = NULL;
    }
    TRY(find(repo, id, &number, &entry));
    dits_error *err = pop(repo, number);
    if (!dits_error_has(err, DITS_E_CONFLICT))
        return err;
    log_warn(repo->context,
             "the changes that were put aside do not fit here: %s; they are "
             "kept in stash@{%" PRIu64 "}",
             dits_error_message(err), number);
    dits_error_free(err);
    return NULL;
}
