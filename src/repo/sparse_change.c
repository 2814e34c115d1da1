#include "repo/sparse_change.h"

#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "repo/checkout.h"
#include "repo/compare.h"
#include "repo/operation_sparse.h"

/* One change, while the work tree follows. */
struct following {
    dits_repo *repo;
    struct operation *operation;
    const struct sparse *was;
    const struct sparse_set *to;
    const struct dits_sparse_options *options;
    struct scan_result scan; /* tracked files that are not as staged */
    struct compared compared;
    size_t at; /* in the scan: what sorts before was met */
    struct checkout *checkout;
    struct dits_sparse_result result;
};

static void release_following(struct following *following)
{
    checkout_free(following->checkout);
    compared_release(&following->compared);
    scan_result_release(&following->scan);
}

/* What has to be known of the files before any of them is touched. */
static dits_error *look(struct following *following)
{
    CLEANUP(pathspec_freep) struct pathspec *all = NULL;
    TRY(pathspec_of(following->repo, NULL, &all));
    const struct scan_options options = {
        .index = operation_index(following->operation),
        .pathspec = all,
        .tracked_only = true,
    };
    TRY(scan_run(following->repo, &options, &following->scan));
    return compare_doubtful(following->repo, &following->scan,
                            &following->compared);
}

/* Whether the file is there and differs from what is staged. */
static bool is_changed(struct following *following, const char *path)
{
    const struct scan_result *scan = &following->scan;
    while (following->at < scan->count &&
           path_compare(scan->entries[following->at].path, path) < 0)
        following->at++;
    if (following->at == scan->count)
        return false;
    const struct scan_entry *seen = &scan->entries[following->at];
    return strcmp(seen->path, path) == 0 && seen->state == SCAN_DOUBTFUL &&
           following->compared.fresh[following->at].mode == 0;
}

static void keep(struct following *following, const char *path)
{
    const struct dits_sparse_options *options = following->options;
    following->result.files_kept++;
    if (options != NULL && options->on_kept != NULL)
        options->on_kept(path, options->payload);
}

/*
 * A wanted file is written only where it was not wanted before: one that is
 * missing otherwise was deleted by the user.
 */
static dits_error *decide(struct following *following,
                          const struct index_entry *entry)
{
    const struct tree_entry staged = {.mode = entry->mode, .id = entry->asset};
    bool wanted = true;
    bool was_absent = false;
    bool changed = is_changed(following, entry->path);
    TRY(sparse_set_has(following->to, entry->path, &wanted));
    TRY(sparse_may_be_absent(following->was, entry->path, &was_absent));
    if (changed && !wanted)
        keep(following, entry->path);
    if (changed || (wanted && !was_absent))
        return NULL;
    return wanted
               ? checkout_add(following->checkout, entry->path, NULL, &staged)
               : checkout_add(following->checkout, entry->path, &staged, NULL);
}

static dits_error *follow(struct following *following)
{
    const struct checkout_options how = {.task = "changing the sparse set"};
    const struct index *index = operation_index(following->operation);
    struct checkout_result done = {0};
    TRY(look(following));
    TRY(checkout_new(following->repo, following->operation, &how,
                     &following->checkout));
    for (size_t i = 0; i < index_count(index); i++)
        TRY(decide(following, index_at(index, i)));
    TRY(checkout_run(following->checkout, &done));
    following->result.files_written = done.files_written;
    following->result.files_removed = done.files_removed;
    return NULL;
}

/* To take the change back is to change to the set from before: the operation
 * need not know the files. */
static dits_error *tell_operation(struct following *following)
{
    CLEANUP(text_free) char *before = NULL;
    CLEANUP(text_free) char *after = NULL;
    const struct dits_oid none = {0};
    TRY(sparse_text(sparse_current(following->was), &before));
    TRY(sparse_text(following->to, &after));
    operation_set_worktree(following->operation, &none, &none);
    return operation_set_sparse(following->operation, before, after);
}

/* As the file was; what failed matters more than a failure of this. */
static void put_back(dits_repo *repo, const struct sparse *was,
                     const struct operation *operation)
{
    dits_error *err = sparse_save(repo, sparse_current(was), sparse_target(was),
                                  operation_number(operation));
    if (err != NULL)
        log_warn(repo->context, "%s", dits_error_message(err));
    dits_error_free(err);
}

dits_error *sparse_change_run(dits_repo *repo, struct operation *operation,
                              const struct sparse_set *to,
                              const struct dits_sparse_options *options,
                              struct dits_sparse_result *out)
{
    CLEANUP(sparse_freep) struct sparse *was = NULL;
    CLEANUP(release_following)
    struct following following = {
        .repo = repo, .operation = operation, .to = to, .options = options};
    TRY(sparse_open(repo, &was));
    following.was = was;
    TRY(sparse_save(repo, sparse_current(was), to,
                    operation_number(operation)));
    dits_error *err = follow(&following);
    if (err == NULL)
        err = tell_operation(&following);
    if (err != NULL) {
        put_back(repo, was, operation);
        return err;
    }
    if (out != NULL)
        *out = following.result;
    return NULL;
}

dits_error *sparse_change_reverse(dits_repo *repo, struct operation *operation,
                                  uint64_t id, struct sparse_set **out_to)
{
    CLEANUP(operation_sparse_release) struct operation_sparse row = {0};
    CLEANUP(sparse_freep) struct sparse *now = NULL;
    CLEANUP(sparse_set_freep) struct sparse_set *to = NULL;
    CLEANUP(text_free) char *text = NULL;
    bool found = false;
    *out_to = NULL;
    TRY(operation_sparse_load(repo, id, &row, &found));
    if (!found)
        return NULL;
    TRY(sparse_open(repo, &now));
    TRY(sparse_text(sparse_current(now), &text));
    if (sparse_target(now) != NULL)
        return error_hint(error_new(DITS_E_CONFLICT, "a change of the sparse "
                                                     "set was cut off"),
                          "Finish it with 'dits sparse reapply'.");
    if (strcmp(text, row.after) != 0)
        return error_hint(
            error_new(DITS_E_CONFLICT, "the sparse set is another one since"),
            "Undo what was done later first. See 'dits op log'.");
    TRY(sparse_set_parse(slice_of_text(row.before), &to));
    TRY(sparse_change_run(repo, operation, to, NULL, NULL));
    *out_to = MOVE(to);
    return NULL;
}

dits_error *sparse_change_finish(dits_repo *repo, const struct sparse_set *to)
{
    return to != NULL ? sparse_save(repo, to, NULL, 0) : NULL;
}
