/*
 * git's halving: the weight of a commit is how many of those left it has, and
 * the one whose weight is nearest to a half is tested.
 */
#include "repo/bisect_find.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/oid_map.h"
#include "repo/history.h"
#include "repo/log_paths.h"

void bisect_ids_release(struct bisect_ids *ids)
{
    mem_free(ids->items);
    *ids = (struct bisect_ids){0};
}

dits_error *bisect_ids_add(struct bisect_ids *ids, const struct dits_oid *id)
{
    struct dits_oid *items =
        array_grown(ids->items, ids->count, &ids->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    ids->items = items;
    ids->items[ids->count++] = *id;
    return NULL;
}

bool bisect_ids_have(const struct bisect_ids *ids, const struct dits_oid *id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (dits_oid_equal(&ids->items[i], id))
            return true;
    }
    return false;
}

/* A commit that may be the first bad one. */
struct suspect {
    struct dits_oid id;
    size_t *parents; /* those left, by number */
    size_t parent_count;
    bool is_same; /* changes none of the paths: neither counted nor tested */
    bool is_known;
    size_t weight;
    size_t mark; /* of the count that met it last */
};

struct halving {
    dits_repo *repo;
    const struct bisect_question *question;
    struct pathspec *pathspec; /* NULL: all paths */
    struct oid_map numbers;
    struct dits_oid *parents; /* of all, as collected */
    size_t parent_count;
    size_t parent_capacity;
    struct suspect *items; /* newest first, as git walks them */
    size_t count;
    size_t capacity;
    size_t all; /* that are counted */
    size_t *stack;
    struct history history;
};

static void halving_release(struct halving *halving)
{
    for (size_t i = 0; i < halving->count; i++)
        mem_free(halving->items[i].parents);
    mem_free(halving->items);
    mem_free(halving->parents);
    mem_free(halving->stack);
    oid_map_release(&halving->numbers);
    history_release(&halving->history);
    pathspec_free(halving->pathspec);
}

