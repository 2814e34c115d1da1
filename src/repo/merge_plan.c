#include "repo/merge_plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/similar.h"

static void release_item(struct merge_item *item)
{
    mem_free(item->path);
    mem_free(item->old_path);
    mem_free(item->other);
}

void merge_plan_release(struct merge_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        release_item(&plan->items[i]);
    mem_free(plan->items);
    *plan = (struct merge_plan){0};
}

static dits_error *compare(dits_repo *repo, const struct dits_oid *base,
                           const struct dits_oid *side, struct change_list *out)
{
    TRY(change_list_of_trees(repo, base, side, NULL, out));
    TRY(change_list_find_renames(out, false));
    return similar_find_renames(repo, out, SIMILAR_MAX_MERGED);
}

static dits_error *add_item(struct merge_plan *plan,
                            const struct merge_item *like, const char *path,
                            const char *old_path, const char *other)
{
    CLEANUP(release_item) struct merge_item item = *like;
    item.path = NULL;
    item.old_path = NULL;
    item.other = NULL;
    TRY(text_copy(path, &item.path));
    if (old_path != NULL && strcmp(old_path, path) != 0)
        TRY(text_copy(old_path, &item.old_path));
    TRY(text_copy_optional(other, &item.other));
    struct merge_item *items =
        array_grown(plan->items, plan->count, &plan->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    plan->items = items;
    plan->items[plan->count++] = MOVE(item);
    return NULL;
}

/* What a file of the base became on one side. */
struct fate {
    const char *path; /* NULL: deleted */
    struct change_side side;
};

/* `change` NULL: the side left it alone. */
static struct fate fate_of(const char *base_path,
                           const struct change_side *base,
                           const struct change *change)
{
    if (change == NULL)
        return (struct fate){.path = base_path, .side = *base};
    if (change->after.mode == 0)
        return (struct fate){0};
    return (struct fate){.path = change->path, .side = change->after};
}

/* Each side has given it another name: both stay, and what it was is told. */
static dits_error *add_two_names(struct merge_plan *plan, const char *base_path,
                                 const struct change_side *base,
                                 const struct fate *ours,
                                 const struct fate *theirs)
{
    struct merge_item was = {.names = MERGE_RENAME_RENAME,
                             .sides[STAGE_BASE] = *base};
    struct merge_item here = {.names = MERGE_RENAME_RENAME,
                              .is_here[STAGE_OURS] = true,
                              .here = ours->side,
                              .sides[STAGE_OURS] = ours->side};
    struct merge_item there = {.names = MERGE_RENAME_RENAME,
                               .is_here[STAGE_THEIRS] = true,
                               .sides[STAGE_THEIRS] = theirs->side};
    const struct change_side whole[] = {*base, ours->side, theirs->side};
    memcpy(here.whole, whole, sizeof(here.whole));
    memcpy(there.whole, whole, sizeof(there.whole));
    TRY(add_item(plan, &was, base_path, NULL, NULL));
    TRY(add_item(plan, &here, ours->path, base_path, theirs->path));
    return add_item(plan, &there, theirs->path, base_path, ours->path);
}

static bool is_at(const struct fate *fate, const char *path)
{
    return fate->path != NULL && strcmp(fate->path, path) == 0;
}

/* The old name of a file that moved: gone from the result. */
static dits_error *add_left(struct merge_plan *plan, const char *base_path,
                            const struct change_side *base,
                            const struct fate *ours)
{
    struct merge_item gone = {.sides = {*base, {0}, {0}}};
    if (is_at(ours, base_path))
        gone.here = ours->side;
    return add_item(plan, &gone, base_path, NULL, NULL);
}

static dits_error *add_base(struct merge_plan *plan, const char *base_path,
                            const struct change_side *base,
                            const struct change *in_ours,
                            const struct change *in_theirs)
{
    struct fate ours = fate_of(base_path, base, in_ours);
    struct fate theirs = fate_of(base_path, base, in_theirs);
    struct merge_item item = {.sides = {*base, ours.side, theirs.side}};
    const char *path = base_path;
    if (ours.path != NULL && strcmp(ours.path, base_path) != 0)
        path = ours.path;
    if (theirs.path != NULL && strcmp(theirs.path, base_path) != 0) {
        if (path != base_path && !is_at(&theirs, path))
            return add_two_names(plan, base_path, base, &ours, &theirs);
        path = theirs.path;
    }
    if (path != base_path) {
        TRY(add_left(plan, base_path, base, &ours));
        if (ours.path == NULL || theirs.path == NULL)
            item.names = MERGE_RENAME_DELETE;
    }
    item.is_here[STAGE_OURS] = is_at(&ours, path);
    if (item.is_here[STAGE_OURS])
        item.here = ours.side;
    item.is_here[STAGE_THEIRS] = is_at(&theirs, path);
    return add_item(plan, &item, path, base_path, NULL);
}

/* The changes of one side that are about a file of the base, by its path. */
struct by_base {
    const struct change **items;
    size_t count;
};

static void release_by_base(struct by_base *list)
{
    mem_free(list->items);
}

static const char *base_path_of(const struct change *change)
{
    const char *path = change->old_path != NULL ? change->old_path
                                                : change->path;
    assert(path != NULL); /* those that were taken are dropped */
    return path;
}

static int compare_base(const void *a, const void *b)
{
    const struct change *const *left = a;
    const struct change *const *right = b;
    return path_compare(base_path_of(*left), base_path_of(*right));
}

static dits_error *sort_by_base(const struct change_list *list,
                                struct by_base *out)
{
    if (list->count == 0)
        return NULL;
    out->items = mem_new_array(const struct change *, list->count);
    if (out->items == NULL)
        return error_nomem();
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].before.mode != 0)
            out->items[out->count++] = &list->items[i];
    if (out->count > 1)
        qsort(out->items, out->count, sizeof(const struct change *),
              compare_base);
    return NULL;
}

