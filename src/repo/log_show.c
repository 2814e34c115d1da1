#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/commit_handle.h"
#include "repo/identity.h"
#include "repo/log.h"

bool log_is_full(const struct log *log)
{
    return log->options->max_count != 0 &&
           log->shown >= log->options->max_count;
}

static dits_error *author_matches(const struct log *log,
                                  const struct commit *commit, bool *out)
{
    CLEANUP(text_free) char *who = NULL;
    *out = true;
    if (log->options->author == NULL)
        return NULL;
    TRY(identity_format(&commit->author, &who));
    *out = strcasestr(who, log->options->author) != NULL;
    return NULL;
}

static dits_error *passes(const struct log *log,
                          const struct history_node *node, bool *out)
{
    *out = (node->flags & (HISTORY_HIDDEN | HISTORY_EXCLUDED)) == 0 &&
           node->time <= log->until;
    if (!*out)
        return NULL;
    if (log->options->grep != NULL &&
        strstr(node->commit.message, log->options->grep) == NULL) {
        *out = false;
        return NULL;
    }
    return author_matches(log, &node->commit, out);
}

dits_error *log_show(struct log *log, struct history_node *node)
{
    CLEANUP(commit_handle_freep) dits_commit *handle = NULL;
    bool show = false;
    TRY(passes(log, node, &show));
    if (!show || log_is_full(log))
        return NULL;
    if (log->skipped < log->options->skip) {
        log->skipped++;
        return NULL;
    }
    log->shown++;
    TRY(commit_handle_new(&node->id, &node->commit, &handle));
    return log->fn(handle, log->payload);
}

/* Drop what came to be excluded after it was listed. */
static void filter_list(struct log *log)
{
    size_t kept = 0;
    for (size_t i = 0; i < log->list_count; i++) {
        struct history_node *node = log->list[i];
        if ((node->flags & HISTORY_EXCLUDED) == 0)
            log->list[kept++] = node;
        else
            node->flags &= ~(unsigned)HISTORY_LISTED;
    }
    log->list_count = kept;
}

static void count_children(struct log *log)
{
    for (size_t i = 0; i < log->list_count; i++) {
        const struct history_node *node = log->list[i];
        for (size_t j = 0; j < node->parent_count; j++)
            node->parents[j]->children++;
    }
}

/*
 * No parent before its children, and lines of development one after the
 * other: a stack holds the commits whose children have all been placed.
 */
static dits_error *sort_topologically(struct log *log)
{
    size_t count = log->list_count;
    size_t top = 0;
    size_t placed = 0;
    if (count == 0)
        return NULL;
    struct history_node **sorted =
        mem_new_array(struct history_node *, 2 * count);
    if (sorted == NULL)
        return error_nomem();
    struct history_node **stack = sorted + count;
    count_children(log);
    for (size_t i = count; i > 0; i--) {
        if (log->list[i - 1]->children == 0)
            stack[top++] = log->list[i - 1];
    }
    while (top > 0) {
        struct history_node *node = stack[--top];
        sorted[placed++] = node;
        for (size_t i = 0; i < node->parent_count; i++) {
            struct history_node *parent = node->parents[i];
            if (--parent->children == 0 &&
                (parent->flags & HISTORY_LISTED) != 0)
                stack[top++] = parent;
        }
    }
    memcpy(log->list, sorted, placed * sizeof(struct history_node *));
    log->list_count = placed;
    mem_free(sorted);
    return NULL;
}

/* The nearest ancestor along the line that is shown, or NULL. */
static const struct history_node *shown_ancestor(
    const struct history_node *node)
{
    while (node != NULL && (node->flags & HISTORY_LISTED) != 0 &&
           (node->flags & HISTORY_HIDDEN) != 0)
        node = node->parent_count > 0 ? node->parents[0] : NULL;
    return node;
}

/*
 * With paths, a graph would end at each commit that is not shown: parents
 * become the nearest that are.
 */
static void rewrite_parents(struct history_node *node)
{
    size_t kept = 0;
    for (size_t i = 0; i < node->parent_count; i++) {
        const struct history_node *parent = shown_ancestor(node->parents[i]);
        bool known = parent == NULL;
        for (size_t j = 0; j < kept && !known; j++)
            known = dits_oid_equal(&node->commit.parents[j], &parent->id);
        if (!known)
            node->commit.parents[kept++] = parent->id;
    }
    node->commit.parent_count = kept;
}

/* The part of the list that skip and max_count leave, turned round. */
static dits_error *show_reversed(struct log *log)
{
    size_t kept = 0;
    for (size_t i = 0; i < log->list_count; i++) {
        bool show = false;
        TRY(passes(log, log->list[i], &show));
        if (show)
            log->list[kept++] = log->list[i];
    }
    uint64_t skip = log->options->skip;
    uint64_t max = log->options->max_count;
    uint64_t start = skip < kept ? skip : kept;
    uint64_t end = max != 0 && max < kept - start ? start + max : kept;
    log->skipped = skip; /* done here */
    for (uint64_t i = end; i > start; i--)
        TRY(log_show(log, log->list[i - 1]));
    return NULL;
}

dits_error *log_show_list(struct log *log)
{
    filter_list(log);
    if (log->options->topological)
        TRY(sort_topologically(log));
    if (log->options->topological && log->pathspec != NULL) {
        for (size_t i = 0; i < log->list_count; i++)
            rewrite_parents(log->list[i]);
    }
    if (log->options->reverse)
        return show_reversed(log);
    for (size_t i = 0; i < log->list_count && !log_is_full(log); i++) {
        TRY(context_check(log->repo->context));
        TRY(log_show(log, log->list[i]));
    }
    return NULL;
}
