#include <dits/maintenance.h>

#include "base/progress.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/date.h"
#include "repo/expiry.h"
#include "repo/gc_marks.h"
#include "store/sweep.h"

/*
 * 1. Let old entries of the reflog and old operations go.
 * 2. Mark what is needed, while others work. The marks are kept now and then,
 *    so that a gc which is killed does not begin anew.
 * 3. Wait until nobody writes and keep everybody from it (store/store.h). Mark
 *    what was published meanwhile: little.
 * 4. Sweep what is neither marked nor young.
 */

#define DEFAULT_PRUNE "2 weeks"

/* Marks are kept so often at most, and never for more than a tenth of the
 * time: 10 times as long as keeping them took. */
enum { SAVE_MS = 1000, SAVE_SHARE = 10 };

struct gc {
    dits_repo *repo;
    bool dry_run;
    struct reach reach;
    struct progress progress; /* of marking: commits */
    int64_t next_save_ms;
};

static dits_error *lock_gc(const dits_repo *repo, struct fs_file *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "gc.lock", &path));
    dits_error *err = fs_lock(path, FS_LOCK_EXCLUSIVE, 0, out);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_hint(error_wrap(err, "another gc is at work"),
                          "Let it finish; there is nothing left to do then.");
    return err;
}

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
    progress_begin(&gc->progress, gc->repo->context, "marking commits", 0, 0);
    dits_error *err = reach_mark(&gc->reach);
    progress_end(&gc->progress);
    if (err == NULL)
        return NULL;
    return error_hint(error_wrap(err, "cannot tell what is needed"),
                      "Nothing was removed. See 'dits fsck'.");
}

static dits_error *mark_and_sweep(struct gc *gc, int64_t prune_before,
                                  struct store_sweep_result *out)
{
    CLEANUP(store_sweep_freep) struct store_sweep *sweep = NULL;
    struct store_sweep_options options = {
        .is_live = is_live,
        .payload = gc,
        .before = prune_before,
        .dry_run = gc->dry_run,
    };
    TRY(mark(gc));
    if (!gc->dry_run)
        TRY(gc_marks_save(&gc->reach));
    TRY(store_sweep_begin(gc->repo->store, &sweep));
    TRY(mark(gc));
    return store_sweep_run(sweep, &options, out);
}

static dits_error *run(struct gc *gc, const char *prune,
                       struct dits_gc_result *out)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    struct store_sweep_result swept = {0};
    struct expiry_result expired = {0};
    int64_t prune_before = 0;
    bool resumed = false;
    if (prune != NULL)
        TRY(date_parse_age(gc->repo->context, prune, &prune_before));
    else
        TRY(config_expiry(gc->repo, "gc.prune", DEFAULT_PRUNE, &prune_before));
    TRY(lock_gc(gc->repo, &lock));
    if (!gc->dry_run)
        TRY(expiry_run(gc->repo, prune_before, &expired));
    TRY(gc_marks_load(&gc->reach, &resumed));
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
    };
    return NULL;
}

dits_error *dits_gc(dits_repo *repo, const struct dits_gc_options *options,
                    struct dits_gc_result *out)
{
    static const struct dits_gc_options defaults = {0};
    if (options == NULL)
        options = &defaults;
    struct gc gc = {
        .repo = repo,
        .dry_run = options->dry_run,
        .reach = {.repo = repo, .on_pause = on_pause, .payload = &gc},
    };
    dits_error *err = run(&gc, options->prune, out);
    reach_release(&gc.reach);
    return err;
}
