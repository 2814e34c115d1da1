/*
 * Removing content from all history, on purpose:
 *
 * 1. Find the assets that are meant (obliterate_find.c).
 * 2. With the store to ourselves, mark what everything else needs. The data
 *    chunks of the assets that are not marked are to go.
 * 3. Write down when, who, why and which (obliteration.h).
 * 4. Sweep them out of their packs. Between two steps of that, what others
 *    published meanwhile is marked, too, and stays.
 * 5. Write down that it is done.
 *
 * Cut off after 3, the next run goes on with 4.
 */
#include <dits/maintenance.h>

#include <inttypes.h>

#include "base/text.h"
#include "object/asset.h"
#include "repo/gc_status.h"
#include "repo/identity.h"
#include "repo/obliterate_find.h"
#include "repo/obliteration.h"
#include "repo/pack_copies.h"
#include "repo/reach.h"
#include "repo/tiers.h"
#include "store/sweep.h"

struct obliterate {
    dits_repo *repo;
    const struct dits_obliterate_options *options;
    struct dits_obliterate_result *result;
    struct id_list assets;
    struct id_list chunks; /* to go */
    struct reach needed;   /* by everything else */
};

static void obliterate_release(struct obliterate *o)
{
    id_list_release(&o->assets);
    id_list_release(&o->chunks);
    reach_release(&o->needed);
}

/* Chunks of one asset: to go, or needed by others. */
static dits_error *on_chunk(const struct chunk_ref *chunk, void *payload)
{
    struct obliterate *o = payload;
    bool found = false;
    if (id_set_has(&o->chunks.set, &chunk->id))
        return NULL;
    TRY(store_find(o->repo->store, &chunk->id, &found, NULL));
    if (id_set_has(&o->needed.seen, &chunk->id)) {
        o->result->kept_chunks++;
        o->result->kept_bytes += chunk->size;
        return NULL;
    }
    o->result->chunks += found;
    o->result->bytes += found ? chunk->size : 0;
    return id_list_add(&o->chunks, &chunk->id);
}

static dits_error *list_chunks(struct obliterate *o)
{
    struct asset_mark mark = {.on_chunk = on_chunk, .payload = o};
    for (size_t i = 0; i < id_list_count(&o->assets); i++) {
        CLEANUP(asset_closep) struct asset *asset = NULL;
        struct dits_oid id = id_list_at(&o->assets, i);
        TRY(context_check(o->repo->context));
        TRY(asset_open(o->repo->store, &id, &asset));
        TRY(asset_mark(asset, &mark));
        const struct dits_obliterated shown = {
            .asset = id,
            .content = asset_get_info(asset)->content,
            .size = asset_get_info(asset)->size,
        };
        if (o->options->on_asset != NULL)
            TRY(o->options->on_asset(&shown, o->options->payload));
    }
    o->result->assets = id_list_count(&o->assets);
    return NULL;
}

static dits_error *mark_needed(void *payload)
{
    struct obliterate *o = payload;
    return reach_mark(&o->needed);
}

static bool is_live(const struct dits_oid *id, void *payload)
{
    const struct obliterate *o = payload;
    return !id_set_has(&o->chunks.set, id) || id_set_has(&o->needed.seen, id);
}

/* A pack with damage stays as it is, with what was to go in it. */
static dits_error *check_gone(const struct dits_oid *id,
                              const struct chunk_place *place, void *payload)
{
    if (is_live(id, payload))
        return NULL;
    return error_hint(
        error_new(DITS_E_CORRUPT,
                  "pack '%s' is damaged, and what is to go is in it",
                  place->pack),
        "Run 'dits fsck --repair', then 'dits obliterate --continue'.");
}

/* Whole packs that a repair put aside are nobody's but the user's. */
static dits_error *warn_of_pack(const char *name, void *payload)
{
    const struct obliterate *o = payload;
    if (text_ends_with(name, ".pack"))
        log_warn(o->repo->context,
                 "'.dits/quarantine/%s' was put aside by a repair and may hold "
                 "what was obliterated: remove it",
                 name);
    return NULL;
}

/* A pack must not come back with the power: here that is no mere garbage. */
static dits_error *make_durable(const struct obliterate *o)
{
    CLEANUP(text_free) char *packs = NULL;
    TRY(fs_join(o->repo->dits_dir, "packs", &packs));
    return fs_sync_dir(packs);
}

static dits_error *look_into_quarantine(struct obliterate *o)
{
    CLEANUP(text_free) char *folder = NULL;
    TRY(fs_join(o->repo->dits_dir, "quarantine", &folder));
    return fs_exists(folder) ? fs_list(folder, warn_of_pack, o) : NULL;
}

