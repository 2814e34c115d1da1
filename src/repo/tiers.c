#include "repo/tiers.h"

#include <dits/tier.h>

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/database.h"
#include "repo/pack_copies.h"

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

/* Filling in what the store asks for. */
struct locating {
    struct locations *out;
    const struct tier *tier; /* the one whose folder is listed */
    uint32_t index;
};

static dits_error *tier_index(struct locations *out, const char *name,
                              uint32_t *index)
{
    CLEANUP(tier_release) struct tier unknown = {0};
    for (size_t i = 0; i < out->tier_count; i++) {
        if (strcmp(out->tiers[i].name, name) == 0) {
            *index = (uint32_t)i;
            return NULL;
        }
    }
    TRY(text_copy(name, &unknown.name)); /* its settings are gone */
    return locations_add_tier(out, &unknown, index);
}

static dits_error *add_row(const struct copy_row *row, void *payload)
{
    struct locating *locating = payload;
    struct pack_copy copy = {.tier = LOCATION_HOT,
                             .state = row->state,
                             .size = row->size,
                             .mtime_ns = row->mtime_ns};
    memcpy(copy.pack, row->pack, sizeof(copy.pack));
    if (copy_row_is_retired(row))
        return NULL; /* only its file is still to go */
    if (row->tier[0] != '\0')
        TRY(tier_index(locating->out, row->tier, &copy.tier));
    else if (row->state == COPY_HERE)
        return NULL; /* that needs no row */
    return locations_add(locating->out, &copy);
}

static dits_error *add_file(const char *pack, const struct fs_stat *stat,
                            void *payload)
{
    const struct locating *locating = payload;
    struct pack_copy copy = {.tier = locating->index,
                             .state = COPY_HERE,
                             .size = stat->size,
                             .mtime_ns = stat->mtime_ns};
    memcpy(copy.pack, pack, sizeof(copy.pack));
    return locations_add(locating->out, &copy);
}

/* Without the rows: what is in the folders that are there. */
static dits_error *list_folders(struct locations *out)
{
    for (uint32_t i = 0; i < out->tier_count; i++) {
        struct locating locating = {.out = out, .index = i};
        dits_error *err = tier_each_pack(&out->tiers[i], add_file, &locating);
        if (!dits_error_has(err, DITS_E_OFFLINE))
            TRY(err);
        dits_error_free(err); /* nobody knows what is there */
    }
    return NULL;
}

/* Threads that read have no handle of the database: this opens its own. */
static dits_error *load_rows(const dits_repo *repo, struct locations *out)
{
    CLEANUP(db_closep) struct db *db = NULL;
    struct locating locating = {.out = out};
    TRY(database_open(repo->dits_dir, DB_EXISTING, &db));
    return pack_copies_each(db, add_row, &locating);
}

/* The settings as they are now: others may have added a tier. */
static dits_error *load_tiers(const dits_repo *repo, struct locations *out)
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    struct config *config = NULL;
    TRY(config_open(repo->context, repo->dits_dir, &config));
    const dits_repo now = {
        .context = repo->context, .work_dir = repo->work_dir, .config = config};
    dits_error *err = tier_settings_load(&now, &settings);
    config_free(config);
    TRY(err);
    for (size_t i = 0; i < settings.count; i++) {
        uint32_t index = 0;
        TRY(locations_add_tier(out, &settings.items[i].tier, &index));
    }
    return NULL;
}

