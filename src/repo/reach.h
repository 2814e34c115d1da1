/*
 * repo/reach.h - everything that a repository still needs
 *
 * Starts from the roots (refs, the kept reflog and operations, what is staged),
 * or from what the caller names, and marks the ids of all that they lead to.
 * Objects are read and so checked; data chunks are not.
 */
#ifndef REPO_REACH_H
#define REPO_REACH_H

#include "base/oid_map.h"
#include "repo/id_set.h"
#include "repo/repo.h"
#include "store/store.h"

/* A commit, a node of a tree or an asset that is seen and not yet gone into. */
struct reach_item {
    enum chunk_kind kind;
    struct dits_oid id;
};

struct reach {
    dits_repo *repo;              /* borrowed */
    int64_t started;              /* when marking began: seconds since 1970 */
    const struct id_set *without; /* assets to pass over; NULL: none */
    struct id_set seen;
    struct reach_item *queue; /* the last one comes first */
    size_t count;
    size_t capacity;

    /* Commits whose parents are not gone to; NULL: those of shallow.h. */
    const struct oid_map *boundary;
    /* What was cut at those: may have its parents by the next reach_mark(). */
    struct reach_item *cuts;
    size_t cut_count;
    size_t cut_capacity;

    /* Called between items, when the fields above are in order; or NULL. */
    dits_error *(*on_pause)(struct reach *reach, void *payload);
    /* Called for every id when it is met first, before it is read; or NULL. */
    dits_error *(*on_new)(enum chunk_kind kind, const struct dits_oid *id,
                          void *payload);
    void *payload;
};

void reach_release(struct reach *reach);

/*
 * Mark all that the roots of now lead to. May be called again: what was marked
 * before is not read again, but for commits at which the history was cut: it
 * may have come since.
 *
 * Errors: NOT_FOUND and CORRUPT (something is missing or damaged), CANCELLED.
 */
MUST_USE dits_error *reach_mark(struct reach *reach);

/* The same for one root alone, of any kind but data and lists. */
MUST_USE dits_error *reach_mark_from(struct reach *reach, enum chunk_kind kind,
                                     const struct dits_oid *id);

/* Calls `fn` for every root that refs, the reflog and operations hold. */
typedef dits_error *reach_root_fn(enum chunk_kind kind,
                                  const struct dits_oid *id, void *payload);
MUST_USE dits_error *reach_each_name(dits_repo *repo, reach_root_fn *fn,
                                     void *payload);

/* The same, and for what is staged. */
MUST_USE dits_error *reach_each_root(dits_repo *repo, reach_root_fn *fn,
                                     void *payload);

#endif
