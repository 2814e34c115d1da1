/*
 * An import of the newest commits alone. Git lists descendants before their
 * ancestors, so that the depth of a commit, the least of all ways to it, is
 * known when its own line comes.
 */
#include "base/array.h"
#include "repo/git_import.h"

static dits_error *set_depth(struct git_depths *depths,
                             const struct dits_oid *id, uint64_t depth)
{
    size_t number = 0;
    bool is_new = false;
    uint64_t *items = array_grown(depths->items, depths->numbers.count,
                                  &depths->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    depths->items = items;
    TRY(oid_map_add(&depths->numbers, id, &number, &is_new));
    if (is_new || depths->items[number] > depth)
        depths->items[number] = depth;
    return NULL;
}

/* 0: too far. */
static uint64_t depth_of(const struct git_depths *depths,
                         const struct dits_oid *id)
{
    size_t number = 0;
    return oid_map_find(&depths->numbers, id, &number) ? depths->items[number]
                                                       : 0;
}

bool git_import_is_within(const struct git_import *import,
                          const struct dits_oid *id, bool *out_is_last)
{
    uint64_t most = import->options->depth;
    uint64_t depth = most == 0 ? 0 : depth_of(&import->depths, id);
    *out_is_last = most > 0 && depth == most;
    return most == 0 || depth > 0;
}

static dits_error *take_tip(struct git_import *import,
                            const struct dits_oid *id, const char *parents,
                            void *payload)
{
    (void)parents;
    (void)payload;
    return set_depth(&import->depths, id, 1);
}

static dits_error *pass_to(struct git_import *import, const struct dits_oid *id,
                           void *payload)
{
    const uint64_t *depth = payload;
    return set_depth(&import->depths, id, *depth);
}

static dits_error *pass_on(struct git_import *import, const struct dits_oid *id,
                           const char *parents, void *payload)
{
    uint64_t depth = depth_of(&import->depths, id);
    (void)payload;
    if (depth == 0 || depth >= import->options->depth)
        return NULL;
    depth++;
    return git_import_each_parent(import, parents, pass_to, &depth);
}

dits_error *git_import_measure(struct git_import *import)
{
    static const char *const tips[] = {"rev-list", "--no-walk", "--stdin",
                                       NULL};
    static const char *const all[] = {"rev-list", "--topo-order", "--parents",
                                      "--stdin", NULL};
    if (import->options->depth == 0 || import->ref_count == 0)
        return NULL;
    TRY(git_import_each_listed(import, tips, take_tip, NULL));
    return git_import_each_listed(import, all, pass_on, NULL);
}
