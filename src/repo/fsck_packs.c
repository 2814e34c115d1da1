#include "base/progress.h"
#include "repo/fsck.h"
#include "store/verify.h"

/* One check of all packs. */
struct check {
    struct fsck *fsck;
    struct progress progress;
    dits_error *err; /* where none can be returned: the first one */
};

static dits_error *remember(struct fsck *fsck,
                            const struct store_damage *damage)
{
    if (damage->what != STORE_DAMAGE_CHUNK)
        return fsck_add_pack(fsck, damage->pack, damage->reason,
                             damage->offset);
    if (fsck_find_damage(fsck, &damage->id) != NULL)
        return NULL;
    return fsck_add_damage(fsck, &damage->id, damage->kind, damage->pack);
}

static void on_damage(const struct store_damage *damage, void *payload)
{
    struct check *check = payload;
    if (check->err == NULL)
        check->err = remember(check->fsck, damage);
}

static void on_progress(uint64_t bytes, void *payload)
{
    struct check *check = payload;
    progress_add(&check->progress, bytes, 0, NULL);
}

static dits_error *count_bytes(const struct dits_oid *id,
                               const struct chunk_place *place, void *payload)
{
    uint64_t *total = payload;
    (void)id;
    *total += place->stored_size;
    return NULL;
}

dits_error *fsck_packs(struct fsck *fsck, bool full)
{
    struct check check = {.fsck = fsck};
    struct store_verify_options options = {
        .read_all = full,
        .on_damage = on_damage,
        .on_progress = on_progress,
        .payload = &check,
    };
    struct store_verify_result result = {0};
    uint64_t total = 0;
    TRY(store_each(fsck->repo->store, count_bytes, &total));
    progress_begin(&check.progress, fsck->repo->context, "checking packs",
                   total, 0);
    dits_error *err = store_verify(fsck->repo->store, &options, &result);
    progress_end(&check.progress);
    fsck->result.bytes += full ? result.bytes : 0;
    fsck->result.offline_packs = result.offline;
    if (err == NULL)
        return check.err;
    dits_error_free(check.err);
    return err;
}
