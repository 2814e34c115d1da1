#include <string.h>

#include "base/progress.h"
#include "object/commit.h"
#include "repo/bundle.h"
#include "repo/operation.h"
#include "repo/reach.h"

/* So much is stored at most before it lasts: an import cut short goes on. */
enum { COMMIT_BYTES = 512 * 1024 * 1024 };

struct importing {
    dits_repo *repo;
    const struct bundle *bundle;
    struct store_writer *writer;
    uint64_t waiting; /* bytes that do not last yet */
    struct shallow_change shallow;
    struct progress progress;
    struct dits_bundle_import_result *result;
};

static void importing_release(struct importing *importing)
{
    progress_end(&importing->progress);
    shallow_change_release(&importing->shallow);
}

/* What is here is here whole: reading it checks it and heals it. */
static dits_error *wants(const struct frame *frame, bool *out, void *payload)
{
    struct importing *importing = payload;
    bool found = false;
    TRY(store_writer_find(importing->writer, &frame->id, &found));
    importing->result->chunks++;
    progress_add(&importing->progress, frame_span(frame), 0, NULL);
    *out = !found;
    return NULL;
}

static dits_error *take(const struct frame *frame, const void *stored,
                        void *payload)
{
    struct importing *importing = payload;
    TRY(store_writer_put_frame(importing->writer, frame, stored));
    importing->result->new_chunks++;
    importing->result->new_bytes += frame->plain_size;
    importing->waiting += frame_span(frame);
    if (importing->waiting < COMMIT_BYTES)
        return NULL;
    importing->waiting = 0;
    return store_writer_commit(importing->writer);
}

static dits_error *store_chunks(struct importing *importing)
{
    struct pack_part_reading reading = {
        .context = importing->repo->context,
        .wants = wants,
        .take = take,
        .payload = importing,
    };
    progress_begin(&importing->progress, importing->repo->context, "importing",
                   importing->bundle->size, 0);
    TRY(bundle_read(importing->bundle, reading));
    return store_writer_commit(importing->writer);
}

static dits_error *run(struct importing *importing, struct operation *operation,
                       const struct dits_bundle_import_options *options)
{
    TRY(bundle_check_needs(importing->repo, importing->bundle));
    const struct bundle_moves moves = {.repo = importing->repo,
                                       .operation = operation,
                                       .bundle = importing->bundle,
                                       .options = options,
                                       .result = importing->result};
    TRY(store_chunks(importing));
    TRY(bundle_move_refs(&moves, &importing->shallow));
    return shallow_change_begin(&importing->shallow);
}

dits_error *dits_bundle_import(dits_repo *repo, const char *path,
                               const struct dits_bundle_import_options *options,
                               struct dits_bundle_import_result *out)
{
    static const struct dits_bundle_import_options defaults = {0};
    CLEANUP(bundle_release) struct bundle bundle = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_bundle_import_result result = {0};
    TRY(bundle_open(path, &bundle));
    TRY(operation_begin(repo, "import", &operation));
    CLEANUP(importing_release)
    struct importing importing = {
        .repo = repo,
        .bundle = &bundle,
        .writer = operation_writer(operation),
        .result = &result,
    };
    TRY_CONTEXT(
        run(&importing, operation, options != NULL ? options : &defaults),
        "cannot import '%s'", path);
    TRY(operation_commit(operation));
    TRY(shallow_change_finish(&importing.shallow));
    if (out != NULL)
        *out = result;
    return NULL;
}
