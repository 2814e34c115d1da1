#include "repo/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "repo/shallow.h"

static void free_node(struct history_node *node)
{
    commit_release(&node->commit);
    mem_free(node->parents);
    mem_free(node->entries);
    mem_free(node);
}

void history_release(struct history *history)
{
    for (size_t i = 0; i < history->numbers.count; i++) {
        if (history->nodes[i] != NULL)
            free_node(history->nodes[i]);
    }
    mem_free(history->nodes);
    oid_map_release(&history->numbers);
    *history = (struct history){0};
}

dits_error *history_get(struct history *history, const struct dits_oid *id,
                        struct history_node **out)
{
    size_t number = 0;
    bool is_new = false;
    struct history_node **nodes =
        array_grown(history->nodes, history->numbers.count, &history->capacity,
                    sizeof(struct history_node *));
    if (nodes == NULL)
        return error_nomem();
    history->nodes = nodes;
    if (history->numbers.count == 0)
        TRY(shallow_refresh(history->repo));
    TRY(oid_map_add(&history->numbers, id, &number, &is_new));
    if (history->nodes[number] == NULL) {
        struct history_node *node = mem_new(struct history_node);
        if (node == NULL)
            return error_nomem();
        node->id = *id;
        history->nodes[number] = node;
    }
    *out = history->nodes[number];
    return NULL;
}

static dits_error *link_parents(struct history *history,
                                struct history_node *node,
                                const struct commit *commit)
{
    if (commit->parent_count == 0)
        return NULL;
    node->parents = mem_new_array(struct history_node *, commit->parent_count);
    if (node->parents == NULL)
        return error_nomem();
    for (size_t i = 0; i < commit->parent_count; i++)
        TRY(history_get(history, &commit->parents[i], &node->parents[i]));
    node->parent_count = commit->parent_count;
    return NULL;
}

dits_error *history_load(struct history *history, struct history_node *node)
{
    if (node->is_loaded)
        return NULL;
    CLEANUP(commit_release) struct commit commit = {0};
    char hex[OID_HEX_SIZE] = "";
    dits_error *err = shallow_load(history->repo, &node->id, &commit);
    if (err != NULL) {
        dits_oid_hex(&node->id, hex);
        return error_wrap(err, "the history is broken at commit %s", hex);
    }
    TRY(link_parents(history, node, &commit));
    node->time = commit.committer.time;
    node->tree = commit.tree;
    node->commit = MOVE(commit);
    node->is_loaded = true;
    return NULL;
}

void history_queue_release(struct history_queue *queue)
{
    mem_free(queue->items);
    *queue = (struct history_queue){0};
}

static bool goes_first(const struct history_queue_item *a,
                       const struct history_queue_item *b)
{
    if (a->node->time != b->node->time)
        return a->node->time > b->node->time;
    return a->order < b->order;
}

static void swap(struct history_queue_item *a, struct history_queue_item *b)
{
    struct history_queue_item kept = *a;
    *a = *b;
    *b = kept;
}

dits_error *history_queue_put(struct history_queue *queue,
                              struct history_node *node)
{
    struct history_queue_item *items = array_grown(
        queue->items, queue->count, &queue->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    queue->items = items;
    size_t at = queue->count++;
    queue->items[at] =
        (struct history_queue_item){.node = node, .order = queue->next_order++};
    while (at > 0 &&
           goes_first(&queue->items[at], &queue->items[(at - 1) / 2])) {
        swap(&queue->items[at], &queue->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    return NULL;
}

struct history_node *history_queue_take(struct history_queue *queue)
{
    if (queue->count == 0)
        return NULL;
    struct history_node *node = queue->items[0].node;
    queue->items[0] = queue->items[--queue->count];
    for (size_t at = 0;;) {
        size_t child = 2 * at + 1;
        if (child >= queue->count)
            return node;
        if (child + 1 < queue->count &&
            goes_first(&queue->items[child + 1], &queue->items[child]))
            child++;
        if (!goes_first(&queue->items[child], &queue->items[at]))
            return node;
        swap(&queue->items[child], &queue->items[at]);
        at = child;
    }
}

static dits_error *put_once(struct history *history,
                            struct history_queue *queue,
                            struct history_node *node)
{
    if ((node->flags & HISTORY_SEEN) != 0)
        return NULL;
    TRY(history_load(history, node));
    node->flags |= HISTORY_SEEN;
    return history_queue_put(queue, node);
}

static int compare_ids(const void *a, const void *b)
{
    return oid_compare(a, b);
}

/* Answer for `id` if it is wanted. Whether it had none before. */
static bool answer(struct history_ids wanted, const struct dits_oid *id,
                   bool *out)
{
    const struct dits_oid *found = bsearch(id, wanted.items, wanted.count,
                                           sizeof(*wanted.items), compare_ids);
    if (found == NULL || out[found - wanted.items])
        return false;
    out[found - wanted.items] = true;
    return true;
}

/* Newest first finds near ancestors soon, whatever the clocks said. */
dits_error *history_find_each(dits_repo *repo, struct history_ids tips,
                              struct history_ids wanted, bool *out)
{
    CLEANUP(history_release) struct history history = {.repo = repo};
    CLEANUP(history_queue_release) struct history_queue queue = {0};
    struct history_node *node = NULL;
    size_t missing = wanted.count;
    memset(out, 0, wanted.count * sizeof(*out));
    for (size_t i = 0; i < tips.count; i++) {
        TRY(history_get(&history, &tips.items[i], &node));
        TRY(put_once(&history, &queue, node));
    }
    while (missing > 0 && (node = history_queue_take(&queue)) != NULL) {
        TRY(context_check(repo->context));
        missing -= answer(wanted, &node->id, out) ? 1 : 0;
        commit_release(&node->commit);
        for (size_t i = 0; missing > 0 && i < node->parent_count; i++)
            TRY(put_once(&history, &queue, node->parents[i]));
    }
    return NULL;
}

dits_error *history_contains(dits_repo *repo, const struct dits_oid *descendant,
                             const struct dits_oid *ancestor, bool *out)
{
    return history_find_each(repo, (struct history_ids){descendant, 1},
                             (struct history_ids){ancestor, 1}, out);
}
