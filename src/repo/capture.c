#include "repo/capture.h"

#include "object/asset.h"
#include "object/path_tree.h"
#include "repo/index_stat.h"

static dits_error *store(const struct asset_store_options *options,
                         const struct dir *dir, const char *name,
                         const struct fs_stat *stat, struct dits_oid *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(buf_release) struct buf target = {0};
    struct asset_info info = {0};
    if (stat->kind == FS_SYMLINK) {
        TRY(dir_read_symlink(dir, name, &target));
        return asset_store_bytes(options, target.data, target.size, out, &info);
    }
    TRY(dir_open_file(dir, name, &file, NULL));
    return asset_store_file(options, &file, stat->size, out, &info);
}

dits_error *capture_path(const dits_repo *repo, struct operation *operation,
                         const struct worktree_turn *turn, const char *path,
                         const struct fs_stat *stat, struct change_side *out)
{
    struct asset_store_options options = {
        .context = repo->context,
        .writer = operation_writer(operation),
        .threads = turn->threads,
    };
    struct change_side side = {.mode = index_stat_mode(stat)};
    const char *name = NULL;
    bool found = false;
    TRY(worktree_enter(turn->place, path, &name, &found));
    if (!found)
        return error_new(DITS_E_CONFLICT, "'%s' vanished", path);
    TRY_CONTEXT(store(&options, &turn->place->dir, name, stat, &side.id),
                "cannot keep what '%s' holds", path);
    *out = side;
    return NULL;
}

dits_error *capture_tree(struct operation *operation,
                         const struct change_list *list, enum capture_side side,
                         struct dits_oid *out)
{
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(path_tree_builder_new(operation_writer(operation), &builder));
    for (size_t i = 0; i < list->count; i++) {
        const struct change *change = &list->items[i];
        const struct change_side *here =
            side == CAPTURE_AFTER ? &change->after : &change->before;
        if (here->mode != 0)
            TRY(path_tree_builder_add(builder, change->path, here->mode,
                                      &here->id));
    }
    return path_tree_builder_finish(builder, out);
}
