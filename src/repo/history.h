/*
 * repo/history.h - commits as nodes of a graph
 *
 * Each commit is read once. Nodes live as long as the history. Where it was cut
 * (shallow.h), nodes have no parents.
 */
#ifndef REPO_HISTORY_H
#define REPO_HISTORY_H

#include "base/oid_map.h"
#include "object/commit.h"
#include "repo/repo.h"

enum history_flag {
    HISTORY_SEEN = 1 << 0,     /* was put into the queue */
    HISTORY_QUEUED = 1 << 1,   /* is in it */
    HISTORY_EXCLUDED = 1 << 2, /* reachable from what is left out */
    HISTORY_LISTED = 1 << 3,   /* part of the result, shown or not */
    HISTORY_HIDDEN = 1 << 4,   /* changes none of the paths asked for */
};

struct history_node {
    struct dits_oid id;
    int64_t time; /* of the committer */
    struct dits_oid tree;
    struct history_node **parents; /* those to follow */
    size_t parent_count;
    size_t children; /* listed ones not yet shown, for topological order */
    unsigned flags;
    bool is_loaded;
    struct commit commit;     /* while it is kept; else empty */
    struct dits_oid *entries; /* for log_paths.c: what the paths are here */
};

struct history {
    dits_repo *repo;
    struct oid_map numbers;
    struct history_node **nodes; /* by number */
    size_t capacity;
};

void history_release(struct history *history);

/* The node of `id`, not loaded when it is new. */
MUST_USE dits_error *history_get(struct history *history,
                                 const struct dits_oid *id,
                                 struct history_node **out);

/* Read the commit, unless that was done. It stays in `node->commit`. */
MUST_USE dits_error *history_load(struct history *history,
                                  struct history_node *node);

/* Nodes by time, newest first; equal times in the order they came. */
struct history_queue {
    struct history_queue_item {
        struct history_node *node;
        uint64_t order;
    } * items; /* a heap */
    size_t count;
    size_t capacity;
    uint64_t next_order;
};

void history_queue_release(struct history_queue *queue);
MUST_USE dits_error *history_queue_put(struct history_queue *queue,
                                       struct history_node *node);

/* NULL when it is empty. */
struct history_node *history_queue_take(struct history_queue *queue);

/* Some ids, borrowed. */
struct history_ids {
    const struct dits_oid *items;
    size_t count;
};

/*
 * Which of `wanted`, whose ids rise, are among `tips` or their ancestors: `out`
 * has an answer for each. Ends as soon as all are found.
 */
MUST_USE dits_error *history_find_each(dits_repo *repo, struct history_ids tips,
                                       struct history_ids wanted, bool *out);

/* Whether `descendant` is or has among its ancestors `ancestor`. */
MUST_USE dits_error *history_contains(dits_repo *repo,
                                      const struct dits_oid *descendant,
                                      const struct dits_oid *ancestor,
                                      bool *out);

#endif
