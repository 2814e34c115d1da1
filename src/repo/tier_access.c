#include "repo/tier_access.h"

#include <string.h>

#include "base/text.h"
#include "repo/pack_copies.h"
#include "repo/tier_move.h"
#include "store/tier_transfer.h"

enum { COARSE_S = 24 * 3600 };

/* Names of packs, OID_HEX_SIZE bytes each. */
struct flushing {
    dits_repo *repo;
    const struct tier_settings *settings;
    int64_t now;
    struct buf to_note;
    struct buf to_recall;
};

static void flushing_release(struct flushing *flushing)
{
    buf_release(&flushing->to_note);
    buf_release(&flushing->to_recall);
}

static dits_error *consider(const struct store_pack_info *info, void *payload)
{
    struct flushing *flushing = payload;
    int64_t noted = 0;
    if (!info->used)
        return NULL;
    TRY(pack_access_get(flushing->repo->db, info->name, &noted));
    if (flushing->now - noted >= COARSE_S || noted > flushing->now)
        TRY(buf_put(&flushing->to_note, info->name, OID_HEX_SIZE));
    if (info->tier == NULL)
        return NULL;
    const struct tier_setting *setting =
        tier_settings_find(flushing->settings, info->tier->name);
    return setting != NULL && setting->recall
               ? buf_put(&flushing->to_recall, info->name, OID_HEX_SIZE)
               : NULL;
}

static const char *name_at(const struct buf *names, size_t i)
{
    return (const char *)names->data + i * OID_HEX_SIZE;
}

static dits_error *note_all(const struct flushing *flushing)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    struct db *db = flushing->repo->db;
    size_t count = flushing->to_note.size / OID_HEX_SIZE;
    if (count == 0)
        return NULL;
    TRY(db_begin(db, &step));
    for (size_t i = 0; i < count; i++)
        TRY(pack_access_note(db, name_at(&flushing->to_note, i),
                             flushing->now));
    return db_commit(&step);
}

static dits_error *recall_all(const struct flushing *flushing)
{
    static const struct dits_tier_options options = {0};
    struct dits_tier_result result = {0};
    const struct tier_mover mover = {.repo = flushing->repo,
                                     .settings = flushing->settings,
                                     .options = &options,
                                     .result = &result};
    size_t count = flushing->to_recall.size / OID_HEX_SIZE;
    for (size_t i = 0; i < count; i++)
        TRY(tier_move(&mover, name_at(&flushing->to_recall, i), NULL));
    return NULL;
}

dits_error *tier_access_flush(dits_repo *repo)
{
    CLEANUP(tier_settings_release) struct tier_settings settings = {0};
    CLEANUP(flushing_release)
    struct flushing flushing = {.repo = repo, .settings = &settings};
    TRY(tier_settings_load(repo, &settings));
    if (settings.count == 0)
        return NULL;
    flushing.now = context_now(repo->context);
    TRY(store_each_pack(repo->store, consider, &flushing));
    TRY(note_all(&flushing));
    return recall_all(&flushing);
}
