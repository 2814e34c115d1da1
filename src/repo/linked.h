/*
 * repo/linked.h - the work trees of one repository
 *
 * The main one holds .dits. Each linked one has a row in meta.db with its HEAD,
 * a folder .dits/worktrees/NAME for what is its own alone (private_dir), and in
 * its top, in place of the folder .dits, a file that leads here (link_file.h).
 *
 * A row appears with the operation that makes the work tree and goes with the
 * one that ends it (operation_set_life()). Numbers are never used again: what
 * operations and refs keep under a number is no other work tree's.
 */
#ifndef REPO_LINKED_H
#define REPO_LINKED_H

#include <dits/worktrees.h>

#include "repo/repo.h"

#define LINKED_FOLDER "worktrees"

/* Zero is empty; texts are owned. */
struct linked {
    uint64_t id;
    char *name;
    char *path;   /* absolute */
    char *branch; /* full name; NULL: detached at `head` */
    struct dits_oid head;
    char *lock_reason; /* perhaps ""; NULL: not locked */
};

void linked_release(struct linked *linked);

/* Absence is an answer. */
MUST_USE dits_error *linked_find(dits_repo *repo, const char *name,
                                 struct linked *out, bool *out_found);
MUST_USE dits_error *linked_load(dits_repo *repo, uint64_t id,
                                 struct linked *out, bool *out_found);

/* In the order in which they were made. `fn` may change the rows. */
typedef dits_error *linked_fn(const struct linked *linked, void *payload);
MUST_USE dits_error *linked_each(dits_repo *repo, linked_fn *fn, void *payload);

/* What it is or was called; NULL: not known any more. */
MUST_USE dits_error *linked_last_name(dits_repo *repo, uint64_t id, char **out);

/* "the work tree 'cut'", also of one that is no more; "the main work tree". */
MUST_USE dits_error *linked_describe(dits_repo *repo, uint64_t id,
                                     struct buf *out);

/* The number of the next one. */
MUST_USE dits_error *linked_next_id(dits_repo *repo, uint64_t *out);

/* linked_name.c: the absolute path of where a work tree is to be. INVALID
 * inside of .dits. */
MUST_USE dits_error *linked_new_place(const dits_repo *repo, const char *path,
                                      char **out);

/* The work tree that a user names. NOT_FOUND; INVALID for the main one, and for
 * several. */
MUST_USE dits_error *linked_meant(dits_repo *repo, const char *text,
                                  struct linked *out);

/* CONFLICT if it is locked; `what`: "remove". */
MUST_USE dits_error *linked_refuse_locked(const struct linked *linked,
                                          const char *what);

/* `reason` NULL: not locked. Under the work lock. */
MUST_USE dits_error *linked_set_lock(dits_repo *repo, uint64_t id,
                                     const char *reason);
MUST_USE dits_error *linked_set_path(dits_repo *repo, uint64_t id,
                                     const char *path);

/* ".dits/worktrees/NAME" of that repository. */
MUST_USE dits_error *linked_private_dir(const char *dits_dir, const char *name,
                                        char **out);

/* The top of the main work tree. */
MUST_USE dits_error *linked_main_path(const dits_repo *repo, char **out);

/*
 * Another work tree of `repo` to work in, NULL: the main one. It borrows
 * database, store and configuration, so only one of them is used at a time.
 */
MUST_USE dits_error *linked_view(dits_repo *repo, const struct linked *linked,
                                 dits_repo **out);
void linked_view_freep(dits_repo **view);

/* Why the folder of a view is not that of its work tree; NULL: it is. */
MUST_USE dits_error *linked_look(const dits_repo *view, const char **out_why);

/* Each work tree, also that of `repo`, as a view. */
typedef dits_error *linked_view_fn(dits_repo *view, void *payload);
MUST_USE dits_error *linked_each_view(dits_repo *repo, linked_view_fn *fn,
                                      void *payload);

#endif
