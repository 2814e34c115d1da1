#include "repo/blame_file.h"

#include <string.h>

#include "object/asset.h"
#include "repo/diff_private.h"
#include "repo/worktree.h"

enum { LOOK_BYTES = 8000 }; /* of the front: what git looks at, too */

static dits_error *no_text(const char *path, const char *why)
{
    return error_hint(
        error_new(DITS_E_UNSUPPORTED, "'%s' is %s", path, why),
        "Lines are told of texts alone. 'dits log -- PATH' lists the commits "
        "that changed it, 'dits diff' what they changed in a clip.");
}

static dits_error *check_text(const char *path, const struct buf *bytes)
{
    size_t size = bytes->size < LOOK_BYTES ? bytes->size : LOOK_BYTES;
    if (size > 0 && memchr(bytes->data, 0, size) != NULL)
        return no_text(path, "no text");
    return NULL;
}

static dits_error *check_size(const char *path, uint64_t size)
{
    return size <= DIFF_TEXT_MAX ? NULL : no_text(path, "too large for a text");
}

dits_error *blame_file_find(dits_repo *repo, const struct dits_oid *tree,
                            const char *path, struct dits_oid *out)
{
    struct tree_entry entry = {0};
    bool found = false;
    TRY(tree_find(repo->store, tree, path, &entry, &found));
    *out = (struct dits_oid){0};
    if (found && entry.mode != TREE_FOLDER)
        *out = entry.id;
    return NULL;
}

dits_error *blame_file_read(dits_repo *repo, const struct dits_oid *asset,
                            const char *path, struct buf *out)
{
    CLEANUP(asset_closep) struct asset *opened = NULL;
    void *room = NULL;
    TRY(asset_open(repo->store, asset, &opened));
    uint64_t size = asset_get_info(opened)->size;
    TRY(check_size(path, size));
    buf_clear(out);
    if (size == 0)
        return NULL;
    TRY(buf_extend(out, (size_t)size, &room));
    TRY(asset_read_at(opened, 0, (size_t)size, room));
    return check_text(path, out);
}

dits_error *blame_file_read_disk(dits_repo *repo, const char *path,
                                 struct buf *out)
{
    CLEANUP(dir_close) struct dir root = {0};
    CLEANUP(dir_place_release) struct dir_place place = {.root = &root};
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    const char *name = NULL;
    bool found = false;
    void *room = NULL;
    TRY(worktree_open(repo, &root));
    TRY(worktree_stat(&place, path, &stat, &found));
    if (!found)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "no file '%s' in the work tree", path),
            "Name a revision that has it.");
    TRY(worktree_enter(&place, path, &name, &found));
    if (found && stat.kind == FS_SYMLINK)
        return dir_read_symlink(&place.dir, name, out);
    TRY_CONTEXT(dir_open_file(&place.dir, name, &file, &stat),
                "cannot read '%s'", path);
    TRY(check_size(path, stat.size));
    buf_clear(out);
    TRY(buf_extend(out, (size_t)stat.size, &room));
    TRY(fs_read_some(&file, 0, (size_t)stat.size, room, &out->size));
    return check_text(path, out);
}
