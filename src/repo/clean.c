#include <dits/worktree.h>

#include "base/progress.h"
#include "repo/capture.h"
#include "repo/clean.h"
#include "repo/config.h"
#include "repo/index_stat.h"
#include "repo/operation.h"
#include "repo/worktree.h"

/* One dits_clean(). */
struct cleaning {
    dits_repo *repo;
    const struct dits_clean_options *options;
    struct operation *operation;
    struct clean_list list;
    struct progress progress;
    struct dits_clean_result result;
};

static void release_cleaning(struct cleaning *cleaning)
{
    progress_end(&cleaning->progress);
    clean_list_release(&cleaning->list);
    operation_free(cleaning->operation);
}

static dits_error *check_force(const struct cleaning *cleaning)
{
    bool needs_force = true;
    if (cleaning->options->force || cleaning->options->dry_run)
        return NULL;
    TRY(config_bool(cleaning->repo, "clean.requireforce", true, &needs_force));
    if (!needs_force)
        return NULL;
    return error_hint(error_new(DITS_E_INVALID,
                                "clean.requireForce is true and -f not given: "
                                "refusing to clean"),
                      "Use -n to see what would be removed, or -f to remove "
                      "it: 'dits undo' brings it back.");
}

static dits_error *capture_one(const struct worktree_turn *turn, void *payload)
{
    struct cleaning *cleaning = payload;
    struct clean_item *item = &cleaning->list.items[turn->item];
    if (item->is_folder || !item->goes || worktree_waits(turn, item->stat.size))
        return NULL;
    /* From here on any change to the file shows in its times. */
    index_stat_settle(&item->stat);
    dits_error *err = capture_path(cleaning->repo, cleaning->operation, turn,
                                   item->path, &item->stat, &item->found);
    if (worktree_is_elsewhere(err))
        item->error = err;
    else
        TRY(err);
    progress_add(&cleaning->progress, item->stat.size, 1, item->path);
    return NULL;
}

/* What could not be stored stays, with the folders above it. */
static void keep_failed(struct clean_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].error != NULL)
            clean_list_keep(list, i);
}

static dits_error *capture_all(struct cleaning *cleaning)
{
    struct clean_list *list = &cleaning->list;
    struct worktree_each each = {
        .repo = cleaning->repo,
        .count = list->count,
        .fn = capture_one,
        .payload = cleaning,
    };
    uint64_t bytes = 0;
    uint64_t files = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool counts = list->items[i].goes && !list->items[i].is_folder;
        bytes += counts ? list->items[i].stat.size : 0;
        files += counts;
    }
    progress_begin(&cleaning->progress, cleaning->repo->context, "keeping",
                   bytes, files);
    TRY(worktree_each(&each));
    progress_end(&cleaning->progress);
    keep_failed(list);
    return NULL;
}

/* What undo needs: all files that go, as they are. */
static dits_error *tell_operation(struct cleaning *cleaning)
{
    CLEANUP(change_list_release) struct change_list going = {0};
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    for (size_t i = 0; i < cleaning->list.count; i++) {
        const struct clean_item *item = &cleaning->list.items[i];
        if (item->goes && !item->is_folder)
            TRY(change_list_add(&going, item->path, item->found,
                                (struct change_side){0}));
    }
    TRY(capture_tree(cleaning->operation, &going, CAPTURE_BEFORE, &before));
    TRY(capture_tree(cleaning->operation, &going, CAPTURE_AFTER, &after));
    if (going.count > 0)
        operation_set_worktree(cleaning->operation, &before, &after);
    return NULL;
}

static dits_error *tell_path(const struct cleaning *cleaning,
                             const struct clean_item *item)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(buf_printf(&name, "%s%s", item->path, item->is_folder ? "/" : ""));
    struct dits_path_event event = {.action = 'D', .path = buf_text(&name)};
    return cleaning->options->on_path(&event, cleaning->options->payload);
}