static dits_error *collect(const dits_commit *commit, void *payload)
{
    struct halving *halving = payload;
    size_t number = 0;
    bool is_new = false;
    struct suspect *items = array_grown(halving->items, halving->count,
                                        &halving->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    halving->items = items;
    TRY(oid_map_add(&halving->numbers, dits_commit_id(commit), &number,
                    &is_new));
    struct suspect *suspect = &items[halving->count++];
    *suspect = (struct suspect){.id = *dits_commit_id(commit)};
    suspect->parent_count = dits_commit_parent_count(commit);
    for (size_t i = 0; i < suspect->parent_count; i++) {
        struct dits_oid *parents =
            array_grown(halving->parents, halving->parent_count,
                        &halving->parent_capacity, sizeof(*parents));
        if (parents == NULL)
            return error_nomem();
        halving->parents = parents;
        parents[halving->parent_count++] = *dits_commit_parent(commit, i);
    }
    return NULL;
}

/* All that the bad commit has and no good one. */
static dits_error *collect_all(struct halving *halving)
{
    const struct bisect_question *question = halving->question;
    size_t count = question->goods.count + 1;
    CLEANUP(buf_release) struct buf names = {0};
    char hex[OID_HEX_SIZE] = "";
    for (size_t i = 0; i < question->goods.count; i++) {
        dits_oid_hex(&question->goods.items[i], hex);
        TRY(buf_printf(&names, "^%s%c", hex, '\0'));
    }
    dits_oid_hex(&question->bad, hex);
    TRY(buf_printf(&names, "%s", hex));
    const char **revisions = mem_new_array(const char *, count);
    if (revisions == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++)
        revisions[i] = buf_text(&names) + i * (OID_HEX_SIZE + 1);
    const struct dits_log_options wanted = {.revisions = revisions,
                                            .revision_count = count};
    dits_error *err = dits_log(halving->repo, &wanted, collect, halving);
    mem_free(revisions);
    return err;
}

/* Numbers in place of ids; a parent that is not left is dropped. */
static dits_error *link_parents(struct halving *halving)
{
    size_t at = 0;
    for (size_t i = 0; i < halving->count; i++) {
        struct suspect *suspect = &halving->items[i];
        size_t end = at + suspect->parent_count;
        size_t kept = 0;
        if (suspect->parent_count > 0) {
            suspect->parents = mem_new_array(size_t, suspect->parent_count);
            if (suspect->parents == NULL)
                return error_nomem();
        }
        for (; at < end; at++) {
            size_t number = 0;
            if (oid_map_find(&halving->numbers, &halving->parents[at], &number))
                suspect->parents[kept++] = number;
        }
        suspect->parent_count = kept;
    }
    return NULL;
}

/* How many commits are counted that `start` has, itself included. */
static size_t count_reached(struct halving *halving, size_t start)
{
    size_t top = 0;
    size_t reached = 0;
    halving->stack[top++] = start;
    halving->items[start].mark = start + 1;
    while (top > 0) {
        const struct suspect *suspect = &halving->items[halving->stack[--top]];
        reached += !suspect->is_same;
        for (size_t i = 0; i < suspect->parent_count; i++) {
            struct suspect *parent = &halving->items[suspect->parents[i]];
            if (parent->mark == start + 1)
                continue;
            parent->mark = start + 1;
            halving->stack[top++] = suspect->parents[i];
        }
    }
    return reached;
}

/* git's simplification: only the line of a parent that is the same is followed.
 */
static void follow_one(struct halving *halving, struct suspect *suspect,
                       const struct dits_oid *parent)
{
    size_t number = 0;
    suspect->parent_count = 0;
    if (oid_map_find(&halving->numbers, parent, &number))
        suspect->parents[suspect->parent_count++] = number;
}

static dits_error *compare_paths(struct halving *halving,
                                 struct suspect *suspect)
{
    struct history_node *node = NULL;
    TRY(context_check(halving->repo->context));
    TRY(history_get(&halving->history, &suspect->id, &node));
    TRY(history_load(&halving->history, node));
    commit_release(&node->commit);
    if (node->parent_count == 0)
        return log_paths_same(halving->repo, halving->pathspec, node, NULL,
                              &suspect->is_same);
    for (size_t i = 0; i < node->parent_count && !suspect->is_same; i++) {
        TRY(history_load(&halving->history, node->parents[i]));
        commit_release(&node->parents[i]->commit);
        TRY(log_paths_same(halving->repo, halving->pathspec, node,
                           node->parents[i], &suspect->is_same));
        if (suspect->is_same)
            follow_one(halving, suspect, &node->parents[i]->id);
    }
    return NULL;
}

/* What the simplified history of the bad commit does not have is not counted.
 */
static void drop_unreached(struct halving *halving)
{
    size_t bad = 0;
    if (!oid_map_find(&halving->numbers, &halving->question->bad, &bad))
        return;
    (void)count_reached(halving, bad);
    for (size_t i = 0; i < halving->count; i++) {
        halving->items[i].is_same |= halving->items[i].mark != bad + 1;
        halving->items[i].mark = 0;
    }
}

static dits_error *find_same(struct halving *halving)
{
    if (halving->question->paths.count > 0) {
        TRY(pathspec_new(halving->repo->work_dir, "", &halving->question->paths,
                         &halving->pathspec));
        for (size_t i = 0; i < halving->count; i++)
            TRY(compare_paths(halving, &halving->items[i]));
        drop_unreached(halving);
    }
    for (size_t i = 0; i < halving->count; i++)
        halving->all += !halving->items[i].is_same;
    return NULL;
}

static bool is_halfway(const struct halving *halving,
                       const struct suspect *suspect)
{
    size_t twice = 2 * suspect->weight;
    size_t off = twice > halving->all ? twice - halving->all
                                      : halving->all - twice;
    return !suspect->is_same && (off <= 1 || off < halving->all / 1024);
}

static void weigh_roots(struct halving *halving)
{
    for (size_t i = 0; i < halving->count; i++) {
        struct suspect *suspect = &halving->items[i];
        suspect->is_known = suspect->parent_count == 0;
        suspect->weight = suspect->is_known && !suspect->is_same;
    }
}

/* Merges reach what several parents share: that is counted, not added up. */
static dits_error *weigh_merges(struct halving *halving, bool all,
                                size_t *out_half)
{
    for (size_t i = halving->count; i > 0; i--) {
        struct suspect *suspect = &halving->items[i - 1];
        if (suspect->parent_count < 2)
            continue;
        TRY(context_check(halving->repo->context));
        suspect->weight = count_reached(halving, i - 1);
        suspect->is_known = true;
        if (!all && is_halfway(halving, suspect)) {
            *out_half = i - 1;
            return NULL;
        }
    }
    return NULL;
}

/* One more than the only parent. False: a parent was not known yet. */
static bool weigh_lines(struct halving *halving, bool all, size_t *out_half)
{
    bool is_complete = true;
    for (size_t i = halving->count; i > 0; i--) {
        struct suspect *suspect = &halving->items[i - 1];
        if (suspect->is_known)
            continue;
        const struct suspect *parent = &halving->items[suspect->parents[0]];
        is_complete &= parent->is_known; /* else a clock went back */
        if (!parent->is_known)
            continue;
        suspect->weight = parent->weight + !suspect->is_same;
        suspect->is_known = true;
        if (!all && is_halfway(halving, suspect)) {
            *out_half = i - 1;
            return true;
        }
    }
    return is_complete;
}

/* `*out_half` is one that was met half-way, or `count`. Oldest come first. */
static dits_error *weigh(struct halving *halving, bool all, size_t *out_half)
{
    bool is_complete = false;
    *out_half = halving->count;
    weigh_roots(halving);
    TRY(weigh_merges(halving, all, out_half));
    while (*out_half == halving->count && !is_complete)
        is_complete = weigh_lines(halving, all, out_half);
    return NULL;
}

/* A commit that may be tested, and how near to the middle it is. */
struct choice {
    const struct suspect *suspect;
    size_t distance;
};

static size_t distance_of(const struct halving *halving,
                          const struct suspect *suspect)
{
    size_t other = halving->all - suspect->weight;
    return other < suspect->weight ? other : suspect->weight;
}

static const struct suspect *best_of(const struct halving *halving)
{
    const struct suspect *best = &halving->items[halving->count - 1];
    size_t distance = 0;
    bool found = false;
    for (size_t i = halving->count; i > 0; i--) {
        const struct suspect *suspect = &halving->items[i - 1];
        size_t here = distance_of(halving, suspect);
        if (suspect->is_same || (found && here <= distance))
            continue;
        best = suspect;
        distance = here;
        found = true;
    }
    return best;
}

static int nearest_first(const void *a, const void *b)
{
    const struct choice *left = a;
    const struct choice *right = b;
    if (left->distance != right->distance)
        return left->distance > right->distance ? -1 : 1;
    return memcmp(left->suspect->id.hash, right->suspect->id.hash, OID_SIZE);
}

static unsigned root_of(unsigned value)
{
    unsigned root = 0;
    while ((root + 1) * (root + 1) <= value)
        root++;
    return root;
}

/*
 * After a skipped commit its neighbours are likely to be no better: git goes
 * some way off, by a number that looks like chance and is always the same.
 */
static size_t some_way_off(size_t count)
{
    enum { MODULO = 32768 };
    unsigned seed = (unsigned)count * 1103515245u + 12345u;
    unsigned number = (seed / 65536) % MODULO;
    return count * number / MODULO * root_of(number) / root_of(MODULO);
}

/* Of the choices, nearest first, one that is not skipped; NULL: none. */
static dits_error *choose_unskipped(struct halving *halving,
                                    struct choice *choices, size_t count,
                                    const struct suspect **out,
                                    struct bisect_ids *tried)
{
    const struct bisect_question *question = halving->question;
    size_t kept = 0;
    bool skipped_first = false;
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct dits_oid *id = &choices[i].suspect->id;
        bool is_skipped = bisect_ids_have(&question->skips, id);
        skipped_first |= is_skipped && i == 0;
        if (is_skipped)
            TRY(bisect_ids_add(tried, id));
        else
            choices[kept++] = choices[i];
        if (!is_skipped && !skipped_first)
            break;
    }
    if (kept == 0)
        return NULL;
    size_t at = skipped_first ? some_way_off(kept) : 0;
    if (at >= kept)
        at = 0;
    if (dits_oid_equal(&choices[at].suspect->id, &question->bad))
        at = at > 0 ? at - 1 : 0;
    *out = choices[at].suspect;
    return NULL;
}