static dits_error *load(struct locations *out, void *payload)
{
    const dits_repo *repo = payload;
    TRY(load_tiers(repo, out));
    dits_error *err = load_rows(repo, out);
    if (!dits_error_has(err, DITS_E_CORRUPT) &&
        !dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* the repository cannot be opened but for rescue */
    mem_free(out->copies);
    out->copies = NULL;
    out->copy_count = 0;
    out->copy_capacity = 0;
    return list_folders(out);
}

/* Files of tiers go; the rows of those that are away stay until they are back.
 */
struct forgetting {
    const dits_repo *repo;
    const struct locations *tiers;
    const char *pack;
    struct db *db;
    struct buf gone; /* names of tiers, each with its NUL */
};

static void forgetting_release(struct forgetting *forgetting)
{
    buf_release(&forgetting->gone);
    db_close(forgetting->db);
}

static const struct tier *find_tier(const struct locations *tiers,
                                    const char *name)
{
    for (size_t i = 0; i < tiers->tier_count; i++)
        if (strcmp(tiers->tiers[i].name, name) == 0)
            return &tiers->tiers[i];
    return NULL;
}

static dits_error *remove_file(const struct copy_row *row, void *payload)
{
    struct forgetting *forgetting = payload;
    const struct tier *tier = find_tier(forgetting->tiers, row->tier);
    if (strcmp(row->pack, forgetting->pack) != 0 || tier == NULL)
        return NULL;
    dits_error *err = tier_remove_pack(tier, row->pack);
    if (dits_error_has(err, DITS_E_OFFLINE)) {
        dits_error_free(err); /* 'dits tier run' does it when it is back */
        return NULL;
    }
    TRY(err);
    return buf_put(&forgetting->gone, row->tier, strlen(row->tier) + 1);
}

static dits_error *forget(const char *pack, void *payload)
{
    CLEANUP(locations_release) struct locations tiers = {0};
    CLEANUP(forgetting_release)
    struct forgetting forgetting = {
        .repo = payload, .tiers = &tiers, .pack = pack};
    TRY(load_tiers(payload, &tiers));
    TRY(database_open(forgetting.repo->dits_dir, DB_EXISTING, &forgetting.db));
    TRY(pack_copies_retire(forgetting.db, pack));
    TRY(pack_copies_each(forgetting.db, remove_file, &forgetting));
    const char *names = buf_text(&forgetting.gone);
    for (size_t at = 0; at < forgetting.gone.size; at += strlen(names + at) + 1)
        TRY(pack_copies_remove(forgetting.db, pack, names + at));
    return NULL;
}

static dits_error *find_retired(const struct copy_row *row, void *payload)
{
    return copy_row_is_retired(row)
               ? buf_put(payload, row->pack, sizeof(row->pack))
               : NULL;
}

dits_error *tiers_remove_retired(dits_repo *repo)
{
    CLEANUP(buf_release) struct buf packs = {0};
    TRY(pack_copies_each(repo->db, find_retired, &packs));
    for (size_t at = 0; at < packs.size; at += OID_HEX_SIZE)
        TRY(forget((const char *)packs.data + at, repo));
    return NULL;
}

void tiers_attach(dits_repo *repo)
{
    const struct store_locator locator = {load, forget, repo};
    store_set_locator(repo->store, &locator);
}

dits_error *tiers_locate(dits_repo *repo)
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    bool is_needed = false;
    TRY(tier_settings_load(repo, &settings));
    is_needed = settings.count > 0;
    if (!is_needed && repo->db != NULL)
        TRY(pack_copies_any(repo->db, &is_needed));
    return is_needed ? store_relocate(repo->store) : NULL;
}

struct adoption {
    dits_repo *repo;
    const char *tier;
    uint64_t count;
};

static dits_error *adopt_file(const char *pack, const struct fs_stat *stat,
                              void *payload)
{
    struct adoption *adoption = payload;
    struct copy_row row = {.tier = adoption->tier,
                           .state = COPY_HERE,
                           .since = context_now(adoption->repo->context),
                           .size = stat->size,
                           .mtime_ns = stat->mtime_ns};
    CLEANUP(buf_release) struct buf here = {0};
    memcpy(row.pack, pack, sizeof(row.pack));
    TRY(buf_printf(&here, "%s/packs/%s.pack", adoption->repo->dits_dir, pack));
    if (fs_exists(buf_text(&here)))
        row.state = COPY_LEAVING; /* that one is read */
    adoption->count++;
    return pack_copies_adopt(adoption->repo->db, &row);
}

dits_error *tiers_adopt(dits_repo *repo, uint64_t *out_count)
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    struct adoption adoption = {.repo = repo};
    TRY(tier_settings_load(repo, &settings));
    for (size_t i = 0; i < settings.count; i++) {
        adoption.tier = settings.items[i].tier.name;
        dits_error *err =
            tier_each_pack(&settings.items[i].tier, adopt_file, &adoption);
        if (!dits_error_has(err, DITS_E_OFFLINE))
            TRY(err);
        if (err != NULL)
            log_warn(repo->context, "%s", dits_error_message(err));
        dits_error_free(err); /* told */
    }
    *out_count = adoption.count;
    return NULL;
}