/* A folder that goes stands for all that lies in it. */
static dits_error *tell_caller(const struct cleaning *cleaning)
{
    const struct clean_list *list = &cleaning->list;
    if (cleaning->options->on_path == NULL)
        return NULL;
    for (size_t i = 0; i < list->count;) {
        const struct clean_item *item = &list->items[i];
        if (item->goes)
            TRY(tell_path(cleaning, item));
        i = item->goes ? item->end : i + 1;
    }
    return NULL;
}

static dits_error *remove_file(struct dir_place *place,
                               const struct clean_item *item)
{
    struct fs_stat now = {0};
    const char *name = NULL;
    bool found = false;
    TRY(worktree_enter(place, item->path, &name, &found));
    if (found)
        TRY(dir_stat(&place->dir, name, &now, &found));
    if (!found)
        return NULL;
    if (!fs_stat_same(&item->stat, &now))
        return error_new(DITS_E_CONFLICT, "it changed meanwhile");
    return dir_remove_file(&place->dir, name);
}

static dits_error *remove_folder(struct dir_place *place,
                                 const struct clean_item *item)
{
    const char *name = NULL;
    bool found = false;
    TRY(worktree_enter(place, item->path, &name, &found));
    return found ? dir_remove_folder(&place->dir, name) : NULL;
}

/* The operation is recorded: what cannot be removed does not stop the rest. */
static void remove_item(struct cleaning *cleaning, struct dir_place *place,
                        size_t i)
{
    struct clean_item *item = &cleaning->list.items[i];
    dits_error *err = item->is_folder ? remove_folder(place, item)
                                      : remove_file(place, item);
    if (err == NULL)
        return;
    item->error = error_wrap(err, "cannot remove '%s'", item->path);
    clean_list_keep(&cleaning->list, i);
}

/* Folders come last, the deepest of a branch first. */
static void remove_all(struct cleaning *cleaning, const struct dir *root)
{
    CLEANUP(dir_place_release) struct dir_place place = {.root = root};
    const struct clean_list *list = &cleaning->list;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].goes && !list->items[i].is_folder)
            remove_item(cleaning, &place, i);
    for (size_t i = list->count; i > 0; i--)
        if (list->items[i - 1].goes && list->items[i - 1].is_folder)
            remove_item(cleaning, &place, i - 1);
}

static void tell_left(struct cleaning *cleaning)
{
    for (size_t i = 0; i < cleaning->list.count; i++) {
        const struct clean_item *item = &cleaning->list.items[i];
        bool counts = item->goes && !item->is_folder;
        cleaning->result.files += counts;
        cleaning->result.bytes += counts ? item->stat.size : 0;
        if (item->error == NULL)
            continue;
        cleaning->result.paths_left++;
        if (cleaning->options->on_left != NULL)
            cleaning->options->on_left(item->path, item->error,
                                       cleaning->options->payload);
    }
}

static dits_error *run(struct cleaning *cleaning)
{
    CLEANUP(dir_close) struct dir root = {0};
    if (cleaning->options->dry_run)
        return tell_caller(cleaning);
    TRY(worktree_open(cleaning->repo, &root));
    TRY(capture_all(cleaning));
    TRY(tell_operation(cleaning));
    TRY(tell_caller(cleaning));

    /* Recorded before the first file goes: a power cut in between leaves files
     * that undo finds as they shall be, and none that it cannot bring back. */
    TRY(operation_commit(cleaning->operation));
    remove_all(cleaning, &root);
    return NULL;
}

dits_error *dits_clean(dits_repo *repo, const struct dits_paths *paths,
                       const struct dits_clean_options *options,
                       struct dits_clean_result *out)
{
    static const struct dits_clean_options defaults = {0};
    CLEANUP(release_cleaning)
    struct cleaning cleaning = {
        .repo = repo,
        .options = options != NULL ? options : &defaults,
    };
    TRY(check_force(&cleaning));
    TRY(operation_begin(repo, "clean", &cleaning.operation));
    TRY(clean_find(repo, operation_index(cleaning.operation), paths,
                   cleaning.options, &cleaning.list));
    TRY(run(&cleaning));
    tell_left(&cleaning);
    if (out != NULL)
        *out = cleaning.result;
    return NULL;
}
