#include <dits/worktree.h>

#include "repo/forecast.h"
#include "repo/operation.h"
#include "repo/stage.h"
#include "repo/stages.h"
#include "repo/staging.h"

/* Tell the caller of each path; an error of his ends the command. */
static dits_error *tell(const struct staging *staging,
                        const struct dits_add_options *options)
{
    if (options->on_path == NULL)
        return NULL;
    for (size_t i = 0; i < staging->count; i++) {
        struct dits_path_event event = {
            .action = staging->items[i].action,
            .path = staging->items[i].seen->path,
        };
        if (event.action != 0)
            TRY(options->on_path(&event, options->payload));
    }
    return NULL;
}

static void count_items(const struct staging *staging,
                        struct dits_add_result *result)
{
    for (size_t i = 0; i < staging->count; i++) {
        const struct staging_item *item = &staging->items[i];
        result->files_added += item->action == 'A';
        result->files_modified += item->action == 'M';
        result->files_removed += item->action == 'D';
        if (item->action == 'A' || item->action == 'M')
            result->bytes += item->seen->stat.size;
    }
}

static void count_stored(const struct store_writer *writer,
                         struct dits_add_result *result)
{
    struct store_writer_totals totals = store_writer_totals(writer);
    result->stored_bytes = totals.stored_bytes;
    result->new_bytes = totals.bytes < result->bytes ? totals.bytes
                                                     : result->bytes;
}

/* Into the index as it is now, which others may have changed meanwhile. */
static dits_error *publish(dits_repo *repo, const struct staging *staging,
                           struct pathspec *pathspec)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(repo, "add", &operation));
    TRY(staging_apply(staging, operation_index(operation)));
    TRY(stages_settle(operation, pathspec, NULL));
    return operation_commit(operation);
}

/*
 * The long part runs without the work lock. The writer lives until the index
 * refers to what it stored, so that no sweep comes between.
 */
static dits_error *store_and_publish(dits_repo *repo, struct staging *staging,
                                     struct pathspec *pathspec,
                                     const struct dits_add_options *options,
                                     struct dits_add_result *result)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(forecast_check_room(repo));
    TRY(store_writer_begin(repo->store, &writer));
    TRY(staging_store(staging, writer));
    TRY(store_writer_commit(writer));
    TRY(tell(staging, options));
    count_items(staging, result);
    count_stored(writer, result);
    return publish(repo, staging, pathspec);
}

static dits_error *carry_out(dits_repo *repo, struct staging *staging,
                             struct pathspec *pathspec,
                             const struct dits_add_options *options,
                             struct dits_add_result *result)
{
    if (!options->dry_run)
        return store_and_publish(repo, staging, pathspec, options, result);
    TRY(staging_store(staging, NULL));
    TRY(tell(staging, options));
    count_items(staging, result);
    return NULL;
}

dits_error *dits_add(dits_repo *repo, const struct dits_paths *paths,
                     const struct dits_add_options *options,
                     struct dits_add_result *out)
{
    static const struct dits_add_options defaults = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(staging_release) struct staging staging = {0};
    struct dits_add_result result = {0};
    bool settles = false;
    options = options != NULL ? options : &defaults;
    if ((paths == NULL || paths->count == 0) && !options->all &&
        !options->update)
        return error_hint(error_new(DITS_E_INVALID, "nothing named to add"),
                          "Use 'dits add .' for everything here.");

    struct staging_options how = {
        .tracked_only = options->update,
        .include_ignored = options->force,
        .dry_run = options->dry_run,
    };
    TRY(index_open(repo, &index));
    TRY(pathspec_of(repo, paths, &pathspec));
    TRY(stages_note(repo, pathspec, &settles));
    TRY(staging_collect(repo, index, pathspec, &how, &staging));
    if (staging.count > 0 || settles)
        TRY(carry_out(repo, &staging, pathspec, options, &result));
    *out = result;
    return NULL;
}

dits_error *stage_tracked(dits_repo *repo, struct operation *operation,
                          const struct dits_paths *paths)
{
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(staging_release) struct staging staging = {0};
    struct staging_options how = {.tracked_only = true};
    struct index *index = operation_index(operation);
    TRY(pathspec_of(repo, paths, &pathspec));
    TRY(staging_collect(repo, index, pathspec, &how, &staging));
    TRY(staging_store(&staging, operation_writer(operation)));
    return staging_apply(&staging, index);
}
