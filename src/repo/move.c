#include <dits/worktree.h>

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/capture.h"
#include "repo/index_stat.h"
#include "repo/pathspec.h"
#include "repo/stages.h"

/* One thing to rename: a file, or a folder with all that lies in it. */
struct rename {
    char *from;
    char *to;
    bool is_done;
};

/* One dits_move(). */
struct moving {
    dits_repo *repo;
    const struct dits_move_options *options;
    struct operation *operation;
    struct dir root;
    struct rename *renames;
    size_t count;
    struct stage_list conflicts;
};

/* What was renamed goes back unless the operation is published. */
static void release_moving(struct moving *moving)
{
    for (size_t i = moving->count; i > 0; i--) {
        mem_free(moving->renames[i - 1].from);
        mem_free(moving->renames[i - 1].to);
    }
    mem_free(moving->renames);
    stage_list_release(&moving->conflicts);
    operation_free(moving->operation);
    dir_close(&moving->root);
}

static dits_error *stat_path(const struct moving *moving, const char *path,
                             struct fs_stat *out, bool *out_found)
{
    CLEANUP(dir_place_release) struct dir_place place = {.root = &moving->root};
    if (*path == '\0') {
        *out = (struct fs_stat){.kind = FS_FOLDER};
        *out_found = true;
        return NULL;
    }
    return worktree_stat(&place, path, out, out_found);
}

/* The part of the index that is, or lies in, `path`. */
static void find_tracked(const struct moving *moving, const char *path,
                         size_t *out_low, size_t *out_high)
{
    const struct index *index = operation_index(moving->operation);
    size_t count = index_count(index);
    size_t at = index_lower_bound(index, path);
    *out_low = at;
    while (at < count && path_is_within(index_at(index, at)->path, path))
        at++;
    *out_high = at;
}

/* The sides of a conflict belong to its path. */
static dits_error *check_conflicts(const struct moving *moving,
                                   const char *from)
{
    for (size_t i = 0; i < moving->conflicts.count; i++)
        if (path_is_within(moving->conflicts.items[i].path, from))
            return error_hint(
                error_new(DITS_E_CONFLICT, "'%s' is in conflict",
                          moving->conflicts.items[i].path),
                "Resolve it first: edit and 'dits add' it, or use 'dits "
                "resolve'.");
    return NULL;
}

static dits_error *check_source(const struct moving *moving, const char *from)
{
    struct fs_stat stat = {0};
    bool found = false;
    size_t low = 0;
    size_t high = 0;
    TRY(stat_path(moving, from, &stat, &found));
    if (!found || *from == '\0')
        return error_new(DITS_E_NOT_FOUND, "there is no '%s' to move", from);
    find_tracked(moving, from, &low, &high);
    if (low == high)
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is not tracked", from),
            "Move it with 'mv', or add it first.");
    return check_conflicts(moving, from);
}

static dits_error *check_target(const struct moving *moving,
                                const struct rename *rename)
{
    struct fs_stat stat = {0};
    bool found = false;
    if (!worktree_is_safe_path(rename->to))
        return error_new(DITS_E_INVALID, "the name '%s' cannot be stored",
                         rename->to);
    if (path_is_within(rename->to, rename->from))
        return error_new(DITS_E_INVALID, "'%s' cannot go to '%s', into itself",
                         rename->from, rename->to);
    TRY(stat_path(moving, rename->to, &stat, &found));
    if (!found)
        return NULL;
    if (!moving->options->force || stat.kind == FS_FOLDER)
        return error_hint(
            error_new(DITS_E_EXISTS, "there is a '%s' already", rename->to),
            "%s",
            stat.kind == FS_FOLDER ? "Move it away first."
                                   : "Use -f to replace it.");
    return NULL;
}

/* Work out where one source goes. */
static dits_error *plan_one(struct moving *moving, const char *source,
                            const char *target, bool into)
{
    CLEANUP(buf_release) struct buf to = {0};
    struct rename *rename = &moving->renames[moving->count++];
    TRY(pathspec_plain(moving->repo->work_dir, moving->repo->prefix, source,
                       &rename->from));
    TRY(check_source(moving, rename->from));
    TRY(buf_put_text(&to, target));
    if (into)
        TRY(buf_printf(&to, "%s%s", *target != '\0' ? "/" : "",
                       path_base_name(rename->from)));
    TRY(buf_take_text(&to, &rename->to));
    for (size_t i = 0; i + 1 < moving->count; i++)
        if (strcmp(moving->renames[i].to, rename->to) == 0)
            return error_new(DITS_E_INVALID, "two files would become '%s'",
                             rename->to);
    return check_target(moving, rename);
}

