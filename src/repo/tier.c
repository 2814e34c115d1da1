#include <dits/tier.h>

#include <dits/config.h>

#include <inttypes.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "repo/pack_copies.h"
#include "repo/tier_move.h"
#include "repo/tier_policy.h"
#include "store/tier_transfer.h"

enum { ID_BYTES = TIER_ID_DIGITS / 2 };

static dits_error *new_id(char **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    uint8_t bytes[ID_BYTES];
    random_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        TRY(buf_printf(&text, "%02x", bytes[i]));
    return buf_take_text(&text, out);
}

/* Absolute, so that it means the same from everywhere. */
static dits_error *absolute(const char *path, char **out)
{
    TRY(fs_make_dirs(path));
    return fs_real_path(path, out);
}

static dits_error *set(dits_repo *repo, const char *name, const char *what,
                       const char *value)
{
    CLEANUP(text_free) char *key = NULL;
    TRY(tier_key(name, what, &key));
    dits_error *err =
        dits_config_set(repo->context, repo, DITS_CONFIG_REPO, key, value);
    if (value != NULL || !dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* it was not set */
    return NULL;
}

static uint64_t next_order(const struct tier_settings *settings)
{
    return settings->count == 0
               ? 1
               : settings->items[settings->count - 1].order + 1;
}

/* The path comes last: with it there is a tier. */
static dits_error *save(dits_repo *repo, const struct tier *tier,
                        uint64_t order)
{
    CLEANUP(buf_release) struct buf number = {0};
    TRY(buf_printf(&number, "%" PRIu64, order));
    TRY(set(repo, tier->name, "id", tier->id));
    TRY(set(repo, tier->name, "order", buf_text(&number)));
    return set(repo, tier->name, "path", tier->path);
}

dits_error *dits_tier_add(dits_repo *repo, const char *name, const char *path)
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    CLEANUP(tier_release) struct tier tier = {0};
    if (!tier_name_is_good(name))
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is no name for a tier", name),
            "Take letters, digits, '-' and '_'; 'hot' is the repository.");
    TRY(tier_settings_load(repo, &settings));
    if (tier_settings_find(&settings, name) != NULL)
        return error_new(DITS_E_EXISTS, "there is a tier '%s' already", name);
    TRY(text_copy(name, &tier.name));
    TRY(absolute(path, &tier.path));
    TRY(new_id(&tier.id));
    TRY_CONTEXT(tier_make(&tier), "cannot make '%s' a tier", path);
    TRY(save(repo, &tier, next_order(&settings)));
    return store_relocate(repo->store);
}

/* What the rows say of one tier. */
struct counting {
    struct dits_tier_info *info;
};

static dits_error *count_row(const struct copy_row *row, void *payload)
{
    const struct counting *counting = payload;
    struct dits_tier_info *info = counting->info;
    if (strcmp(tier_shown(row->tier), info->name) != 0)
        return NULL;
    info->leaving_packs += row->state == COPY_LEAVING;
    info->leaving_bytes += row->state == COPY_LEAVING ? row->size : 0;
    return NULL;
}

static dits_error *tell(dits_repo *repo, const struct tier_plan *plan,
                        struct dits_tier_info *info, dits_tier_fn *fn,
                        void *payload)
{
    struct counting counting = {info};
    for (size_t i = 0; i < plan->count; i++) {
        const struct tier_plan_item *item = &plan->items[i];
        bool is_here = strcmp(tier_shown(item->tier), info->name) == 0;
        bool is_due = item->to != NULL &&
                      strcmp(item->to->tier.name, info->name) == 0;
        info->packs += is_here;
        info->bytes += is_here ? item->size : 0;
        info->due_packs += is_due;
        info->due_bytes += is_due ? item->size : 0;
    }
    TRY(pack_copies_each(repo->db, count_row, &counting));
    return fn(info, payload);
}

static dits_error *tell_tier(dits_repo *repo, const struct tier_plan *plan,
                             const struct tier_setting *setting,
                             dits_tier_fn *fn, void *payload)
{
    CLEANUP(dits_error_freep) dits_error *err = tier_check(&setting->tier);
    struct dits_tier_info info = {
        .name = setting->tier.name,
        .path = setting->tier.path,
        .offline = err != NULL ? dits_error_message(err) : NULL,
        .order = setting->order,
        .has_policy = setting->has_policy,
        .recall = setting->recall,
    };
    return tell(repo, plan, &info, fn, payload);
}

dits_error *dits_tier_each(dits_repo *repo, dits_tier_fn *fn, void *payload)
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    CLEANUP(tier_plan_release) struct tier_plan plan = {0};
    CLEANUP(text_free) char *packs = NULL;
    TRY(tier_settings_load(repo, &settings));
    TRY(tier_plan_make(repo, &settings, &plan));
    TRY(fs_join(repo->dits_dir, "packs", &packs));
    struct dits_tier_info hot = {.name = DITS_TIER_HOT, .path = packs};
    TRY(tell(repo, &plan, &hot, fn, payload));
    for (size_t i = 0; i < settings.count; i++)
        TRY(tell_tier(repo, &plan, &settings.items[i], fn, payload));
    return NULL;
}

dits_error *dits_tier_pack_each(dits_repo *repo, dits_tier_pack_fn *fn,
                                void *payload)
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    CLEANUP(tier_plan_release) struct tier_plan plan = {0};
    TRY(tier_settings_load(repo, &settings));
    TRY(tier_plan_make(repo, &settings, &plan));
    for (size_t i = 0; i < plan.count; i++) {
        const struct tier_plan_item *item = &plan.items[i];
        const struct dits_tier_pack pack = {
            .name = item->name,
            .tier = tier_shown(item->tier),
            .to = item->to != NULL ? item->to->tier.name : NULL,
            .bytes = item->size,
            .made = item->made,
            .read = item->read,
        };
        TRY(fn(&pack, payload));
    }
    return NULL;
}

static dits_error *refuse_full(const struct dits_tier_info *info, void *payload)
{
    const char *name = ((const struct tier *)payload)->name;
    if (strcmp(info->name, name) != 0 || info->packs == 0)
        return NULL;
    return error_hint(
        error_new(DITS_E_CONFLICT, "%" PRIu64 " packs are in tier '%s'",
                  info->packs, name),
        "'dits tier remove --recall %s' brings them back first.", name);
}

dits_error *dits_tier_remove(dits_repo *repo, const char *name)
{
    static const struct dits_tier_options options = {0};
    static const char *const keys[] = {"path",   "id",      "order", "age",
                                       "unused", "minsize", "recall"};
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    struct dits_tier_result result = {0};
    const struct tier_mover mover = {.repo = repo,
                                     .settings = &settings,
                                     .options = &options,
                                     .result = &result};
    const struct tier *tier = NULL;
    TRY(tier_settings_load(repo, &settings));
    TRY(tier_of_name(&settings, name, &tier));
    if (tier == NULL)
        return error_new(DITS_E_INVALID, "'%s' is the repository", name);
    struct tier named = *tier;
    TRY(dits_tier_each(repo, refuse_full, &named));
    TRY(tier_check(tier));
    TRY(tier_clean(&mover, name));
    TRY(tier_unmake(tier));
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        TRY(set(repo, name, keys[i], NULL));
    return store_relocate(repo->store);
}
