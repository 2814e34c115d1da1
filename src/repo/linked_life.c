#include "repo/linked_life.h"

#include <inttypes.h>
#include <string.h>

#include <dits/worktree.h>

#include "base/dir.h"
#include "base/text.h"
#include "repo/link_file.h"
#include "repo/private_ref.h"
#include "repo/ref_name.h"
#include "repo/sparse.h"
#include "repo/unfinished.h"

enum { DEPTH_MAX = 1000, NAME_KEPT = 80, TRIES_MAX = 10000 };

/* Names. */

/* What may not be in a name becomes '-'. */
static dits_error *tame(const char *wanted, char **out)
{
    CLEANUP(text_free) char *name = NULL;
    size_t length = strlen(wanted);
    while (length > NAME_KEPT || (length > 0 && wanted[length - 1] == '.'))
        length--;
    TRY(text_copy_part(wanted, length, &name));
    for (char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f ||
            strchr("/\\:*?\"<>|", *at) != NULL)
            *at = '-';
    if (!link_file_name_is_valid(name)) /* empty, or starts with a dot */
        return text_copy("worktree", out);
    *out = MOVE(name);
    return NULL;
}

static dits_error *choose_name(dits_repo *repo, const char *wanted, char **out)
{
    CLEANUP(text_free) char *base = NULL;
    if (link_file_name_is_valid(wanted))
        TRY(text_copy(wanted, &base));
    else
        TRY(tame(wanted, &base));
    for (unsigned number = 0; number < TRIES_MAX; number++) {
        CLEANUP(buf_release) struct buf name = {0};
        CLEANUP(linked_release) struct linked other = {0};
        bool taken = false;
        TRY(buf_put_text(&name, base));
        if (number > 0)
            TRY(buf_printf(&name, "%u", number));
        TRY(linked_find(repo, buf_text(&name), &other, &taken));
        if (!taken && link_file_name_is_valid(buf_text(&name)))
            return buf_take_text(&name, out);
    }
    return error_new(DITS_E_EXISTS, "there are too many work trees '%s'", base);
}

dits_error *linked_plan(dits_repo *repo, uint64_t id, const char *wanted,
                        const char *path, dits_repo **out)
{
    CLEANUP(linked_release) struct linked linked = {.id = id};
    if (id == 0)
        TRY(linked_next_id(repo, &linked.id));
    TRY(choose_name(repo, wanted, &linked.name));
    TRY(text_copy(path, &linked.path));
    TRY(linked_view(repo, &linked, out));
    (*out)->linked_is_new = true;
    return NULL;
}

/* Folders. */

static dits_error *collect_name(const char *name, enum fs_kind kind,
                                void *payload)
{
    (void)kind;
    return buf_put(payload, name, strlen(name) + 1);
}

static dits_error *sweep(const struct dir *dir, bool files, unsigned depth);

static dits_error *sweep_name(const struct dir *dir, const char *name,
                              bool files, unsigned depth)
{
    CLEANUP(dir_close) struct dir below = {0};
    struct fs_stat stat = {0};
    bool found = false;
    TRY(dir_stat(dir, name, &stat, &found));
    if (!found || (stat.kind != FS_FOLDER && !files))
        return NULL;
    if (stat.kind != FS_FOLDER)
        return dir_remove_file(dir, name);
    TRY(dir_open_below(dir, name, &below, &found));
    if (found)
        TRY(sweep(&below, files, depth + 1));
    dits_error *err = dir_remove_folder(dir, name);
    if (files || err == NULL || !dits_error_has(err, DITS_E_EXISTS))
        return err;
    dits_error_free(err); /* there is still a file in it */
    return NULL;
}

/* Remove empty folders, or with `files` everything. */
static dits_error *sweep(const struct dir *dir, bool files, unsigned depth)
{
    CLEANUP(buf_release) struct buf names = {0};
    if (depth > DEPTH_MAX)
        return NULL;
    TRY(dir_list(dir, collect_name, &names));
    for (size_t at = 0; at < names.size;) {
        const char *name = (const char *)names.data + at;
        at += strlen(name) + 1;
        TRY(sweep_name(dir, name, files, depth));
    }
    return NULL;
}

/* The folder itself, too; absence is no error. */
static dits_error *remove_below(const char *path, bool files)
{
    CLEANUP(dir_close) struct dir dir = {0};
    if (!fs_exists(path))
        return NULL;
    TRY(dir_open(path, &dir));
    TRY(sweep(&dir, files, 0));
    return fs_remove(path);
}

