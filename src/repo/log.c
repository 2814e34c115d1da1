#include "repo/log.h"

#include "base/array.h"
#include "base/mem.h"
#include "repo/date.h"
#include "repo/log_paths.h"

/*
 * How many excluded commits are looked at in vain before the walk stops: a
 * commit whose clock was wrong may hide the way to one that is listed.
 */
enum { PATIENCE = 5 };

static void log_release(struct log *log)
{
    history_release(&log->history);
    history_queue_release(&log->queue);
    pathspec_free(log->pathspec);
    mem_free(log->list);
}

/* Marks that `node` is excluded, and counts it where that matters. */
static void exclude(struct log *log, struct history_node *node)
{
    bool was = (node->flags & HISTORY_EXCLUDED) != 0;
    node->flags |= HISTORY_EXCLUDED;
    log->has_excluded = true;
    if (!was && (node->flags & HISTORY_QUEUED) != 0)
        log->wanted_in_queue--;
}

dits_error *log_enqueue(struct log *log, const struct dits_oid *id,
                        bool excluded)
{
    struct history_node *node = NULL;
    TRY(history_get(&log->history, id, &node));
    if (excluded)
        exclude(log, node);
    if ((node->flags & HISTORY_SEEN) != 0)
        return NULL;
    TRY(history_load(&log->history, node));
    node->flags |= HISTORY_SEEN | HISTORY_QUEUED;
    if ((node->flags & HISTORY_EXCLUDED) == 0)
        log->wanted_in_queue++;
    return history_queue_put(&log->queue, node);
}

static struct history_node *take(struct log *log)
{
    struct history_node *node = history_queue_take(&log->queue);
    if (node == NULL)
        return NULL;
    node->flags &= ~(unsigned)HISTORY_QUEUED;
    if ((node->flags & HISTORY_EXCLUDED) == 0)
        log->wanted_in_queue--;
    return node;
}

static dits_error *enqueue_parents(struct log *log,
                                   const struct history_node *node)
{
    size_t count = node->parent_count;
    if (log->options->first_parent && count > 1)
        count = 1;
    for (size_t i = 0; i < count; i++)
        TRY(log_enqueue(log, &node->parents[i]->id, false));
    return NULL;
}

/* Only the parent at `index` is followed from here. */
static void follow_one(struct history_node *node, size_t index)
{
    node->parents[0] = node->parents[index];
    node->parent_count = 1;
}

/*
 * git's simplification: a commit that is, in the paths asked for, the same as
 * one of its parents is not shown, and that parent's line alone is followed.
 */
static dits_error *simplify(struct log *log, struct history_node *node)
{
    if (log->options->first_parent && node->parent_count > 1)
        node->parent_count = 1;
    if (log->pathspec == NULL)
        return NULL;
    bool same = false;
    if (node->parent_count == 0) {
        TRY(log_paths_same(log->repo, log->pathspec, node, NULL, &same));
        node->flags |= same ? HISTORY_HIDDEN : 0;
        return NULL;
    }
    for (size_t i = 0; i < node->parent_count; i++) {
        TRY(history_load(&log->history, node->parents[i]));
        TRY(log_paths_same(log->repo, log->pathspec, node, node->parents[i],
                           &same));
        if (same) {
            node->flags |= HISTORY_HIDDEN;
            follow_one(node, i);
            return NULL;
        }
    }
    return NULL;
}

/* Hand each commit out as it is met. */
static dits_error *stream(struct log *log)
{
    struct history_node *node = NULL;
    while (!log_is_full(log) && (node = take(log)) != NULL) {
        TRY(context_check(log->repo->context));
        if (node->time < log->since) {
            commit_release(&node->commit);
            continue;
        }
        TRY(simplify(log, node));
        TRY(log_show(log, node));
        commit_release(&node->commit);
        TRY(enqueue_parents(log, node));
    }
    return NULL;
}

static dits_error *add_to_list(struct log *log, struct history_node *node)
{
    struct history_node **list = array_grown(log->list, log->list_count,
                                             &log->list_capacity,
                                             sizeof(struct history_node *));
    if (list == NULL)
        return error_nomem();
    log->list = list;
    node->flags |= HISTORY_LISTED;
    log->list[log->list_count++] = node;
    return NULL;
}

/*
 * The parents of an excluded commit are excluded too, and so on down to what
 * was not met yet. Each node becomes excluded once, so this is linear in all.
 */
static dits_error *exclude_ancestors(struct log *log, struct history_node *node)
{
    CLEANUP(history_queue_release) struct history_queue stack = {0};
    TRY(history_queue_put(&stack, node));
    while ((node = history_queue_take(&stack)) != NULL) {
        for (size_t i = 0; i < node->parent_count; i++) {
            struct history_node *parent = node->parents[i];
            if ((parent->flags & HISTORY_EXCLUDED) != 0)
                continue;
            exclude(log, parent);
            if ((parent->flags & HISTORY_SEEN) != 0)
                TRY(history_queue_put(&stack, parent));
        }
    }
    return NULL;
}

static dits_error *pass_excluded(struct log *log, struct history_node *node)
{
    commit_release(&node->commit);
    TRY(exclude_ancestors(log, node));
    for (size_t i = 0; i < node->parent_count; i++)
        TRY(log_enqueue(log, &node->parents[i]->id, true));
    return NULL;
}

/* Collect first what later commits may still exclude, or reorder. */
static dits_error *collect(struct log *log)
{
    struct history_node *node = NULL;
    int64_t oldest = INT64_MAX; /* of the list */
    int patience = PATIENCE;
    while (patience > 0 && (node = take(log)) != NULL) {
        TRY(context_check(log->repo->context));
        if ((node->flags & HISTORY_EXCLUDED) != 0) {
            bool needed = log->wanted_in_queue > 0 || oldest <= node->time;
            patience = needed ? PATIENCE : patience - 1;
            TRY(pass_excluded(log, node));
            continue;
        }
        patience = PATIENCE;
        if (node->time < log->since) {
            commit_release(&node->commit);
            continue;
        }
        TRY(simplify(log, node));
        TRY(add_to_list(log, node));
        oldest = node->time;
        TRY(enqueue_parents(log, node));
    }
    return NULL;
}

static dits_error *read_options(struct log *log)
{
    const struct dits_log_options *options = log->options;
    log->since = INT64_MIN;
    log->until = INT64_MAX;
    if (options->since != NULL)
        TRY(date_parse_age(log->repo->context, options->since, &log->since));
    if (options->until != NULL)
        TRY(date_parse_age(log->repo->context, options->until, &log->until));
    if (options->paths.count > 0)
        TRY(pathspec_of(log->repo, &options->paths, &log->pathspec));
    return NULL;
}

dits_error *dits_log(dits_repo *repo, const struct dits_log_options *options,
                     dits_commit_fn *fn, void *payload)
{
    static const struct dits_log_options defaults = {0};
    CLEANUP(log_release)
    struct log log = {.repo = repo,
                      .options = options != NULL ? options : &defaults,
                      .fn = fn,
                      .payload = payload,
                      .history = {.repo = repo}};
    TRY(read_options(&log));
    TRY(log_read_ranges(&log));
    if (!log.has_excluded && !log.options->topological && !log.options->reverse)
        return stream(&log);
    TRY(collect(&log));
    return log_show_list(&log);
}