/* A name with a slash at its end is a folder's. */
static dits_error *check_slash(const struct moving *moving, const char *source,
                               const char *to)
{
    CLEANUP(text_free) char *from = NULL;
    struct fs_stat stat = {0};
    bool found = false;
    size_t length = strlen(to);
    if (length == 0 || to[length - 1] != '/')
        return NULL;
    TRY(pathspec_plain(moving->repo->work_dir, moving->repo->prefix, source,
                       &from));
    TRY(stat_path(moving, from, &stat, &found));
    if (!found || stat.kind == FS_FOLDER)
        return NULL;
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "there is no folder '%s'", to),
        "Make it first.");
}

static dits_error *plan(struct moving *moving, const struct dits_paths *from,
                        const char *to)
{
    CLEANUP(text_free) char *target = NULL;
    struct fs_stat stat = {0};
    bool found = false;
    TRY(stage_list_of_repo(moving->repo, &moving->conflicts));
    TRY(pathspec_plain(moving->repo->work_dir, moving->repo->prefix, to,
                       &target));
    TRY(stat_path(moving, target, &stat, &found));
    bool into = found && stat.kind == FS_FOLDER;
    if (from->count > 1 && !into)
        return error_new(DITS_E_INVALID, "'%s' is not a folder", to);
    if (!into)
        TRY(check_slash(moving, from->items[0], to));
    moving->renames = mem_new_array(struct rename, from->count);
    if (moving->renames == NULL)
        return error_nomem();
    for (size_t i = 0; i < from->count; i++)
        TRY(plan_one(moving, from->items[i], target, into));
    return NULL;
}

static dits_error *rename_path(const struct moving *moving, const char *from,
                               const char *to)
{
    CLEANUP(dir_place_release)
    struct dir_place from_place = {.root = &moving->root};
    CLEANUP(dir_place_release)
    struct dir_place to_place = {.root = &moving->root};
    const char *from_name = NULL;
    const char *to_name = NULL;
    bool found = false;
    TRY(worktree_enter(&from_place, from, &from_name, &found));
    if (found)
        TRY(worktree_enter(&to_place, to, &to_name, &found));
    if (!found)
        return error_hint(error_new(DITS_E_NOT_FOUND,
                                    "the folder of '%s' does not exist", to),
                          "Make it first.");
    return dir_rename(&from_place.dir, from_name, &to_place.dir, to_name);
}

/* A renamed file is what it was: it keeps its stat data but for the change
 * time that the renaming itself has set. */
static void keep_stat(const struct moving *moving, struct index_entry *entry)
{
    struct fs_stat stat = {0};
    bool found = false;
    int64_t mtime_ns = entry->mtime_ns;
    dits_error *err = stat_path(moving, entry->path, &stat, &found);
    entry->mtime_ns = 0;
    if (err == NULL && found && mtime_ns != 0 && stat.mtime_ns == mtime_ns &&
        stat.size == entry->size && stat.inode == entry->inode)
        index_stat_set(entry, &stat, 0);
    dits_error_free(err); /* then the file is read again some time */
}

/* What is tracked under `from`, as it shall be called. */
static dits_error *list_entries(const struct moving *moving,
                                const struct rename *rename,
                                struct change_list *out)
{
    const struct index *index = operation_index(moving->operation);
    size_t low = 0;
    size_t high = 0;
    find_tracked(moving, rename->from, &low, &high);
    for (size_t i = low; i < high; i++) {
        const struct index_entry *entry = index_at(index, i);
        struct change_side side = {.mode = entry->mode, .id = entry->asset};
        TRY(change_list_add(out, entry->path, side, side));
    }
    return NULL;
}

static dits_error *new_path(const struct rename *rename, const char *path,
                            struct buf *out)
{
    buf_clear(out);
    return buf_printf(out, "%s%s", rename->to, path + strlen(rename->from));
}

static dits_error *move_entries(struct moving *moving,
                                const struct rename *rename)
{
    CLEANUP(change_list_release) struct change_list entries = {0};
    CLEANUP(buf_release) struct buf path = {0};
    struct index *index = operation_index(moving->operation);
    TRY(list_entries(moving, rename, &entries));
    for (size_t i = 0; i < entries.count; i++) {
        struct index_entry entry = *index_find(index, entries.items[i].path);
        TRY(new_path(rename, entries.items[i].path, &path));
        TRY(index_remove(index, entries.items[i].path));
        entry.path = buf_text(&path);
        keep_stat(moving, &entry);
        TRY(index_set(index, &entry));
    }
    return NULL;
}