static dits_error *check_empty_name(const char *name, void *payload)
{
    (void)name;
    return error_new(DITS_E_EXISTS, "there is something in '%s' already",
                     (const char *)payload);
}

static dits_error *check_place(char *path)
{
    struct fs_stat stat = {0};
    if (!fs_exists(path))
        return NULL;
    TRY(fs_stat_path(path, &stat));
    if (stat.kind != FS_FOLDER)
        return error_new(DITS_E_EXISTS, "there is something at '%s' already",
                         path);
    return fs_list(path, check_empty_name, path);
}

dits_error *linked_build(const dits_repo *view)
{
    const struct link_file link = {.dits_dir = view->dits_dir,
                                   .name = view->linked_name};
    TRY(check_place(view->work_dir));
    /* What a command that was cut off has left there is no work tree's. */
    TRY(remove_below(view->private_dir, true));
    TRY(fs_make_dirs(view->private_dir));
    TRY(fs_sync_dir(view->dits_dir));
    TRY_CONTEXT(fs_make_dirs(view->work_dir), "cannot make the work tree");
    return link_file_write(view->work_dir, &link);
}

/* Only the file that leads here. */
static dits_error *remove_link(const dits_repo *view)
{
    CLEANUP(text_free) char *path = NULL;
    const char *missing = NULL;
    TRY(linked_look(view, &missing));
    if (missing != NULL)
        return NULL;
    TRY(fs_join(view->work_dir, ".dits", &path));
    TRY(fs_remove(path));
    return remove_below(view->work_dir, false);
}

static void tell_left(const dits_repo *view, dits_error *err)
{
    if (err != NULL)
        log_warn(view->context, "%s", dits_error_message(err));
    dits_error_free(err);
}

void linked_clear(const dits_repo *view)
{
    tell_left(view, remove_link(view));
    tell_left(view, remove_below(view->private_dir, true));
}

static dits_error *sweep_private(const char *name, void *payload)
{
    dits_repo *repo = payload;
    CLEANUP(linked_release) struct linked linked = {0};
    CLEANUP(text_free) char *path = NULL;
    bool found = false;
    TRY(linked_find(repo, name, &linked, &found));
    if (found)
        return NULL;
    TRY(linked_private_dir(repo->dits_dir, name, &path));
    return remove_below(path, true);
}

dits_error *linked_sweep(dits_repo *repo)
{
    CLEANUP(text_free) char *folder = NULL;
    TRY(fs_join(repo->dits_dir, LINKED_FOLDER, &folder));
    return fs_exists(folder) ? fs_list(folder, sweep_private, repo) : NULL;
}

/* The end. */

static dits_error *refuse_change(const struct dits_status_entry *entry,
                                 void *payload)
{
    const dits_repo *view = payload;
    bool is_dropped = entry->staged == DITS_UNCHANGED &&
                      entry->worktree == DITS_DROPPED;
    if (is_dropped)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT,
                                "'%s' contains modified or untracked files "
                                "('%s')",
                                view->work_dir, entry->path),
                      "Commit them there, or use --force: 'dits undo' then "
                      "brings them back.");
}

dits_error *linked_check_clean(dits_repo *view)
{
    const struct dits_status_options options = {0};
    TRY(dits_status(view, &options, refuse_change, view));
    return unfinished_refuse(view, "remove the work tree");
}

static dits_error *remove_ref(const char *name, const struct dits_oid *id,
                              void *payload)
{
    static const struct dits_oid none = {0};
    if (operation_moves_ref(payload, name))
        return NULL;
    return operation_set_ref(payload, name, id, &none, "");
}

dits_error *linked_drop_refs(struct operation *operation)
{
    CLEANUP(buf_release) struct buf private = {0};
    dits_repo *view = operation_repo(operation);
    TRY(buf_printf(&private, REF_LINKED "%" PRIu64 "/", view->linked));
    return refs_each(view, buf_text(&private), remove_ref, operation);
}

dits_error *linked_end(struct operation *operation)
{
    static const struct dits_oid none = {0};
    TRY(linked_drop_refs(operation));
    TRY(operation_set_head(operation, NULL, &none, "worktree: removed"));
    return operation_set_life(operation, false);
}
