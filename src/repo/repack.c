#include <dits/maintenance.h>

#include "base/progress.h"
#include "repo/gc_status.h"
#include "repo/run_log.h"
#include "store/consolidate.h"

#define REPACK_RUN "repack"

static dits_error *consolidate(dits_repo *repo,
                               const struct dits_repack_options *options,
                               struct store_consolidate_result *out)
{
    struct progress progress = {0};
    const struct store_consolidate_options wanted = {
        .all = options->all,
        .dry_run = options->dry_run,
        .max_size = options->max_size,
        .on_progress = progress_bytes,
        .payload = &progress,
    };
    progress_begin(&progress, repo->context, "repacking", 0, 0);
    dits_error *err = store_consolidate(repo->store, &wanted, out);
    progress_end(&progress);
    return err;
}

static dits_error *consolidate_logged(dits_repo *repo,
                                      const struct dits_repack_options *options,
                                      struct store_consolidate_result *out)
{
    uint64_t id = 0;
    if (options->dry_run)
        return consolidate(repo, options, out);
    TRY(run_log_begin(repo, REPACK_RUN, &id));
    dits_error *err = consolidate(repo, options, out);
    return run_log_end(repo, id, out->merged, out->merged_bytes, err);
}

dits_error *dits_repack(dits_repo *repo,
                        const struct dits_repack_options *options,
                        struct dits_repack_result *out)
{
    static const struct dits_repack_options defaults = {0};
    CLEANUP(fs_close) struct fs_file lock = {0};
    struct store_consolidate_result result = {0};
    TRY(gc_lock(repo, &lock));
    TRY(consolidate_logged(repo, options != NULL ? options : &defaults,
                           &result));
    *out = (struct dits_repack_result){
        .packs_before = result.packs_before,
        .packs_after = result.packs_after,
        .bytes_before = result.bytes_before,
        .bytes_after = result.bytes_after,
        .merged = result.merged,
        .merged_bytes = result.merged_bytes,
        .damaged = result.damaged,
    };
    return NULL;
}
