/* Contents come back from the repository. */
#include "repo/capture.h"
#include "repo/dropping.h"

/* A file gets the content that it says it stands for, whatever is staged. */
static dits_error *consider(struct dropping *dropping,
                            const struct dropping_file *file)
{
    const struct worktree_turn turn = {.threads = 1, .place = &dropping->place};
    struct change_side dropped = {0};
    if (!file->is_dropped)
        return NULL;
    TRY(capture_path(dropping->repo, dropping->operation, &turn,
                     file->entry->path, &file->stat, &dropped));
    const struct change_side content = {.mode = dropped.mode,
                                        .id = file->what.asset};
    dropping->result.files++;
    dropping->result.bytes += file->what.size;
    return change_list_add(&dropping->list, file->entry->path, dropped,
                           content);
}

dits_error *dits_get(dits_repo *repo, const struct dits_paths *paths,
                     const struct dits_get_options *options,
                     struct dits_drop_result *out)
{
    static const struct dits_get_options defaults = {0};
    static const struct checkout_options how = {.task = "getting"};
    CLEANUP(dropping_release) struct dropping dropping = {.repo = repo};
    options = options != NULL ? options : &defaults;
    TRY(dropping_begin(&dropping, "get", paths));
    TRY(dropping_each(&dropping, consider));
    TRY(dropping_tell(&dropping, options->on_path, options->payload));
    if (!options->dry_run)
        TRY(dropping_run(&dropping, &how));
    if (out != NULL)
        *out = dropping.result;
    return NULL;
}
