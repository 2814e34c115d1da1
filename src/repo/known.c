#include "repo/known.h"

#include <stdlib.h>

#include "base/mem.h"
#include "repo/arrival.h"

void known_release(struct known *known)
{
    mem_free(known->ids);
    mem_free(known->found);
}

static int compare_ids(const void *a, const void *b)
{
    return oid_compare(a, b);
}

static size_t without_repeats(struct dits_oid *ids, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !dits_oid_equal(&ids[i], &ids[kept - 1]))
            ids[kept++] = ids[i];
    return kept;
}

dits_error *known_find(dits_repo *repo, const struct transport_refs *refs,
                       struct known *out)
{
    out->ids = mem_new_array(struct dits_oid, refs->count + 1);
    out->found = mem_new_array(bool, refs->count + 1);
    if (out->ids == NULL || out->found == NULL)
        return error_nomem();
    for (size_t i = 0; i < refs->count; i++)
        out->ids[i] = refs->items[i].commit;
    out->count = refs->count;
    if (!dits_oid_is_zero(&refs->head_id))
        out->ids[out->count++] = refs->head_id;
    if (out->count == 0)
        return NULL;
    qsort(out->ids, out->count, sizeof(*out->ids), compare_ids);
    out->count = without_repeats(out->ids, out->count);
    return arrival_find_ours(repo, (struct history_ids){out->ids, out->count},
                             out->found);
}

bool known_has(const struct known *known, const struct dits_oid *commit)
{
    if (known->count == 0)
        return false;
    const struct dits_oid *at = bsearch(commit, known->ids, known->count,
                                        sizeof(*known->ids), compare_ids);
    return at != NULL && known->found[at - known->ids];
}