static void free_choices(struct choice **choices)
{
    mem_free(*choices);
}

static dits_error *choose_with_skips(struct halving *halving,
                                     const struct suspect **out,
                                     struct bisect_ids *tried)
{
    CLEANUP(free_choices)
    struct choice *choices = mem_new_array(struct choice, halving->count);
    size_t count = 0;
    if (choices == NULL)
        return error_nomem();
    for (size_t i = halving->count; i > 0; i--) {
        const struct suspect *suspect = &halving->items[i - 1];
        if (!suspect->is_same)
            choices[count++] = (struct choice){
                .suspect = suspect, .distance = distance_of(halving, suspect)};
    }
    qsort(choices, count, sizeof(*choices), nearest_first);
    return choose_unskipped(halving, choices, count, out, tried);
}

static dits_error *choose(struct halving *halving, const struct suspect **out,
                          struct bisect_ids *tried)
{
    bool all = halving->question->skips.count > 0;
    size_t half = 0;
    TRY(weigh(halving, all, &half));
    if (all)
        return choose_with_skips(halving, out, tried);
    *out = half < halving->count ? &halving->items[half] : best_of(halving);
    return NULL;
}

/* git's estimate. */
static uint64_t steps_for(uint64_t all)
{
    uint64_t steps = 0;
    if (all < 3)
        return 0;
    while ((UINT64_C(2) << steps) <= all)
        steps++;
    uint64_t power = UINT64_C(1) << steps;
    return power < 3 * (all - power) ? steps : steps - 1;
}

