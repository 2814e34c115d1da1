#include "repo/gc_status.h"

#include <dits/maintenance.h>

#include "base/text.h"
#include "repo/config.h"
#include "repo/run_log.h"

enum {
    DEFAULT_AUTO = 1000,
    PATIENCE_MS = 100, /* who asks for the status holds the lock that long */
};

static dits_error *take_lock(const dits_repo *repo, unsigned patience_ms,
                             struct fs_file *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "gc.lock", &path));
    return fs_lock(path, FS_LOCK_EXCLUSIVE, patience_ms, out);
}

dits_error *gc_lock(const dits_repo *repo, struct fs_file *out)
{
    dits_error *err = take_lock(repo, PATIENCE_MS, out);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_hint(error_wrap(err, "another gc is at work"),
                          "See 'dits gc --status'; try again when it is done.");
    return err;
}

static dits_error *is_at_work(const dits_repo *repo, bool *out)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    dits_error *err = take_lock(repo, 0, &lock);
    *out = dits_error_has(err, DITS_E_LOCKED);
    if (!*out)
        return err;
    dits_error_free(err); /* that was the question */
    return NULL;
}

static enum dits_run_state state_of(const struct run_record *record,
                                    bool at_work)
{
    if (record->ended == 0)
        return at_work ? DITS_RUN_GOES_ON : DITS_RUN_CUT_OFF;
    return record->error != NULL ? DITS_RUN_FAILED : DITS_RUN_DONE;
}

dits_error *dits_gc_status_get(dits_repo *repo, struct dits_gc_status *out)
{
    CLEANUP(run_record_release) struct run_record record = {0};
    struct dits_gc_status status = {0};
    bool at_work = false;
    bool found = false;
    TRY(config_number(repo, "gc.auto", DEFAULT_AUTO, &status.auto_operations));
    TRY(run_log_operations_since(repo, GC_RUN, &status.operations));
    TRY(is_at_work(repo, &at_work)); /* before the row is read: it may end */
    TRY(run_log_last(repo, GC_RUN, &record, &found));
    if (found) {
        status.state = state_of(&record, at_work);
        status.started = record.started;
        status.ended = record.ended;
        status.removed_chunks = record.items;
        status.removed_bytes = record.bytes;
        status.error = MOVE(record.error);
    }
    *out = status;
    return NULL;
}

void dits_gc_status_release(struct dits_gc_status *status)
{
    text_free(&status->error);
    *status = (struct dits_gc_status){0};
}
