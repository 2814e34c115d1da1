/*
 * A commit by the nearest name in its history. The walk, and so the choice and
 * the count, are git's: newest commits first, a number of candidates, and for
 * each the commits that were met and that its tag does not have.
 */
#include <dits/refs.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/describe_names.h"
#include "repo/history.h"

enum {
    DEFAULT_CANDIDATES = 10,
    MAX_CANDIDATES = 24,
    WITHIN_SHIFT = 8, /* above the flags of history.h: a bit for each */
};

struct candidate {
    const struct describe_name *name;
    uint64_t depth;  /* commits met that are not behind it */
    unsigned within; /* the flag of those that are */
};

struct search {
    dits_repo *repo;
    const struct dits_describe_options *options;
    struct describe_names names;
    struct history history;
    struct history_queue queue;
    struct candidate candidates[MAX_CANDIDATES];
    size_t count;
    uint64_t seen;       /* commits that were met */
    bool has_annotated;  /* among the candidates */
    bool has_unsuitable; /* a name was met that ranks too low */
};

static void search_release(struct search *search)
{
    describe_names_release(&search->names);
    history_release(&search->history);
    history_queue_release(&search->queue);
}

static unsigned within_flags(const struct history_node *node)
{
    return node->flags >> WITHIN_SHIFT << WITHIN_SHIFT;
}

static bool is_usable(const struct search *search,
                      const struct describe_name *name)
{
    return search->options->tags || search->options->all ||
           name->rank == DESCRIBE_ANNOTATED;
}

static dits_error *enqueue(struct search *search, struct history_node *node)
{
    if ((node->flags & HISTORY_SEEN) != 0)
        return NULL;
    TRY(history_load(&search->history, node));
    commit_release(&node->commit);
    node->flags |= HISTORY_SEEN;
    return history_queue_put(&search->queue, node);
}

static dits_error *enqueue_parents(struct search *search,
                                   struct history_node *node)
{
    for (size_t i = 0; i < node->parent_count; i++) {
        TRY(enqueue(search, node->parents[i]));
        node->parents[i]->flags |= within_flags(node);
        if (search->options->first_parent)
            break;
    }
    return NULL;
}

/* Whether there is room for one more; a name that ranks too low needs none. */
static bool take_name(struct search *search, struct history_node *node,
                      size_t max)
{
    const struct describe_name *name =
        describe_names_find(&search->names, &node->id);
    if (name == NULL)
        return true;
    if (!is_usable(search, name)) {
        search->has_unsuitable = true;
        return true;
    }
    if (search->count == max)
        return false;
    struct candidate *candidate = &search->candidates[search->count];
    *candidate = (struct candidate){
        .name = name,
        .depth = search->seen - 1,
        .within = 1u << (WITHIN_SHIFT + search->count),
    };
    search->count++;
    node->flags |= candidate->within;
    search->has_annotated |= name->rank == DESCRIBE_ANNOTATED;
    return true;
}

/* Whether what is left of the walk lies behind the best candidates. */
static bool is_covered(const struct search *search,
                       const struct history_node *node)
{
    uint64_t best = UINT64_MAX;
    unsigned within = 0;
    if (!search->has_annotated || search->queue.count > 0)
        return false;
    for (size_t i = 0; i < search->count; i++) {
        const struct candidate *candidate = &search->candidates[i];
        if (candidate->depth < best)
            within = 0;
        if (candidate->depth <= best) {
            best = candidate->depth;
            within |= candidate->within;
        }
    }
    return (node->flags & within) == within;
}

static dits_error *find_candidates(struct search *search)
{
    uint64_t wanted = search->options->candidates;
    size_t max = wanted == 0               ? DEFAULT_CANDIDATES
                 : wanted < MAX_CANDIDATES ? (size_t)wanted
                                           : MAX_CANDIDATES;
    struct history_node *node = NULL;
    while ((node = history_queue_take(&search->queue)) != NULL) {
        TRY(context_check(search->repo->context));
        search->seen++;
        if (!take_name(search, node, max)) {
            search->seen--; /* it is met again when the count is completed */
            return history_queue_put(&search->queue, node);
        }
        for (size_t i = 0; i < search->count; i++)
            search->candidates[i].depth +=
                (node->flags & search->candidates[i].within) == 0;
        if (is_covered(search, node))
            return NULL;
        TRY(enqueue_parents(search, node));
    }
    return NULL;
}

static bool queue_is_within(const struct history_queue *queue, unsigned within)
{
    for (size_t i = 0; i < queue->count; i++) {
        if ((queue->items[i].node->flags & within) == 0)
            return false;
    }
    return true;
}

/* The walk may have stopped before everything that counts was met. */
static dits_error *complete_depth(struct search *search, struct candidate *best)
{
    struct history_node *node = NULL;
    while ((node = history_queue_take(&search->queue)) != NULL) {
        TRY(context_check(search->repo->context));
        if ((node->flags & best->within) == 0)
            best->depth++;
        else if (queue_is_within(&search->queue, best->within))
            return NULL;
        TRY(enqueue_parents(search, node));
    }
    return NULL;
}

static struct candidate *best_of(struct search *search)
{
    struct candidate *best = &search->candidates[0];
    for (size_t i = 1; i < search->count; i++) {
        if (search->candidates[i].depth < best->depth)
            best = &search->candidates[i];
    }
    return best;
}

static dits_error *no_name(const struct search *search, const char *revision)
{
    if (search->options->exact)
        return error_new(DITS_E_NOT_FOUND, "no tag exactly matches '%s'",
                         revision);
    if (search->has_unsuitable)
        return error_hint(error_new(DITS_E_NOT_FOUND,
                                    "no tag with a message describes '%s'",
                                    revision),
                          "There are tags without one: try --tags.");
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "no tags can describe '%s'", revision),
        "Try --always, or make a tag with 'dits tag -m'.");
}

static dits_error *find_nearest(struct search *search,
                                struct history_node *start,
                                struct dits_description *out)
{
    const struct describe_name *own =
        describe_names_find(&search->names, &start->id);
    if (own != NULL && is_usable(search, own))
        return text_copy(own->text, &out->name);
    search->has_unsuitable = own != NULL;
    if (search->options->exact)
        return NULL;
    TRY(enqueue(search, start));
    TRY(find_candidates(search));
    if (search->count == 0)
        return NULL;
    struct candidate *best = best_of(search);
    TRY(complete_depth(search, best));
    out->distance = best->depth;
    return text_copy(best->name->text, &out->name);
}

dits_error *dits_describe(dits_repo *repo, const char *revision,
                          const struct dits_describe_options *options,
                          struct dits_description *out)
{
    static const struct dits_describe_options defaults = {0};
    CLEANUP(search_release)
    struct search search = {.repo = repo,
                            .options = options != NULL ? options : &defaults,
                            .history = {.repo = repo}};
    CLEANUP(dits_description_release) struct dits_description result = {0};
    struct history_node *start = NULL;
    if (revision == NULL)
        revision = "HEAD";
    TRY(dits_revision_resolve(repo, revision, DITS_REVISION_COMMIT,
                              &result.commit));
    TRY(describe_names_read(repo, search.options, &search.names));
    TRY(history_get(&search.history, &result.commit, &start));
    TRY(find_nearest(&search, start, &result));
    if (result.name == NULL && !search.options->always)
        return no_name(&search, revision);
    *out = MOVE(result);
    return NULL;
}

void dits_description_release(struct dits_description *description)
{
    mem_free(description->name);
    *description = (struct dits_description){0};
}
