#include "repo/merge_base.h"

#include "base/array.h"
#include "base/mem.h"
#include "repo/history.h"

/* Flags of this walk, in place of those of other walks (history.h). */
enum {
    OF_A = 1 << 8,    /* reachable from a */
    OF_B = 1 << 9,    /* reachable from b */
    STALE = 1 << 10,  /* below a common ancestor that was found */
    RESULT = 1 << 11, /* common */
};

struct walk {
    dits_repo *repo;
    struct history history;
    struct history_queue queue;
    size_t fresh; /* in the queue and not stale */
    bool is_cut;
    struct history_node **results;
    size_t result_count;
    size_t result_capacity;
};

static void release_walk(struct walk *walk)
{
    history_queue_release(&walk->queue);
    history_release(&walk->history);
    mem_free(walk->results);
}

void merge_bases_release(struct merge_bases *bases)
{
    mem_free(bases->ids);
    *bases = (struct merge_bases){0};
}

/* Add flags to a node, and have it looked at (again) when it had not all. */
static dits_error *paint(struct walk *walk, struct history_node *node,
                         unsigned flags)
{
    if ((node->flags & flags) == flags)
        return NULL;
    TRY(history_load(&walk->history, node));
    bool was_fresh = (node->flags & HISTORY_QUEUED) != 0 &&
                     (node->flags & STALE) == 0;
    bool was_queued = (node->flags & HISTORY_QUEUED) != 0;
    node->flags |= flags | HISTORY_QUEUED;
    bool is_fresh = (node->flags & STALE) == 0;
    walk->fresh += is_fresh && !was_fresh;
    walk->fresh -= !is_fresh && was_fresh;
    return was_queued ? NULL : history_queue_put(&walk->queue, node);
}

static dits_error *add_result(struct walk *walk, struct history_node *node)
{
    struct history_node **results =
        array_grown(walk->results, walk->result_count, &walk->result_capacity,
                    sizeof(struct history_node *));
    if (results == NULL)
        return error_nomem();
    walk->results = results;
    walk->results[walk->result_count++] = node;
    node->flags |= RESULT;
    return NULL;
}

static dits_error *step(struct walk *walk, struct history_node *node)
{
    unsigned flags = node->flags & (OF_A | OF_B | STALE);
    node->flags &= ~(unsigned)HISTORY_QUEUED;
    walk->fresh -= (flags & STALE) == 0;
    if (flags == (OF_A | OF_B)) {
        if ((node->flags & RESULT) == 0)
            TRY(add_result(walk, node));
        flags |= STALE;
    }
    walk->is_cut |= node->commit.cut_parents > 0;
    commit_release(&node->commit);
    for (size_t i = 0; i < node->parent_count; i++)
        TRY(paint(walk, node->parents[i], flags));
    return NULL;
}

static dits_error *start(struct walk *walk, const struct dits_oid *id,
                         unsigned flag)
{
    struct history_node *node = NULL;
    TRY(history_get(&walk->history, id, &node));
    return paint(walk, node, flag);
}

/*
 * Whether another result descends from result `i`: where clocks went back the
 * walk may have met an ancestor before it knew.
 */
static dits_error *is_redundant(struct walk *walk, size_t i, bool *out)
{
    *out = (walk->results[i]->flags & STALE) != 0;
    for (size_t j = 0; j < walk->result_count && !*out; j++)
        if (j != i)
            TRY(history_contains(walk->repo, &walk->results[j]->id,
                                 &walk->results[i]->id, out));
    return NULL;
}

static dits_error *collect(struct walk *walk, struct merge_bases *out)
{
    if (walk->result_count == 0)
        return NULL;
    out->ids = mem_new_array(struct dits_oid, walk->result_count);
    if (out->ids == NULL)
        return error_nomem();
    for (size_t i = 0; i < walk->result_count; i++) {
        bool redundant = false;
        TRY(is_redundant(walk, i, &redundant));
        if (!redundant)
            out->ids[out->count++] = walk->results[i]->id;
    }
    return NULL;
}

dits_error *merge_bases_find(dits_repo *repo, const struct dits_oid *a,
                             const struct dits_oid *b, struct merge_bases *out)
{
    CLEANUP(release_walk)
    struct walk walk = {.repo = repo, .history = {.repo = repo}};
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    TRY(start(&walk, a, OF_A));
    TRY(start(&walk, b, OF_B));
    while (walk.fresh > 0) {
        TRY(context_check(repo->context));
        TRY(step(&walk, history_queue_take(&walk.queue)));
    }
    TRY(collect(&walk, &bases));
    bases.is_cut = walk.is_cut;
    *out = MOVE(bases);
    return NULL;
}
