#include "repo/tier_settings.h"

#include <dits/tier.h>

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"

#define SECTION "tier."
#define PATH_END ".path"
#define DEFAULT_MIN_SIZE ((uint64_t)16 << 20)
#define DEFAULT_UNUSED "1 day" /* what was just fetched is not sent away */

static void setting_release(struct tier_setting *setting)
{
    tier_release(&setting->tier);
}

void tier_settings_release(struct tier_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++)
        setting_release(&settings->items[i]);
    mem_free(settings->items);
    *settings = (struct tier_settings){0};
}

bool tier_name_is_good(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 64 || strcmp(name, DITS_TIER_HOT) == 0 ||
        name[0] == '-')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-_") == length;
}

dits_error *tier_key(const char *name, const char *what, char **out)
{
    CLEANUP(buf_release) struct buf key = {0};
    TRY(buf_printf(&key, SECTION "%s.%s", name, what));
    return buf_take_text(&key, out);
}

/* The value, borrowed, or NULL. */
static dits_error *text_of(const dits_repo *repo, const char *name,
                           const char *what, const char **out)
{
    CLEANUP(text_free) char *key = NULL;
    TRY(tier_key(name, what, &key));
    *out = config_text(repo, key);
    return NULL;
}

/* One that is not absolute counts from the top: both may lie on one disk. */
static dits_error *path_of(const dits_repo *repo, const char *text, char **out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(config_expand_path(repo, text, &path));
    if (path[0] == '/')
        *out = MOVE(path);
    return path == NULL ? NULL : fs_join(repo->work_dir, path, out);
}

static dits_error *load_tier(const dits_repo *repo, const char *name,
                             struct tier *out)
{
    const char *path = NULL;
    const char *id = NULL;
    TRY(text_of(repo, name, "path", &path));
    TRY(text_of(repo, name, "id", &id));
    TRY(text_copy(name, &out->name));
    TRY(text_copy_optional(id, &out->id));
    return path != NULL ? path_of(repo, path, &out->path) : NULL;
}

static dits_error *expiry_of(const dits_repo *repo, const char *name,
                             const char *what, const char *fallback,
                             int64_t *out)
{
    CLEANUP(text_free) char *key = NULL;
    TRY(tier_key(name, what, &key));
    return config_expiry(repo, key, fallback, out);
}

static dits_error *number_of(const dits_repo *repo, const char *name,
                             const char *what, uint64_t fallback, uint64_t *out)
{
    CLEANUP(text_free) char *key = NULL;
    TRY(tier_key(name, what, &key));
    return config_number(repo, key, fallback, out);
}

static dits_error *load_policy(const dits_repo *repo,
                               struct tier_setting *setting)
{
    const char *name = setting->tier.name;
    const char *age = NULL;
    const char *unused = NULL;
    CLEANUP(text_free) char *recall = NULL;
    TRY(text_of(repo, name, "age", &age));
    TRY(text_of(repo, name, "unused", &unused));
    setting->has_policy = age != NULL || unused != NULL;
    TRY(expiry_of(repo, name, "age", "now", &setting->age));
    TRY(expiry_of(repo, name, "unused", DEFAULT_UNUSED, &setting->unused));
    TRY(number_of(repo, name, "minsize", DEFAULT_MIN_SIZE, &setting->min_size));
    TRY(number_of(repo, name, "order", 1, &setting->order));
    TRY(tier_key(name, "recall", &recall));
    return config_bool(repo, recall, false, &setting->recall);
}

static dits_error *add_setting(const dits_repo *repo, const char *name,
                               struct tier_settings *out)
{
    CLEANUP(setting_release) struct tier_setting setting = {0};
    if (tier_settings_find(out, name) != NULL)
        return NULL;
    struct tier_setting *items =
        array_grown(out->items, out->count, &out->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    out->items = items;
    TRY(load_tier(repo, name, &setting.tier));
    TRY(load_policy(repo, &setting));
    out->items[out->count++] = setting;
    setting = (struct tier_setting){0};
    return NULL;
}

/* "tier.NAME.path" makes a tier. */
static dits_error *add_from(const dits_repo *repo,
                            const struct config_file *file,
                            struct tier_settings *out)
{
    for (size_t i = 0; i < file->count; i++) {
        CLEANUP(text_free) char *name = NULL;
        const char *key = file->entries[i].key;
        size_t length = strlen(key);
        size_t around = strlen(SECTION) + strlen(PATH_END);
        if (length <= around || !text_starts_with(key, SECTION) ||
            !text_ends_with(key, PATH_END))
            continue;
        TRY(text_copy_part(key + strlen(SECTION), length - around, &name));
        if (tier_name_is_good(name))
            TRY(add_setting(repo, name, out));
    }
    return NULL;
}

static int compare_settings(const void *a, const void *b)
{
    const struct tier_setting *x = a;
    const struct tier_setting *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->tier.name, y->tier.name);
}

dits_error *tier_settings_load(const dits_repo *repo, struct tier_settings *out)
{
    TRY(add_from(repo, &repo->config->repo, out));
    if (out->count > 0)
        qsort(out->items, out->count, sizeof(*out->items), compare_settings);
    return NULL;
}

const struct tier_setting *tier_settings_find(
    const struct tier_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->count; i++)
        if (strcmp(settings->items[i].tier.name, name) == 0)
            return &settings->items[i];
    return NULL;
}

dits_error *tier_of_name(const struct tier_settings *settings, const char *name,
                         const struct tier **out)
{
    *out = NULL;
    if (strcmp(name, DITS_TIER_HOT) == 0)
        return NULL;
    const struct tier_setting *setting = tier_settings_find(settings, name);
    if (setting == NULL)
        return error_hint(error_new(DITS_E_NOT_FOUND, "no tier '%s'", name),
                          "'dits tier list' shows those that there are.");
    *out = &setting->tier;
    return NULL;
}