/* What lies at the path now: as staged, or stored for undo's sake. */
static dits_error *find_side(struct moving *moving, const char *path,
                             struct change_side *out)
{
    CLEANUP(dir_place_release) struct dir_place place = {.root = &moving->root};
    struct worktree_turn turn = {
        .threads = context_threads(moving->repo->context), .place = &place};
    const struct index_entry *entry =
        index_find(operation_index(moving->operation), path);
    struct fs_stat stat = {0};
    bool found = false;
    TRY(worktree_stat(&place, path, &stat, &found));
    *out = (struct change_side){0};
    if (!found || stat.kind == FS_FOLDER || stat.kind == FS_OTHER)
        return NULL;
    if (entry == NULL || !index_stat_matches(entry, &stat))
        return capture_path(moving->repo, moving->operation, &turn, path, &stat,
                            out);
    *out = (struct change_side){.mode = entry->mode, .id = entry->asset};
    return NULL;
}

static dits_error *list_touched(struct moving *moving,
                                const struct rename *rename,
                                struct change_list *out)
{
    CLEANUP(change_list_release) struct change_list entries = {0};
    CLEANUP(buf_release) struct buf path = {0};
    TRY(list_entries(moving, rename, &entries));
    for (size_t i = 0; i < entries.count; i++) {
        struct change_side moved = {0};
        struct change_side replaced = {0};
        const char *from = entries.items[i].path;
        TRY(new_path(rename, from, &path));
        TRY(find_side(moving, from, &moved));
        TRY(find_side(moving, buf_text(&path), &replaced));
        TRY(change_list_add(out, from, moved, (struct change_side){0}));
        TRY(change_list_add(out, buf_text(&path), replaced, moved));
    }
    return NULL;
}

/* What undo needs, durable before a file is replaced. */
static dits_error *tell_operation(struct moving *moving)
{
    CLEANUP(change_list_release) struct change_list touched = {0};
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    for (size_t i = 0; i < moving->count; i++)
        TRY(list_touched(moving, &moving->renames[i], &touched));
    change_list_sort(&touched);
    TRY(capture_tree(moving->operation, &touched, CAPTURE_BEFORE, &before));
    TRY(capture_tree(moving->operation, &touched, CAPTURE_AFTER, &after));
    operation_set_worktree(moving->operation, &before, &after);
    return store_writer_commit(operation_writer(moving->operation));
}

static dits_error *tell(const struct moving *moving)
{
    for (size_t r = 0; r < moving->count; r++) {
        CLEANUP(change_list_release) struct change_list entries = {0};
        CLEANUP(buf_release) struct buf path = {0};
        const struct rename *rename = &moving->renames[r];
        TRY(list_entries(moving, rename, &entries));
        for (size_t i = 0; i < entries.count; i++) {
            TRY(new_path(rename, entries.items[i].path, &path));
            struct dits_path_event event = {
                .action = 'R',
                .path = buf_text(&path),
                .old_path = entries.items[i].path,
            };
            TRY(moving->options->on_path(&event, moving->options->payload));
        }
    }
    return NULL;
}

/* Back to where it was, after a failure further on. */
static void take_back(struct moving *moving)
{
    for (size_t i = moving->count; i > 0; i--) {
        struct rename *rename = &moving->renames[i - 1];
        if (rename->is_done)
            dits_error_free(rename_path(moving, rename->to, rename->from));
        rename->is_done = false;
    }
}

static dits_error *move_all(struct moving *moving)
{
    for (size_t i = 0; i < moving->count; i++) {
        struct rename *rename = &moving->renames[i];
        TRY_CONTEXT(rename_path(moving, rename->from, rename->to),
                    "cannot move '%s' to '%s'", rename->from, rename->to);
        rename->is_done = true;
        TRY(move_entries(moving, rename));
    }
    return operation_commit(moving->operation);
}

dits_error *dits_move(dits_repo *repo, const struct dits_paths *from,
                      const char *to, const struct dits_move_options *options)
{
    static const struct dits_move_options defaults = {0};
    CLEANUP(release_moving)
    struct moving moving = {
        .repo = repo,
        .options = options != NULL ? options : &defaults,
    };
    if (from == NULL || from->count == 0 || to == NULL)
        return error_new(DITS_E_INVALID, "nothing named to move");
    TRY(worktree_open(repo, &moving.root));
    TRY(operation_begin(repo, "mv", &moving.operation));
    TRY(plan(&moving, from, to));
    if (moving.options->on_path != NULL)
        TRY(tell(&moving));
    if (moving.options->dry_run)
        return NULL;
    TRY(tell_operation(&moving));
    dits_error *err = move_all(&moving);
    if (err != NULL)
        take_back(&moving);
    return err;
}
