#include <dits/maintenance.h>

#include "base/progress.h"
#include "repo/date.h"
#include "repo/expiry.h"
#include "repo/gc_marks.h"
#include "repo/gc_status.h"
#include "repo/run_log.h"
#include "store/sweep.h"

/*
 * 0. The run is written down, and again when it ends (gc_status.c).
 * 1. Let old entries of the reflog and old operations go.
 * 2. Mark what is needed, while others work. The marks are kept now and then,
 *    so that a gc which is killed does not begin anew.
 * 3. Wait until nobody writes and keep everybody from it (store/store.h). Mark
 *    what was published meanwhile: little.
 * 4. Sweep what is neither marked nor young. Others get their turn between two
 *    steps of it; what they published is marked before the next.
 *
 * A sweep that was killed goes on with the packs that are left.
 */

/* Marks of a cycle that began before are not gone on with, whatever gc.prune
 * says: else those of a gc that prunes at once would never be. */
enum { DAY = 24 * 3600 };

/* Marks are kept so often at most, and never for more than a tenth of the
 * time: 10 times as long as keeping them took. */
enum { SAVE_MS = 100, SAVE_SHARE = 10 };

struct gc {
    dits_repo *repo;
    bool dry_run;
    const char *kind;  /* in the log of runs */
    const char *prune; /* or NULL: the setting */
    bool prune_only;   /* nothing expires, and all garbage goes */
    dits_garbage_fn *on_garbage;
    void *payload;
    struct reach reach;
    struct progress progress; /* of marking: objects */
    int64_t next_save_ms;
};

static dits_error *on_pause(struct reach *reach, void *payload)
{
    struct gc *gc = payload;
    int64_t start = fs_now_ns() / 1000000;
    progress_add(&gc->progress, 0, 1, NULL);
    if (gc->dry_run || start < gc->next_save_ms)
        return NULL;
    TRY(gc_marks_save(reach));
    int64_t end = fs_now_ns() / 1000000;
    gc->next_save_ms = end + SAVE_MS + SAVE_SHARE * (end - start);
    return NULL;
}

static bool is_live(const struct dits_oid *id, void *payload)
{
    const struct gc *gc = payload;
    return id_set_has(&gc->reach.seen, id);
}

static dits_error *mark(struct gc *gc)
{
    progress_begin(&gc->progress, gc->repo->context, "marking objects", 0, 0);
    dits_error *err = reach_mark(&gc->reach);
    progress_end(&gc->progress);
    if (err == NULL)
        return NULL;
    return error_hint(error_wrap(err, "cannot tell what is needed"),
                      "Nothing was removed. See 'dits fsck'.");
}

static dits_error *on_resume(void *payload)
{
    return mark(payload);
}

static dits_error *on_dead(const struct dits_oid *id,
                           const struct chunk_place *place, void *payload)
{
    const struct gc *gc = payload;
    const struct dits_garbage garbage = {
        .id = *id, .kind = chunk_kind_name(place->kind), .size = place->size};
    return gc->on_garbage(&garbage, gc->payload);
}

static dits_error *mark_and_sweep(struct gc *gc, int64_t prune_before,
                                  struct store_sweep_result *out)
{
    CLEANUP(store_sweep_freep) struct store_sweep *sweep = NULL;
    struct store_sweep_options options = {
        .is_live = is_live,
        .on_resume = on_resume,
        .on_dead = gc->on_garbage != NULL ? on_dead : NULL,
        .payload = gc,
        .before = prune_before,
        .dry_run = gc->dry_run,
        .thorough = gc->prune_only,
    };
    TRY(mark(gc));
    if (!gc->dry_run)
        TRY(gc_marks_save(&gc->reach));
    TRY(store_sweep_begin(gc->repo->store, &sweep));
    TRY(mark(gc));
    return store_sweep_run(sweep, &options, out);
}

/* Go on with the marks of a gc that was cut off, if they are young enough. */
static dits_error *begin_cycle(struct gc *gc, bool *out_resumed)
{
    const dits_repo *repo = gc->repo;
    int64_t now = context_now(repo->context);
    int64_t not_before = 0;
    TRY(expiry_grace(repo, &not_before));
    if (not_before > now - DAY)
        not_before = now - DAY;
    TRY(gc_marks_load(&gc->reach, not_before, out_resumed));
    if (!*out_resumed)
        gc->reach.started = now;
    return NULL;
}

static dits_error *run(struct gc *gc, struct dits_gc_result *out)
{
    struct store_sweep_result swept = {0};
    struct expiry_result expired = {0};
    int64_t prune_before = 0;
    bool resumed = false;
    if (gc->prune != NULL)
        TRY(date_parse_age(gc->repo->context, gc->prune, &prune_before));
    else
        TRY(expiry_grace(gc->repo, &prune_before));
    if (!gc->dry_run && !gc->prune_only)
        TRY(expiry_run(gc->repo, prune_before, &expired));
    TRY(begin_cycle(gc, &resumed));
    TRY(mark_and_sweep(gc, prune_before, &swept));
    if (!gc->dry_run)
        TRY(gc_marks_remove(gc->repo));
    *out = (struct dits_gc_result){
        .live_chunks = swept.live_chunks,
        .live_bytes = swept.live_bytes,
        .removed_chunks = swept.removed_chunks,
        .removed_bytes = swept.removed_bytes,
        .packs_before = swept.packs_before,
        .packs_after = swept.packs_after,
        .resumed = resumed,
        .offline_packs = swept.offline_packs,
    };
    return NULL;
}

static dits_error *run_logged(struct gc *gc, struct dits_gc_result *out)
{
    uint64_t id = 0;
    TRY(run_log_begin(gc->repo, gc->kind, &id));
    dits_error *err = run(gc, out);
    return run_log_end(gc->repo, id, out->removed_chunks, out->removed_bytes,
                       err);
}

static dits_error *run_locked(struct gc *gc, struct dits_gc_result *out)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    *out = (struct dits_gc_result){0};
    gc->reach =
        (struct reach){.repo = gc->repo, .on_pause = on_pause, .payload = gc};
    TRY(gc_lock(gc->repo, &lock));
    dits_error *err = gc->dry_run ? run(gc, out) : run_logged(gc, out);
    reach_release(&gc->reach);
    return err;
}

dits_error *dits_gc(dits_repo *repo, const struct dits_gc_options *options,
                    struct dits_gc_result *out)
{
    static const struct dits_gc_options defaults = {0};
    if (options == NULL)
        options = &defaults;
    struct gc gc = {
        .repo = repo,
        .kind = GC_RUN,
        .dry_run = options->dry_run,
        .prune = options->prune,
    };
    return run_locked(&gc, out);
}

dits_error *dits_prune(dits_repo *repo,
                       const struct dits_prune_options *options,
                       struct dits_gc_result *out)
{
    static const struct dits_prune_options defaults = {0};
    if (options == NULL)
        options = &defaults;
    struct gc gc = {
        .repo = repo,
        .kind = "prune",
        .dry_run = options->dry_run,
        .prune = options->expire,
        .prune_only = true,
        .on_garbage = options->on_garbage,
        .payload = options->payload,
    };
    return run_locked(&gc, out);
}
