/* Which files and folders `dits clean` removes: one walk, in order. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/clean.h"
#include "repo/scan_private.h"
#include "repo/stages.h"
#include "repo/worktree.h"

enum { DEPTH_MAX = 2000 }; /* less than trees may have */

struct finder {
    struct scan *scan;
    struct scan_worker worker;
    const struct dits_clean_options *options;
    struct pathspec *pathspec;
    struct ignore_rules *exclude; /* of the command line */
    struct stage_list conflicts;  /* some of which are not staged */
    bool enters_untracked;        /* folders with nothing tracked in them */
    struct clean_list *list;
};

/* The folder at hand. */
struct place {
    const char *path;
    const struct ignore_level *level;
    bool is_ignored;
    size_t item; /* CLEAN_NO_FOLDER: something in it is tracked */
    unsigned depth;
};

void clean_list_release(struct clean_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        mem_free(list->items[i].path);
        dits_error_free(list->items[i].error);
    }
    mem_free(list->items);
    *list = (struct clean_list){0};
}

void clean_list_keep(struct clean_list *list, size_t item)
{
    while (item != CLEAN_NO_FOLDER && list->items[item].goes) {
        list->items[item].goes = false;
        item = list->items[item].above;
    }
}

/* Append what `with` says of the path, which goes unless it is kept. */
static dits_error *add_item(struct finder *finder, const char *path,
                            const struct place *above,
                            const struct clean_item *with)
{
    struct clean_list *list = finder->list;
    struct clean_item *items =
        array_grown(list->items, list->count, &list->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    list->items = items;
    struct clean_item *item = &list->items[list->count];
    *item = *with;
    item->path = NULL;
    item->above = above->item;
    item->goes = true;
    TRY(text_copy(path, &item->path));
    item->end = ++list->count;
    return NULL;
}

/* It shall go, and cannot. Takes over the error. */
static dits_error *add_left(struct finder *finder, const char *path,
                            const struct place *above, dits_error *why)
{
    const struct clean_item left = {.error = why};
    dits_error *err = add_item(finder, path, above, &left);
    if (err != NULL) {
        dits_error_free(why); /* what ends the command matters more */
        return err;
    }
    clean_list_keep(finder->list, finder->list->count - 1);
    return NULL;
}

/* Patterns of the command line come first, and hold with -x, too. */
static bool is_ignored(const struct finder *finder, const struct place *above,
                       const char *path, bool is_folder)
{
    enum ignore_verdict verdict =
        ignore_rules_match(finder->exclude, path, is_folder);
    if (above->is_ignored || verdict != IGNORE_SILENT)
        return above->is_ignored || verdict == IGNORE_YES;
    return finder->options->scope != DITS_CLEAN_ALL &&
           ignore_is_ignored(above->level, path, is_folder);
}

static bool is_tracked(const struct finder *finder, const char *path,
                       bool is_folder)
{
    const struct index *index = finder->scan->options->index;
    if (stage_list_has_within(&finder->conflicts, path))
        return true;
    return is_folder ? index_has_below(index, path)
                     : index_find(index, path) != NULL;
}

/* What undo could not bring back must not go. */
static dits_error *check_keepable(const char *path, const struct fs_stat *stat)
{
    if (stat->kind == FS_OTHER)
        return error_new(DITS_E_INVALID, "'%s' is neither a file nor a symlink",
                         path);
    if (!worktree_is_safe_path(path))
        return error_new(DITS_E_INVALID, "'%s' has a name that is not kept",
                         path);
    return NULL;
}

static dits_error *meet_file(struct finder *finder, const struct place *above,
                             const char *path, const char *name)
{
    struct clean_item item = {0};
    bool found = false;
    bool wanted = pathspec_matches(finder->pathspec, path, false);
    if (wanted)
        pathspec_note(finder->pathspec, path);
    if (is_tracked(finder, path, false))
        return NULL;
    if (!wanted || is_ignored(finder, above, path, false) !=
                       (finder->options->scope == DITS_CLEAN_IGNORED)) {
        clean_list_keep(finder->list, above->item);
        return NULL;
    }
    TRY_CONTEXT(dir_stat(&finder->worker.place.dir, name, &item.stat, &found),
                "cannot look at '%s'", path);
    if (!found)
        return NULL;
    dits_error *why = check_keepable(path, &item.stat);
    return why != NULL ? add_left(finder, path, above, why)
                       : add_item(finder, path, above, &item);
}

static dits_error *read_folder(struct finder *finder, const struct place *above,
                               struct place *place);

/* With nothing tracked in it: entered where that is asked for. */
static dits_error *meet_untracked_folder(struct finder *finder,
                                         const struct place *above,
                                         struct place *place)
{
    struct clean_list *list = finder->list;
    const struct clean_item folder = {.is_folder = true};
    bool only_ignored = finder->options->scope == DITS_CLEAN_IGNORED;
    bool whole = pathspec_matches(finder->pathspec, place->path, true);
    if (whole &&
        (!finder->enters_untracked || (place->is_ignored && !only_ignored))) {
        pathspec_note(finder->pathspec, place->path);
        clean_list_keep(list, above->item);
        return NULL;
    }
    size_t at = list->count;
    TRY(add_item(finder, place->path, above, &folder));
    place->item = at;
    /* One that the user is in stays, as in git: where would they be? */
    if (!whole || path_is_within(finder->scan->repo->prefix, place->path))
        clean_list_keep(list, at);
    TRY(read_folder(finder, above, place));
    list->items[at].end = list->count;
    if (only_ignored && !place->is_ignored && list->count == at + 1)
        clean_list_keep(list, at); /* empty, and not ignored */
    return NULL;
}

static dits_error *meet_folder(struct finder *finder, const struct place *above,
                               const char *path)
{
    struct place place = {
        .path = path,
        .level = above->level,
        .is_ignored = is_ignored(finder, above, path, true),
        .item = CLEAN_NO_FOLDER,
        .depth = above->depth + 1,
    };
    if (!pathspec_matches(finder->pathspec, path, true) &&
        !pathspec_may_be_below(finder->pathspec, path)) {
        clean_list_keep(finder->list, above->item);
        return NULL;
    }
    if (place.depth > DEPTH_MAX)
        return add_left(finder, path, above,
                        error_new(DITS_E_LIMIT, "'%s' lies too deep", path));
    if (is_tracked(finder, path, true))
        return read_folder(finder, above, &place);
    return meet_untracked_folder(finder, above, &place);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a + 1, *(const char *const *)b + 1);
}

