/*
 * repo/operation_row.h - operations as meta.db keeps them
 */
#ifndef REPO_OPERATION_ROW_H
#define REPO_OPERATION_ROW_H

#include "repo/refs.h"
#include "repo/repo.h"

/* Values are on disk. */
enum operation_state {
    OPERATION_DONE = 0,
    OPERATION_UNDONE = 1, /* may be redone */
    OPERATION_BURIED = 2, /* undone, then something else was done */
};

/* Zero is empty; texts are owned. */
struct operation_row {
    uint64_t id;
    int64_t time;
    char *user;
    char *kind;
    char *command;
    uint64_t undoes; /* the operation that this takes back or does again */
    enum operation_state state;
    uint64_t undone_by; /* the newest operation that took it back, or 0 */
    struct dits_oid index_before; /* trees */
    struct dits_oid index_after;
    struct dits_oid tree_before; /* partial trees; both zero: not touched */
    struct dits_oid tree_after;
    char *log_from; /* a reflog that was renamed, or NULL */
    char *log_to;
    uint64_t worktree; /* whose HEAD, index and files: linked, 0 the main one */
    uint64_t owner;    /* where it was done, and is taken back */
};

void operation_row_release(struct operation_row *row);

/* One row; `out_found` says whether there is such. */
MUST_USE dits_error *operation_row_load(dits_repo *repo, uint64_t id,
                                        struct operation_row *out,
                                        bool *out_found);

/* The newest of this work tree: it says what is staged. */
MUST_USE dits_error *operation_row_newest(dits_repo *repo,
                                          struct operation_row *out,
                                          bool *out_found);

/* The number of the next, of any work tree. */
MUST_USE dits_error *operation_row_next_id(dits_repo *repo, uint64_t *out);

/* What undo takes back next in this work tree; what redo does next. */
MUST_USE dits_error *operation_row_to_undo(dits_repo *repo,
                                           struct operation_row *out,
                                           bool *out_found);
MUST_USE dits_error *operation_row_to_redo(dits_repo *repo,
                                           struct operation_row *out,
                                           bool *out_found);

/* Newest first. `row` is borrowed for the call. */
typedef dits_error *operation_row_fn(const struct operation_row *row,
                                     void *payload);
MUST_USE dits_error *operation_row_each(dits_repo *repo, operation_row_fn *fn,
                                        void *payload);

/* How a ref, or HEAD, was changed. HEAD has a branch or an id. */
struct operation_ref {
    const char *name;
    const char *branch_before;
    struct dits_oid before;
    const char *branch_after;
    struct dits_oid after;
};

typedef dits_error *operation_ref_fn(const struct operation_ref *ref,
                                     void *payload);
MUST_USE dits_error *operation_row_each_ref(dits_repo *repo, uint64_t id,
                                            operation_ref_fn *fn,
                                            void *payload);

/* Within a transaction. */
MUST_USE dits_error *operation_row_insert(dits_repo *repo,
                                          const struct operation_row *row);
MUST_USE dits_error *operation_row_insert_ref(dits_repo *repo, uint64_t id,
                                              const struct operation_ref *ref);
MUST_USE dits_error *operation_row_set_state(dits_repo *repo, uint64_t id,
                                             enum operation_state state,
                                             uint64_t undone_by);

/* The work tree in which a ref (as stored) was moved last. */
MUST_USE dits_error *operation_row_last_mover(dits_repo *repo, const char *ref,
                                              uint64_t *out, bool *out_found);

/* The row itself, without its refs. */
MUST_USE dits_error *operation_row_remove(dits_repo *repo, uint64_t id);

/* What was undone in that work tree cannot be redone any more: something else
 * was done there. */
MUST_USE dits_error *operation_row_bury(dits_repo *repo, uint64_t owner);

/* Drop operations older than `before`, in batches; the newest of each work tree
 * stays. */
MUST_USE dits_error *operation_row_expire(dits_repo *repo, int64_t before,
                                          uint64_t *out_dropped);

#endif
