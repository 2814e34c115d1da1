/*
 * Where the history in a bundle is cut: as git cuts what it fetches. A commit
 * that has a parent beyond the limits goes without all of its parents.
 */
#include "base/array.h"
#include "base/mem.h"
#include "repo/bundle.h"
#include "repo/date.h"
#include "repo/history.h"
#include "repo/revision_resolve.h"

/* Commits of one depth, or a stack of them. */
struct nodes {
    struct history_node **items;
    size_t count;
    size_t capacity;
};

struct cutting {
    dits_repo *repo;
    uint64_t depth; /* 0: any */
    int64_t since;
    struct history history;
    struct nodes level;
    struct nodes next;
    struct oid_map *commits;
    struct oid_map *cuts;
};

static void cutting_release(struct cutting *cutting)
{
    history_release(&cutting->history);
    mem_free(cutting->level.items);
    mem_free(cutting->next.items);
}

static dits_error *add_node(struct nodes *nodes, struct history_node *node)
{
    struct history_node **items = array_grown(nodes->items, nodes->count,
                                              &nodes->capacity,
                                              sizeof(struct history_node *));
    if (items == NULL)
        return error_nomem();
    nodes->items = items;
    nodes->items[nodes->count++] = node;
    return NULL;
}

/* To be left out, with all its ancestors. */
static dits_error *exclude(struct cutting *cutting, struct nodes *stack,
                           struct history_node *node)
{
    if ((node->flags & HISTORY_EXCLUDED) != 0)
        return NULL;
    TRY(history_load(&cutting->history, node));
    node->flags |= HISTORY_EXCLUDED;
    return add_node(stack, node);
}

static dits_error *exclude_revision(struct cutting *cutting,
                                    const char *revision)
{
    struct nodes *stack = &cutting->level; /* not in use yet */
    struct history_node *node = NULL;
    struct dits_oid id = {0};
    TRY(dits_revision_resolve(cutting->repo, revision, DITS_REVISION_COMMIT,
                              &id));
    TRY(history_get(&cutting->history, &id, &node));
    TRY(exclude(cutting, stack, node));
    while (stack->count > 0) {
        node = stack->items[--stack->count];
        TRY(context_check(cutting->repo->context));
        for (size_t i = 0; i < node->parent_count; i++)
            TRY(exclude(cutting, stack, node->parents[i]));
    }
    return NULL;
}

static dits_error *is_within(struct cutting *cutting, struct history_node *node,
                             bool *out)
{
    TRY(history_load(&cutting->history, node));
    *out = (node->flags & HISTORY_EXCLUDED) == 0 &&
           node->time >= cutting->since;
    return NULL;
}

/* A commit at the depth that comes, met there first. */
static dits_error *meet(struct cutting *cutting, struct history_node *node)
{
    if ((node->flags & HISTORY_SEEN) != 0)
        return NULL;
    node->flags |= HISTORY_SEEN;
    TRY(oid_map_add(cutting->commits, &node->id, NULL, NULL));
    return add_node(&cutting->next, node);
}

static dits_error *go_on(struct cutting *cutting, struct history_node *node,
                         bool is_last)
{
    bool is_cut = node->commit.cut_parents > 0 ||
                  (is_last && node->parent_count > 0);
    commit_release(&node->commit);
    for (size_t i = 0; i < node->parent_count && !is_cut; i++) {
        bool within = false;
        TRY(is_within(cutting, node->parents[i], &within));
        is_cut = !within;
    }
    if (is_cut)
        return oid_map_add(cutting->cuts, &node->id, NULL, NULL);
    for (size_t i = 0; i < node->parent_count; i++)
        TRY(meet(cutting, node->parents[i]));
    return NULL;
}

/* All of one depth before those of the next: each has its least depth. */
static dits_error *walk(struct cutting *cutting)
{
    for (uint64_t depth = 1; cutting->next.count > 0; depth++) {
        struct nodes level = cutting->next;
        cutting->next = cutting->level;
        cutting->next.count = 0;
        cutting->level = level;
        for (size_t i = 0; i < cutting->level.count; i++) {
            TRY(context_check(cutting->repo->context));
            TRY(go_on(cutting, cutting->level.items[i],
                      depth == cutting->depth));
        }
    }
    return NULL;
}

static dits_error *start(struct cutting *cutting, const struct oid_map *tips)
{
    for (size_t i = 0; i < tips->count; i++) {
        struct history_node *node = NULL;
        bool within = false;
        TRY(history_get(&cutting->history, &tips->ids[i], &node));
        TRY(is_within(cutting, node, &within));
        if (within)
            TRY(meet(cutting, node));
    }
    return NULL;
}

static bool has_parents(const struct cutting *cutting,
                        const struct history_node *node)
{
    bool has = node->parent_count > 0;
    for (size_t i = 0; i < node->parent_count && has; i++)
        has = oid_map_find(cutting->commits, &node->parents[i]->id, NULL);
    return has;
}

/* All its parents may have come along other lines: then it has them. */
static dits_error *drop_idle_cuts(struct cutting *cutting)
{
    CLEANUP(oid_map_release) struct oid_map met = {0};
    met = MOVE(*cutting->cuts);
    for (size_t i = 0; i < met.count; i++) {
        struct history_node *node = NULL;
        TRY(history_get(&cutting->history, &met.ids[i], &node));
        if (!has_parents(cutting, node))
            TRY(oid_map_add(cutting->cuts, &node->id, NULL, NULL));
    }
    return NULL;
}

dits_error *bundle_cuts(const struct dits_bundle_options *options, bool *out)
{
    bool by_what = options->shallow_since != NULL ||
                   options->shallow_exclude_count > 0;
    *out = options->depth > 0 || by_what;
    if (options->depth > 0 && by_what)
        return error_new(DITS_E_INVALID,
                         "a history is cut by depth, or by what it goes into");
    return NULL;
}

dits_error *bundle_cut(dits_repo *repo,
                       const struct dits_bundle_options *options,
                       const struct oid_map *tips, struct oid_map *out_commits,
                       struct oid_map *out_cuts)
{
    CLEANUP(cutting_release)
    struct cutting cutting = {
        .repo = repo,
        .depth = options->depth,
        .since = INT64_MIN,
        .history = {.repo = repo},
        .commits = out_commits,
        .cuts = out_cuts,
    };
    if (options->shallow_since != NULL)
        TRY(date_parse_age(repo->context, options->shallow_since,
                           &cutting.since));
    for (size_t i = 0; i < options->shallow_exclude_count; i++)
        TRY(exclude_revision(&cutting, options->shallow_exclude[i]));
    TRY(start(&cutting, tips));
    TRY(walk(&cutting));
    return drop_idle_cuts(&cutting);
}
