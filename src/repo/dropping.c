#include "repo/dropping.h"

#include "object/asset.h"

void dropping_release(struct dropping *dropping)
{
    change_list_release(&dropping->list);
    dir_place_release(&dropping->place);
    dir_close(&dropping->root);
    pathspec_free(dropping->pathspec);
    operation_free(dropping->operation);
}

dits_error *dropping_begin(struct dropping *dropping, const char *kind,
                           const struct dits_paths *paths)
{
    dits_repo *repo = dropping->repo;
    if (paths == NULL || paths->count == 0)
        return error_hint(
            error_new(DITS_E_INVALID, "nothing named to %s", kind),
            "Use 'dits %s .' for everything here.", kind);
    TRY(pathspec_of(repo, paths, &dropping->pathspec));
    TRY(worktree_open(repo, &dropping->root));
    dropping->place.root = &dropping->root;
    return operation_begin(repo, kind, &dropping->operation);
}

static dits_error *look(struct dropping *dropping, struct dropping_file *file)
{
    enum stand_in_verdict verdict = STAND_IN_NONE;
    const char *path = file->entry->path;
    const char *name = NULL;
    bool found = false;
    TRY(worktree_enter(&dropping->place, path, &name, &found));
    if (found)
        TRY(dir_stat(&dropping->place.dir, name, &file->stat, &found));
    file->is_regular = found && file->stat.kind == FS_REGULAR;
    if (!file->is_regular)
        return NULL;
    TRY_CONTEXT(stand_in_read(&dropping->place.dir, name, &file->stat,
                              &file->what, &verdict),
                "cannot read '%s'", path);
    file->is_dropped = verdict == STAND_IN_WHOLE;
    return NULL;
}

dits_error *dropping_each(struct dropping *dropping,
                          dits_error *(*fn)(struct dropping *dropping,
                                            const struct dropping_file *file))
{
    const struct index *index = operation_index(dropping->operation);
    for (size_t i = 0; i < index_count(index); i++) {
        struct dropping_file file = {.entry = index_at(index, i)};
        if (!pathspec_matches(dropping->pathspec, file.entry->path, false))
            continue;
        pathspec_note(dropping->pathspec, file.entry->path);
        TRY(context_check(dropping->repo->context));
        TRY(look(dropping, &file));
        TRY(fn(dropping, &file));
    }
    return pathspec_check_noted(dropping->pathspec, NULL);
}

dits_error *dropping_store(const struct dropping *dropping, struct slice bytes,
                           struct dits_oid *out)
{
    const struct asset_store_options options = {
        .context = dropping->repo->context,
        .writer = operation_writer(dropping->operation),
        .threads = 1,
    };
    struct asset_info info = {0};
    return asset_store_bytes(&options, bytes.data, bytes.size, out, &info);
}

dits_error *dropping_tell(const struct dropping *dropping, dits_path_fn *fn,
                          void *payload)
{
    if (fn == NULL)
        return NULL;
    for (size_t i = 0; i < dropping->list.count; i++) {
        const struct dits_path_event event = {
            .action = 'M', .path = dropping->list.items[i].path};
        TRY(fn(&event, payload));
    }
    return NULL;
}

dits_error *dropping_run(struct dropping *dropping,
                         const struct checkout_options *options)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    struct checkout_result result = {0};
    TRY(store_writer_commit(operation_writer(dropping->operation)));
    TRY(checkout_new(dropping->repo, dropping->operation, options, &checkout));
    for (size_t i = 0; i < dropping->list.count; i++) {
        const struct change *change = &dropping->list.items[i];
        const struct tree_entry before = {.mode = change->before.mode,
                                          .id = change->before.id};
        const struct tree_entry after = {.mode = change->after.mode,
                                         .id = change->after.id};
        TRY(checkout_add(checkout, change->path, &before, &after));
    }
    TRY(checkout_run(checkout, &result));
    return operation_commit(dropping->operation);
}