static dits_error *only_skipped(const struct halving *halving,
                                struct bisect_ids *tried, bool with_bad,
                                struct dits_bisect_status *out)
{
    if (with_bad)
        TRY(bisect_ids_add(tried, &halving->question->bad));
    out->outcome = DITS_BISECT_SKIPPED;
    out->candidates = tried->items;
    out->candidate_count = tried->count;
    *tried = (struct bisect_ids){0};
    return NULL;
}

static dits_error *answer(struct halving *halving,
                          struct dits_bisect_status *out)
{
    CLEANUP(bisect_ids_release) struct bisect_ids tried = {0};
    const struct suspect *chosen = NULL;
    out->outcome = DITS_BISECT_NOTHING;
    if (halving->all == 0)
        return NULL;
    TRY(choose(halving, &chosen, &tried));
    if (chosen == NULL)
        return only_skipped(halving, &tried, false, out);
    bool is_bad = dits_oid_equal(&chosen->id, &halving->question->bad);
    if (is_bad && tried.count > 0)
        return only_skipped(halving, &tried, true, out);
    out->outcome = is_bad ? DITS_BISECT_FOUND : DITS_BISECT_TESTING;
    out->commit = chosen->id;
    /* With paths the one to test may be the only one that is counted. */
    out->left =
        halving->all > chosen->weight ? halving->all - chosen->weight - 1 : 0;
    out->steps = steps_for(halving->all);
    return NULL;
}

dits_error *bisect_find(dits_repo *repo, const struct bisect_question *question,
                        struct dits_bisect_status *out)
{
    CLEANUP(halving_release)
    struct halving halving = {
        .repo = repo, .question = question, .history = {.repo = repo}};
    TRY(collect_all(&halving));
    if (halving.count > 0) {
        halving.stack = mem_new_array(size_t, halving.count);
        if (halving.stack == NULL)
            return error_nomem();
    }
    TRY(link_parents(&halving));
    TRY(find_same(&halving));
    return answer(&halving, out);
}