/* A copy that was given up and is still in a tier. */
static dits_error *find_left(const struct copy_row *row, void *payload)
{
    (void)payload;
    bool is_left = copy_row_is_retired(row);
    return is_left ? error_new(DITS_E_OFFLINE,
                               "a copy of pack '%s' is in tier '%s', "
                               "which is offline",
                               row->pack, row->tier)
                   : NULL;
}

static dits_error *check_tiers(const struct obliterate *o,
                               uint64_t offline_packs)
{
    dits_error *err = NULL;
    TRY(tiers_remove_retired(o->repo));
    if (offline_packs > 0)
        err = error_new(DITS_E_OFFLINE,
                        "%" PRIu64 " packs with what is to go are in tiers "
                        "that are offline",
                        offline_packs);
    else
        err = pack_copies_each(o->repo->db, find_left, NULL);
    return err == NULL ? NULL
                       : error_hint(err, "Connect those disks, then 'dits "
                                         "obliterate --continue'.");
}

static dits_error *sweep_chunks(struct obliterate *o, struct store_sweep *sweep)
{
    const struct store_sweep_options wanted = {
        .is_live = is_live,
        .on_resume = mark_needed,
        .payload = o,
        .before = INT64_MAX,
        .thorough = true,
    };
    struct store_sweep_result swept = {0};
    TRY(store_sweep_run(sweep, &wanted, &swept));
    TRY(make_durable(o));
    TRY(check_tiers(o, swept.offline_packs));
    TRY(store_each(o->repo->store, check_gone, o));
    return look_into_quarantine(o);
}

static dits_error *begin_row(struct obliterate *o, uint64_t *out_id)
{
    CLEANUP(person_release) struct person who = {0};
    const char *reason = o->options->reason;
    TRY(identity_find_any(o->repo, &who));
    return obliteration_begin(o->repo, &who, reason != NULL ? reason : "",
                              &o->assets, &o->chunks, out_id);
}

static dits_error *obliterate_new(struct obliterate *o)
{
    CLEANUP(store_sweep_freep) struct store_sweep *sweep = NULL;
    uint64_t id = 0;
    o->needed.without = &o->assets.set;
    TRY(store_sweep_begin(o->repo->store, &sweep));
    TRY(mark_needed(o));
    TRY(list_chunks(o));
    if (o->options->dry_run)
        return NULL;
    TRY(begin_row(o, &id));
    TRY(sweep_chunks(o, sweep));
    return obliteration_finish(o->repo, id);
}

/* One that was cut off: its row says what is meant. */
static dits_error *go_on(struct obliterate *o, uint64_t id)
{
    CLEANUP(store_sweep_freep) struct store_sweep *sweep = NULL;
    TRY(obliteration_assets(o->repo, id, &o->assets));
    TRY(obliteration_chunks(o->repo, id, &o->chunks));
    o->needed.without = &o->assets.set;
    o->result->assets = id_list_count(&o->assets);
    o->result->chunks = id_list_count(&o->chunks);
    TRY(store_sweep_begin(o->repo->store, &sweep));
    TRY(mark_needed(o));
    TRY(sweep_chunks(o, sweep));
    return obliteration_finish(o->repo, id);
}

static dits_error *refuse_while_pending(const struct obliterate *o)
{
    uint64_t id = 0;
    bool pending = false;
    TRY(obliteration_pending(o->repo, &id, &pending));
    if (!pending)
        return NULL;
    return error_hint(
        error_new(DITS_E_CONFLICT, "an obliteration was cut off"),
        "'dits obliterate --continue' goes on with it; do that first.");
}

dits_error *dits_obliterate(dits_repo *repo,
                            const struct dits_obliterate_options *options,
                            struct dits_obliterate_result *out)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(obliterate_release)
    struct obliterate o = {.repo = repo,
                           .options = options,
                           .result = out,
                           .needed = {.repo = repo}};
    *out = (struct dits_obliterate_result){0};
    TRY(gc_lock(repo, &lock));
    TRY(refuse_while_pending(&o));
    TRY(obliterate_find(repo, options, &o.assets));
    return obliterate_new(&o);
}

dits_error *dits_obliterate_continue(dits_repo *repo,
                                     struct dits_obliterate_result *out)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    *out = (struct dits_obliterate_result){0};
    TRY(gc_lock(repo, &lock));
    for (;;) {
        static const struct dits_obliterate_options none = {0};
        CLEANUP(obliterate_release)
        struct obliterate o = {.repo = repo,
                               .options = &none,
                               .result = out,
                               .needed = {.repo = repo}};
        uint64_t id = 0;
        bool pending = false;
        TRY(obliteration_pending(repo, &id, &pending));
        if (!pending)
            return NULL;
        TRY(go_on(&o, id));
    }
}