static dits_error *join_by_base(struct merge_plan *plan,
                                const struct change_list *in_ours,
                                const struct change_list *in_theirs)
{
    CLEANUP(release_by_base) struct by_base ours = {0};
    CLEANUP(release_by_base) struct by_base theirs = {0};
    TRY(sort_by_base(in_ours, &ours));
    TRY(sort_by_base(in_theirs, &theirs));
    size_t o = 0;
    size_t t = 0;
    while (o < ours.count || t < theirs.count) {
        int order = o == ours.count ? 1
                    : t == theirs.count
                        ? -1
                        : compare_base(&ours.items[o], &theirs.items[t]);
        const struct change *here = order <= 0 ? ours.items[o] : NULL;
        const struct change *there = order >= 0 ? theirs.items[t] : NULL;
        const struct change *any = here != NULL ? here : there;
        assert(any != NULL);
        TRY(add_base(plan, base_path_of(any), &any->before, here, there));
        o += order <= 0;
        t += order >= 0;
    }
    return NULL;
}

/* New files; both lists are sorted by path. */
static dits_error *join_added(struct merge_plan *plan,
                              const struct change_list *ours,
                              const struct change_list *theirs)
{
    size_t o = 0;
    size_t t = 0;
    while (o < ours->count || t < theirs->count) {
        int order = o == ours->count     ? 1
                    : t == theirs->count ? -1
                                         : path_compare(ours->items[o].path,
                                                        theirs->items[t].path);
        struct merge_item item = {0};
        const char *path = NULL;
        if (order <= 0 && ours->items[o].before.mode == 0) {
            path = ours->items[o].path;
            item.sides[STAGE_OURS] = ours->items[o].after;
            item.is_here[STAGE_OURS] = true;
            item.here = ours->items[o].after;
        }
        if (order >= 0 && theirs->items[t].before.mode == 0) {
            path = theirs->items[t].path;
            item.sides[STAGE_THEIRS] = theirs->items[t].after;
            item.is_here[STAGE_THEIRS] = true;
        }
        if (path != NULL)
            TRY(add_item(plan, &item, path, NULL, NULL));
        o += order <= 0;
        t += order >= 0;
    }
    return NULL;
}

static int compare_items(const void *a, const void *b)
{
    const struct merge_item *left = a;
    const struct merge_item *right = b;
    int order = path_compare(left->path, right->path);
    return order != 0 ? order
                      : right->is_here[STAGE_OURS] - left->is_here[STAGE_OURS];
}

dits_error *merge_plan_make(dits_repo *repo,
                            const struct dits_oid trees[STAGE_COUNT],
                            struct merge_plan *out)
{
    CLEANUP(merge_plan_release) struct merge_plan plan = {0};
    CLEANUP(change_list_release) struct change_list ours = {0};
    CLEANUP(change_list_release) struct change_list theirs = {0};
    TRY(compare(repo, &trees[STAGE_BASE], &trees[STAGE_OURS], &ours));
    TRY(compare(repo, &trees[STAGE_BASE], &trees[STAGE_THEIRS], &theirs));
    TRY(join_by_base(&plan, &ours, &theirs));
    TRY(join_added(&plan, &ours, &theirs));
    if (plan.count > 1)
        qsort(plan.items, plan.count, sizeof(*plan.items), compare_items);
    *out = MOVE(plan);
    return NULL;
}
