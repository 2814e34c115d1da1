#include "repo/tier_policy.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/pack_copies.h"
#include "store/tier_transfer.h"

#define NS_PER_S 1000000000

struct planning {
    dits_repo *repo;
    const struct tier_settings *settings;
    struct tier_plan *plan;
};

void tier_plan_release(struct tier_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        text_free(&plan->items[i].tier);
    mem_free(plan->items);
    *plan = (struct tier_plan){0};
}

/* Packs that were never read since anybody noted it count from their making. */
static bool is_due(const struct tier_setting *setting,
                   const struct tier_plan_item *item)
{
    int64_t read = item->read > item->made ? item->read : item->made;
    return setting->has_policy && item->size >= setting->min_size &&
           item->made <= setting->age && read <= setting->unused;
}

/* The farthest tier behind the one it is in; "hot" is before all. */
static const struct tier_setting *choose(const struct tier_settings *settings,
                                         const struct tier_plan_item *item)
{
    const struct tier_setting *best = NULL;
    bool is_behind = item->tier[0] == '\0';
    for (size_t i = 0; i < settings->count; i++) {
        const struct tier_setting *setting = &settings->items[i];
        if (strcmp(setting->tier.name, item->tier) == 0)
            is_behind = true;
        else if (is_behind && is_due(setting, item))
            best = setting;
    }
    return best;
}

static dits_error *add_item(struct tier_plan *plan,
                            const struct store_pack_info *info,
                            struct tier_plan_item **out)
{
    struct tier_plan_item *items =
        array_grown(plan->items, plan->count, &plan->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    plan->items = items;
    struct tier_plan_item item = {.size = info->size,
                                  .made = info->mtime_ns / NS_PER_S};
    memcpy(item.name, info->name, sizeof(item.name));
    TRY(text_copy(info->tier != NULL ? info->tier->name : PACK_COPIES_HERE,
                  &item.tier));
    items[plan->count] = item;
    *out = &items[plan->count++];
    return NULL;
}

static dits_error *plan_pack(const struct store_pack_info *info, void *payload)
{
    const struct planning *planning = payload;
    struct tier_plan_item *item = NULL;
    bool has_data = false;
    TRY(add_item(planning->plan, info, &item));
    TRY(pack_access_get(planning->repo->db, item->name, &item->read));
    item->to = choose(planning->settings, item);
    if (item->to == NULL || info->tier != NULL)
        return NULL;
    TRY(store_pack_has_data(planning->repo->store, item->name, &has_data));
    if (!has_data)
        item->to = NULL; /* objects stay near */
    return NULL;
}

dits_error *tier_plan_make(dits_repo *repo,
                           const struct tier_settings *settings,
                           struct tier_plan *out)
{
    struct planning planning = {repo, settings, out};
    return store_each_pack(repo->store, plan_pack, &planning);
}
