#include <dits/file.h>
#include <dits/refs.h>

#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/tree_node.h"
#include "repo/file_info.h"
#include "repo/index.h"
#include "repo/pathspec.h"

/* One listing under way. */
struct list {
    dits_repo *repo;
    const struct dits_list_options *options;
    struct pathspec *pathspec;
    dits_file_fn *fn;
    void *payload;
    bool is_dropped; /* the entry of the index at hand */
    bool deep;       /* also what lies in folders below */
    struct buf path; /* of the folder or entry at hand */
};

static dits_error *tell(struct list *list, const char *path,
                        const struct tree_entry *entry)
{
    struct dits_file_info info = {
        .path = path,
        .mode = file_mode_letter(entry->mode),
        .dropped = list->is_dropped,
        .id = entry->id,
    };
    pathspec_note(list->pathspec, path);
    if (list->options->sizes && entry->mode != TREE_FOLDER) {
        CLEANUP(asset_closep) struct asset *asset = NULL;
        TRY(asset_open(list->repo->store, &entry->id, &asset));
        info.size = asset_get_info(asset)->size;
        info.content = asset_get_info(asset)->content;
    }
    return list->fn(&info, list->payload);
}

/* An entry that matches: files, or folders where those are asked for. */
static dits_error *show(struct list *list, const char *path,
                        const struct tree_entry *entry)
{
    bool is_folder = entry->mode == TREE_FOLDER;
    bool wanted = list->options->folders_only ? is_folder
                                              : !is_folder || !list->deep;
    if (list->options->dropped_only && !list->is_dropped)
        return NULL;
    if (!wanted || !pathspec_matches(list->pathspec, path, is_folder))
        return NULL;
    return tell(list, path, entry);
}

static dits_error *list_folder(struct list *list, const struct dits_oid *tree,
                               unsigned depth);

static dits_error *list_entry(struct list *list, const struct tree_entry *entry,
                              unsigned depth)
{
    size_t length = list->path.size;
    if (length > 0)
        TRY(buf_put_u8(&list->path, '/'));
    TRY(buf_put_text(&list->path, entry->name));
    const char *path = buf_text(&list->path);
    TRY(show(list, path, entry));
    if (list->deep && entry->mode == TREE_FOLDER &&
        pathspec_may_be_below(list->pathspec, path))
        TRY(list_folder(list, &entry->id, depth + 1));
    list->path.size = length;
    return NULL;
}

/* What is in the folder at the path. Recursion is bounded by TREE_MAX_DEPTH. */
static dits_error *list_folder(struct list *list, const struct dits_oid *tree,
                               unsigned depth)
{
    CLEANUP(tree_iter_freep) struct tree_iter *iter = NULL;
    if (depth >= TREE_MAX_DEPTH)
        return error_new(DITS_E_LIMIT, "more than %d folders within each other",
                         TREE_MAX_DEPTH);
    TRY(context_check(list->repo->context));
    TRY(tree_iter_new(list->repo->store, tree, &iter));
    for (;;) {
        struct tree_entry entry = {0};
        bool found = false;
        TRY(tree_iter_next(iter, &entry, &found));
        if (!found)
            return NULL;
        TRY(list_entry(list, &entry, depth));
    }
}

static dits_error *list_stored(struct list *list, const struct dits_oid *tree,
                               const char *start)
{
    struct tree_entry entry = {0};
    bool found = false;
    TRY(tree_find(list->repo->store, tree, start, &entry, &found));
    if (!found)
        return NULL;
    if (entry.mode != TREE_FOLDER)
        return show(list, start, &entry);
    pathspec_note(list->pathspec, start);
    buf_clear(&list->path);
    TRY(buf_put_text(&list->path, start));
    return list_folder(list, &entry.id, 0);
}

/*
 * An entry of the index below `start`: itself, or the folder next below
 * `start` that it lies in, once. Such a folder has no id yet.
 */
static dits_error *list_index_entry(struct list *list, const char *start,
                                    const struct index_entry *entry)
{
    size_t length = strlen(start);
    const char *rest = entry->path + length;
    rest += length > 0 && *rest == '/' ? 1 : 0;
    const char *slash = strchr(rest, '/');
    struct tree_entry found = {.mode = entry->mode, .id = entry->asset};
    list->is_dropped = entry->is_dropped && (list->deep || slash == NULL);
    if (list->deep || slash == NULL)
        return show(list, entry->path, &found);

    size_t end = (size_t)(slash - entry->path);
    if (list->path.size == end &&
        memcmp(list->path.data, entry->path, end) == 0)
        return NULL;
    buf_clear(&list->path);
    TRY(buf_put(&list->path, entry->path, end));
    found = (struct tree_entry){.mode = TREE_FOLDER};
    return show(list, buf_text(&list->path), &found);
}

static dits_error *list_staged(struct list *list, const struct index *index,
                               const char *start)
{
    buf_clear(&list->path);
    for (size_t i = index_lower_bound(index, start); i < index_count(index);
         i++) {
        const struct index_entry *entry = index_at(index, i);
        if (!path_is_within(entry->path, start))
            break;
        pathspec_note(list->pathspec, start);
        TRY(list_index_entry(list, start, entry));
    }
    return NULL;
}

/* Where there is a pattern, all that matches is shown, however deep. */
static bool is_deep(const struct list *list, const char *start)
{
    return list->options->recursive || !(pathspec_is_all(list->pathspec) ||
                                         pathspec_names(list->pathspec, start));
}

static dits_error *list_start(struct list *list, const struct index *index,
                              const struct dits_oid *tree, const char *start)
{
    list->deep = is_deep(list, start);
    if (index != NULL)
        return list_staged(list, index, start);
    return list_stored(list, tree, start);
}

static dits_error *run(struct list *list)
{
    CLEANUP(index_freep) struct index *index = NULL;
    const char *revision = list->options->revision;
    struct dits_oid tree = {0};
    if (file_is_staged(revision))
        TRY(index_open(list->repo, &index));
    else
        TRY(dits_revision_resolve(list->repo,
                                  revision != NULL ? revision : "HEAD",
                                  DITS_REVISION_TREE, &tree));
    if (pathspec_is_all(list->pathspec))
        return list_start(list, index, &tree, list->repo->prefix);
    for (size_t i = 0; i < pathspec_start_count(list->pathspec); i++)
        TRY(list_start(list, index, &tree, pathspec_start(list->pathspec, i)));
    return pathspec_check_noted(list->pathspec, list->repo);
}

dits_error *dits_list(dits_repo *repo, const struct dits_list_options *options,
                      dits_file_fn *fn, void *payload)
{
    static const struct dits_list_options defaults = {0};
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    if (options == NULL)
        options = &defaults;
    TRY(pathspec_of(repo, &options->paths, &pathspec));
    struct list list = {
        .repo = repo,
        .options = options,
        .pathspec = pathspec,
        .fn = fn,
        .payload = payload,
    };
    dits_error *err = run(&list);
    buf_release(&list.path);
    return err;
}
