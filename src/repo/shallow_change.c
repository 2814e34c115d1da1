#include "repo/shallow_change.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repo/history.h"
#include "repo/revision_resolve.h"
#include "repo/shallow_format.h"

static dits_error *add_all(struct oid_map *map, const struct oid_map *from)
{
    for (size_t i = 0; i < from->count; i++)
        TRY(oid_map_add(map, &from->ids[i], NULL, NULL));
    return NULL;
}

void shallow_change_release(struct shallow_change *change)
{
    if (change->repo != NULL)
        dits_error_free(shallow_pin(change->repo, NULL)); /* needs no memory */
    oid_map_release(&change->before);
    oid_map_release(&change->after);
    *change = (struct shallow_change){0};
}

/* A plan while it is made. */
struct planning {
    dits_repo *repo;
    const struct id_set *whole;
    struct oid_map candidates; /* commits that are cut, or were */
    struct oid_map wanted;     /* their parents that did not come */
    struct dits_oid *sorted;   /* the same, rising */
    bool *found;               /* which of these our history has */
    struct buf tips;           /* the commits that our names lead to */
};

static void planning_release(struct planning *planning)
{
    oid_map_release(&planning->candidates);
    oid_map_release(&planning->wanted);
    mem_free(planning->sorted);
    mem_free(planning->found);
    buf_release(&planning->tips);
}

/* `*out_found` false: a sweep has taken it, or it was never here. */
static dits_error *load(struct planning *planning, const struct dits_oid *id,
                        struct commit *out, bool *out_found)
{
    dits_error *err = commit_load(planning->repo->store, id, out);
    *out_found = err == NULL;
    if (!dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* that was the question */
    return NULL;
}

static dits_error *want_parents(struct planning *planning)
{
    for (size_t i = 0; i < planning->candidates.count; i++) {
        CLEANUP(commit_release) struct commit commit = {0};
        bool found = false;
        TRY(load(planning, &planning->candidates.ids[i], &commit, &found));
        for (size_t k = 0; k < commit.parent_count; k++)
            if (!id_set_has(planning->whole, &commit.parents[k]))
                TRY(oid_map_add(&planning->wanted, &commit.parents[k], NULL,
                                NULL));
    }
    return NULL;
}

/* That it is stored is not enough: a sweep may have taken half of it. */
static dits_error *look_in_ours(struct planning *planning)
{
    size_t count = planning->wanted.count;
    if (count == 0)
        return NULL;
    TRY(shallow_sorted(&planning->wanted, &planning->sorted));
    planning->found = mem_new_array(bool, count);
    if (planning->found == NULL)
        return error_nomem();
    TRY(revision_named_commits(planning->repo, &planning->tips));
    const struct history_ids tips = {(const void *)planning->tips.data,
                                     planning->tips.size /
                                         sizeof(struct dits_oid)};
    return history_find_each(planning->repo, tips,
                             (struct history_ids){planning->sorted, count},
                             planning->found);
}

static int compare_ids(const void *a, const void *b)
{
    return oid_compare(a, b);
}

static bool is_here(const struct planning *planning, const struct dits_oid *id)
{
    if (id_set_has(planning->whole, id))
        return true;
    const struct dits_oid *found = bsearch(id, planning->sorted,
                                           planning->wanted.count,
                                           sizeof(*found), compare_ids);
    return found != NULL && planning->found[found - planning->sorted];
}

static dits_error *decide(struct planning *planning, struct oid_map *after)
{
    for (size_t i = 0; i < planning->candidates.count; i++) {
        CLEANUP(commit_release) struct commit commit = {0};
        const struct dits_oid *id = &planning->candidates.ids[i];
        bool found = false;
        bool is_cut = false;
        TRY(load(planning, id, &commit, &found));
        for (size_t k = 0; k < commit.parent_count && !is_cut; k++)
            is_cut = !is_here(planning, &commit.parents[k]);
        if (is_cut)
            TRY(oid_map_add(after, id, NULL, NULL));
    }
    return NULL;
}

static bool lacks_some(const struct oid_map *map, const struct oid_map *of)
{
    for (size_t i = 0; i < of->count; i++)
        if (!oid_map_find(map, &of->ids[i], NULL))
            return true;
    return false;
}

/* What is cut now, and where what came is cut. */
static dits_error *collect(struct planning *planning, const struct oid_map *cut,
                           struct shallow_change *change)
{
    const struct oid_map *before = NULL;
    TRY(shallow_refresh(planning->repo));
    TRY(shallow_commits(planning->repo, &before));
    TRY(add_all(&change->before, before));
    TRY(add_all(&planning->candidates, before));
    for (size_t i = 0; i < cut->count; i++)
        if (id_set_has(planning->whole, &cut->ids[i]))
            TRY(oid_map_add(&planning->candidates, &cut->ids[i], NULL, NULL));
    return NULL;
}

dits_error *shallow_change_plan(dits_repo *repo, const struct oid_map *cut,
                                const struct id_set *whole,
                                struct shallow_change *out)
{
    CLEANUP(planning_release)
    struct planning planning = {.repo = repo, .whole = whole};
    CLEANUP(shallow_change_release) struct shallow_change change = {0};
    TRY(collect(&planning, cut, &change));
    if (planning.candidates.count == 0)
        return NULL;
    TRY(want_parents(&planning));
    TRY(look_in_ours(&planning));
    TRY(decide(&planning, &change.after));
    change.adds = lacks_some(&change.before, &change.after);
    change.removes = lacks_some(&change.after, &change.before);
    TRY(shallow_pin(repo, &change.after));
    change.repo = repo;
    *out = MOVE(change);
    return NULL;
}

dits_error *shallow_change_begin(const struct shallow_change *change)
{
    CLEANUP(oid_map_release) struct oid_map both = {0};
    if (!change->adds)
        return NULL;
    TRY(add_all(&both, &change->before));
    TRY(add_all(&both, &change->after));
    return shallow_save(change->repo, &both);
}

dits_error *shallow_change_finish(const struct shallow_change *change)
{
    return change->removes ? shallow_save(change->repo, &change->after) : NULL;
}

dits_error *shallow_change_add(dits_repo *repo, const struct dits_oid *id)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    const struct oid_map *before = NULL;
    TRY(shallow_refresh(repo));
    TRY(shallow_commits(repo, &before));
    TRY(add_all(&commits, before));
    TRY(oid_map_add(&commits, id, NULL, NULL));
    return shallow_save(repo, &commits);
}
