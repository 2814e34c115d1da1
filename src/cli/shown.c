#include "cli/shown.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/oid.h"

static int compare(const void *a, const void *b)
{
    return oid_compare(a, b);
}

static dits_error *collect(const dits_commit *commit, void *payload)
{
    struct shown *shown = payload;
    struct dits_oid *ids =
        array_grown(shown->ids, shown->count, &shown->capacity, sizeof(*ids));
    if (ids == NULL)
        return error_nomem();
    shown->ids = ids;
    shown->ids[shown->count++] = *dits_commit_id(commit);
    return NULL;
}

dits_error *shown_collect(dits_repo *repo,
                          const struct dits_log_options *options,
                          struct shown *out)
{
    CLEANUP(shown_release) struct shown shown = {0};
    TRY(dits_log(repo, options, collect, &shown));
    if (shown.count > 0)
        qsort(shown.ids, shown.count, sizeof(*shown.ids), compare);
    *out = MOVE(shown);
    return NULL;
}

void shown_release(struct shown *shown)
{
    mem_free(shown->ids);
    *shown = (struct shown){0};
}

static bool contains(const struct shown *shown, const struct dits_oid *id)
{
    return shown->count > 0 && bsearch(id, shown->ids, shown->count,
                                       sizeof(*shown->ids), compare) != NULL;
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

dits_error *shown_ancestor(const struct shown *shown, dits_repo *repo,
                           const struct dits_oid *commit, struct dits_oid *out)
{
    struct dits_oid id = *commit;
    while (!dits_oid_is_zero(&id) && !contains(shown, &id)) {
        CLEANUP(commit_freep) dits_commit *loaded = NULL;
        TRY(dits_commit_load(repo, &id, &loaded));
        if (dits_commit_parent_count(loaded) > 0)
            id = *dits_commit_parent(loaded, 0);
        else
            id = (struct dits_oid){{0}};
    }
    *out = id;
    return NULL;
}
