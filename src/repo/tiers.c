#include "repo/tiers.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/database.h"
#include "repo/pack_copies.h"
#include "repo/tier_settings.h"

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