/* Pointers into `names`, each to a kind and the name behind it. */
static dits_error *sort_names(const struct buf *names, struct buf *out,
                              size_t *out_count)
{
    for (size_t at = 0; at < names->size;) {
        const char *name = (const char *)names->data + at;
        TRY(buf_put(out, &name, sizeof(name)));
        at += strlen(name + 1) + 2;
    }
    *out_count = out->size / sizeof(const char *);
    if (*out_count > 0)
        qsort(out->data, *out_count, sizeof(const char *), compare_names);
    return NULL;
}

/* A folder that holds the data of Dits or git. */
static bool is_repository(const struct buf *names)
{
    for (size_t at = 0; at < names->size;) {
        const char *name = (const char *)names->data + at + 1;
        if (scan_is_own_name(name))
            return true;
        at += strlen(name) + 2;
    }
    return false;
}

static dits_error *meet_all(struct finder *finder, const struct place *place,
                            const struct buf *names)
{
    CLEANUP(buf_release) struct buf sorted = {0};
    CLEANUP(buf_release) struct buf path = {0};
    struct scan_worker *worker = &finder->worker;
    size_t count = 0;
    TRY(sort_names(names, &sorted, &count));
    for (size_t i = 0; i < count; i++) {
        const char *entry = ((const char *const *)(void *)sorted.data)[i];
        enum fs_kind kind = (enum fs_kind) * entry;
        bool found = false;
        if (scan_is_own_name(entry + 1))
            continue;
        /* What lies in a folder before it has left this one. */
        TRY(dir_place_enter(&worker->place, place->path, strlen(place->path),
                            &found));
        if (!found)
            return NULL;
        buf_clear(&path);
        TRY(buf_printf(&path, "%s%s%s", place->path,
                       *place->path != '\0' ? "/" : "", entry + 1));
        if (kind == FS_FOLDER)
            TRY(meet_folder(finder, place, buf_text(&path)));
        else
            TRY(meet_file(finder, place, buf_text(&path), entry + 1));
    }
    return NULL;
}

