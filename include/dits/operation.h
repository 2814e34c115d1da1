/*
 * dits/operation.h - what was done, and taking it back
 *
 * Every command that changes a repository is one operation. It can be undone,
 * and the undoing can be redone: refs, HEAD, what is staged and the files of
 * the work tree, also content that was never committed.
 */
#ifndef DITS_OPERATION_H
#define DITS_OPERATION_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Borrowed for the call. */
struct dits_operation {
    uint64_t id;          /* 1, 2, … */
    int64_t time;         /* seconds since 1970 UTC */
    const char *user;     /* "Name <mail>" or the login */
    const char *kind;     /* "commit", "switch", "undo" … */
    const char *command;  /* the command line */
    uint64_t undoes;      /* of an undo or redo: the operation meant, else 0 */
    bool is_undone;       /* taken back and not redone */
    bool can_undo;        /* its content is still kept, and it was done here */
    const char *worktree; /* the linked work tree it was done in; NULL: the main
                             one */
};

typedef dits_error *dits_operation_fn(const struct dits_operation *operation,
                                      void *payload);

/* Newest first. */
DITS_API DITS_MUST_USE dits_error *dits_operation_each(dits_repo *repo,
                                                       dits_operation_fn *fn,
                                                       void *payload);

/*
 * Take back the operation `id`; 0 is the newest that is not undone. Itself an
 * operation. `out_undone` (NULL allowed) is the one taken back.
 *
 * Errors: NOT_FOUND (nothing to undo), CONFLICT (a later change is in the way:
 * what and where), LOCKED.
 */
DITS_API DITS_MUST_USE dits_error *dits_undo(dits_repo *repo, uint64_t id,
                                             uint64_t *out_undone);

/* Do the newest undone operation again. NOT_FOUND when there is none. */
DITS_API DITS_MUST_USE dits_error *dits_redo(dits_repo *repo,
                                             uint64_t *out_redone);

DITS_END_DECLS

#endif
