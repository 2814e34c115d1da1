#include <dits/worktree.h>

#include "repo/forecast.h"
#include "repo/operation.h"
#include "repo/operation_row.h"
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

/* One dits_add(). */
struct adding {
    dits_repo *repo;
    const struct dits_add_options *options;
    struct staging_options how;
    struct pathspec *pathspec;
    uint64_t seen; /* the newest operation when the files were looked at */
    struct index *index;
    struct staging staging;
    struct dits_add_result result;
};

static void release_adding(struct adding *adding)
{
    staging_release(&adding->staging);
    pathspec_free(adding->pathspec);
    index_free(adding->index);
}

/*
 * Another command came between the look at the files and the lock: what it did
 * to them may not be undone by what was read before. Everything anew, which
 * finds stored what is the same.
 */
static dits_error *look_again(struct adding *adding,
                              struct operation *operation,
                              struct store_writer *writer)
{
    staging_release(&adding->staging);
    adding->staging = (struct staging){0};
    TRY(staging_collect(adding->repo, operation_index(operation),
                        adding->pathspec, &adding->how, &adding->staging));
    TRY(staging_store(&adding->staging, writer));
    return store_writer_commit(writer);
}

static dits_error *publish(struct adding *adding, struct store_writer *writer)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(adding->repo, "add", &operation));
    if (operation_number(operation) != adding->seen + 1)
        TRY(look_again(adding, operation, writer));
    TRY(tell(&adding->staging, adding->options));
    count_items(&adding->staging, &adding->result);
    count_stored(writer, &adding->result);
    TRY(staging_apply(&adding->staging, operation_index(operation)));
    TRY(stages_settle(operation, adding->pathspec, NULL));
    TRY(operation_commit(operation));
    /* It may borrow from the index that goes with the operation. */
    staging_release(&adding->staging);
    adding->staging = (struct staging){0};
    return NULL;
}

/*
 * The long part runs without the work lock. The writer lives until the index
 * refers to what it stored, so that no sweep comes between.
 */
static dits_error *store_and_publish(struct adding *adding)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(forecast_check_room(adding->repo));
    TRY(store_writer_begin(adding->repo->store, &writer));
    TRY(staging_store(&adding->staging, writer));
    TRY(store_writer_commit(writer));
    return publish(adding, writer);
}

static dits_error *carry_out(struct adding *adding)
{
    if (!adding->options->dry_run)
        return store_and_publish(adding);
    TRY(staging_store(&adding->staging, NULL));
    TRY(tell(&adding->staging, adding->options));
    count_items(&adding->staging, &adding->result);
    return NULL;
}

/* The newest operation first: what comes after it shows when it is published.
 */
static dits_error *look(struct adding *adding, const struct dits_paths *paths,
                        bool *out_settles)
{
    CLEANUP(operation_row_release) struct operation_row newest = {0};
    bool found = false;
    TRY(operation_row_newest(adding->repo, &newest, &found));
    adding->seen = found ? newest.id : 0;
    TRY(index_open(adding->repo, &adding->index));
    TRY(pathspec_of(adding->repo, paths, &adding->pathspec));
    TRY(stages_note(adding->repo, adding->pathspec, out_settles));
    return staging_collect(adding->repo, adding->index, adding->pathspec,
                           &adding->how, &adding->staging);
}

dits_error *dits_add(dits_repo *repo, const struct dits_paths *paths,
                     const struct dits_add_options *options,
                     struct dits_add_result *out)
{
    static const struct dits_add_options defaults = {0};
    CLEANUP(release_adding) struct adding adding = {.repo = repo};
    bool settles = false;
    options = options != NULL ? options : &defaults;
    if ((paths == NULL || paths->count == 0) && !options->all &&
        !options->update)
        return error_hint(error_new(DITS_E_INVALID, "nothing named to add"),
                          "Use 'dits add .' for everything here.");
    adding.options = options;
    adding.how = (struct staging_options){
        .tracked_only = options->update,
        .include_ignored = options->force,
        .dry_run = options->dry_run,
    };
    TRY(look(&adding, paths, &settles));
    if (adding.staging.count > 0 || settles)
        TRY(carry_out(&adding));
    *out = adding.result;
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