/* A folder of its own right, or one that cannot be listed, stays. */
static dits_error *read_folder(struct finder *finder, const struct place *above,
                               struct place *place)
{
    CLEANUP(buf_release) struct buf names = {0};
    struct scan_worker *worker = &finder->worker;
    bool found = false;
    TRY(context_check(finder->scan->repo->context));
    pathspec_note(finder->pathspec, place->path);
    dits_error *err = scan_list(worker, place->path, &names, &found);
    if (dits_error_has(err, DITS_E_DENIED) && place->item != CLEAN_NO_FOLDER) {
        finder->list->items[place->item].error = err;
        clean_list_keep(finder->list, place->item);
        return NULL;
    }
    if (dits_error_has(err, DITS_E_DENIED))
        return add_left(finder, place->path, above, err);
    TRY(err);
    if (!found)
        return NULL;
    if (*place->path != '\0' && is_repository(&names)) {
        log_warn(finder->scan->repo->context,
                 "skipping '%s', a repository of its own", place->path);
        clean_list_keep(finder->list, place->item);
        return NULL;
    }
    TRY(ignore_enter(finder->scan->ignore, place->level, &worker->place.dir,
                     place->path, &place->level));
    return meet_all(finder, place, &names);
}

static dits_error *parse_exclude(const struct dits_paths *patterns,
                                 struct ignore_rules **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    for (size_t i = 0; i < patterns->count; i++)
        TRY(buf_printf(&text, "%s\n", patterns->items[i]));
    return ignore_rules_parse(buf_text(&text), text.size, out);
}

/* Without paths it is about the folder where the user is. */
static dits_error *parse_paths(struct finder *finder,
                               const struct dits_paths *paths)
{
    static const char *const here = ".";
    const struct dits_paths all_here = {.items = &here, .count = 1};
    const dits_repo *repo = finder->scan->repo;
    bool is_named = paths != NULL && paths->count > 0;
    finder->enters_untracked = is_named || finder->options->folders;
    if (!is_named)
        paths = *repo->prefix != '\0' ? &all_here : NULL;
    return pathspec_of(repo, paths, &finder->pathspec);
}

static void release_finder(struct finder *finder)
{
    pathspec_free(finder->pathspec);
    ignore_rules_free(finder->exclude);
    stage_list_release(&finder->conflicts);
    ignore_free(finder->scan->ignore);
    dir_place_release(&finder->worker.place);
    dir_close(&finder->scan->root);
}

dits_error *clean_find(dits_repo *repo, const struct index *index,
                       const struct dits_paths *paths,
                       const struct dits_clean_options *options,
                       struct clean_list *out)
{
    const struct scan_options scanned = {.index = index};
    struct scan scan = {.repo = repo, .options = &scanned};
    CLEANUP(release_finder)
    struct finder finder = {
        .scan = &scan,
        .worker = {.scan = &scan, .place = {.root = &scan.root}},
        .options = options,
        .list = out,
    };
    struct place top = {.path = "", .item = CLEAN_NO_FOLDER};
    TRY(parse_paths(&finder, paths));
    TRY(parse_exclude(&options->exclude, &finder.exclude));
    TRY(stage_list_of_repo(repo, &finder.conflicts));
    TRY(ignore_new(repo, &scan.ignore));
    TRY(worktree_open(repo, &scan.root));
    top.level = ignore_base(scan.ignore);
    TRY(read_folder(&finder, &top, &top));
    return pathspec_check_noted(finder.pathspec, repo);
}
