#include "store/locations.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

dits_error *locations_add_tier(struct locations *locations, struct tier *tier,
                               uint32_t *out_index)
{
    struct tier *tiers = array_grown(locations->tiers, locations->tier_count,
                                     &locations->tier_capacity, sizeof(*tiers));
    if (tiers == NULL)
        return error_nomem();
    locations->tiers = tiers;
    *out_index = (uint32_t)locations->tier_count;
    locations->tiers[locations->tier_count++] = *tier;
    *tier = (struct tier){0};
    return NULL;
}

dits_error *locations_add(struct locations *locations,
                          const struct pack_copy *copy)
{
    struct pack_copy *copies =
        array_grown(locations->copies, locations->copy_count,
                    &locations->copy_capacity, sizeof(*copies));
    if (copies == NULL)
        return error_nomem();
    locations->copies = copies;
    locations->copies[locations->copy_count++] = *copy;
    return NULL;
}

static int rank(const struct pack_copy *copy)
{
    static const int ranks[] = {
        [COPY_HERE] = 0, [COPY_LEAVING] = 1, [COPY_COMING] = 2};
    return ranks[copy->state];
}

static int compare(const void *a, const void *b)
{
    const struct pack_copy *x = a;
    const struct pack_copy *y = b;
    int order = strcmp(x->pack, y->pack);
    return order != 0 ? order : rank(x) - rank(y);
}

void locations_sort(struct locations *locations)
{
    if (locations->copy_count > 0)
        qsort(locations->copies, locations->copy_count,
              sizeof(*locations->copies), compare);
}

const struct pack_copy *locations_find(const struct locations *locations,
                                       const char *pack, size_t *out_count)
{
    size_t low = 0;
    size_t high = locations->copy_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(locations->copies[middle].pack, pack) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < locations->copy_count &&
           strcmp(locations->copies[end].pack, pack) == 0)
        end++;
    *out_count = end - low;
    return *out_count > 0 ? &locations->copies[low] : NULL;
}

void locations_release(struct locations *locations)
{
    for (size_t i = 0; i < locations->tier_count; i++)
        tier_release(&locations->tiers[i]);
    mem_free(locations->tiers);
    mem_free(locations->copies);
    *locations = (struct locations){0};
}
