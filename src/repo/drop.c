/* Contents are left to the repository alone. */
#include <string.h>

#include "base/hash.h"
#include "base/path.h"
#include "base/progress.h"
#include "object/asset.h"
#include "object/asset_reader.h"
#include "repo/dropping.h"
#include "repo/head_tree.h"

static dits_error *consider(struct dropping *dropping,
                            const struct dropping_file *file)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    const struct index_entry *entry = file->entry;
    struct change_side content = {.mode = entry->mode, .id = entry->asset};
    struct change_side dropped = {.mode = entry->mode};
    if (entry->mode == TREE_SYMLINK || !file->is_regular || file->is_dropped)
        return NULL;
    TRY(asset_open(dropping->repo->store, &entry->asset, &asset));
    const struct stand_in what = {.asset = entry->asset,
                                  .size = asset_get_info(asset)->size};
    if (what.size < STAND_IN_FILE_MIN)
        return NULL;
    TRY(stand_in_format(entry->path, &what, &text));
    TRY(dropping_store(dropping, buf_slice(&text), &dropped.id));
    dropping->result.files++;
    dropping->result.bytes += what.size;
    return change_list_add(&dropping->list, entry->path, content, dropped);
}

/* What is only staged is gone some time after it is staged no more. */
static dits_error *check_committed(const struct dropping *dropping)
{
    CLEANUP(change_list_release) struct change_list staged = {0};
    struct dits_oid head = {0};
    size_t at = 0;
    TRY(head_tree(dropping->repo, &head));
    TRY(change_list_of_index(dropping->repo, &head,
                             operation_index(dropping->operation),
                             dropping->pathspec, &staged));
    for (size_t i = 0; i < dropping->list.count; i++) {
        const char *path = dropping->list.items[i].path;
        while (at < staged.count &&
               path_compare(staged.items[at].path, path) < 0)
            at++;
        if (at < staged.count && strcmp(staged.items[at].path, path) == 0)
            return error_hint(error_new(DITS_E_CONFLICT,
                                        "'%s' is staged and not committed",
                                        path),
                              "Commit it first, or use -f.");
    }
    return NULL;
}

struct verifying {
    const struct dropping *dropping;
    struct progress progress;
};

static void release_verifying(struct verifying *verifying)
{
    progress_end(&verifying->progress);
}

/* Read all of it, and hash it as the file that it was. */
static dits_error *verify(struct verifying *verifying, struct asset *asset)
{
    enum { PIECE = 1024 * 1024 };
    CLEANUP(buf_release) struct buf room = {0};
    CLEANUP(asset_reader_release) struct asset_reader reader = {0};
    struct hash hash;
    struct dits_oid content = {0};
    void *at = NULL;
    uint64_t size = asset_get_info(asset)->size;
    TRY(asset_reader_init(&reader, asset));
    TRY(buf_extend(&room, PIECE, &at));
    hash_begin(&hash);
    for (uint64_t offset = 0; offset < size; offset += PIECE) {
        size_t piece = size - offset < PIECE ? (size_t)(size - offset) : PIECE;
        TRY(context_check(verifying->dropping->repo->context));
        TRY(asset_reader_read(&reader, offset, piece, at));
        hash_update(&hash, at, piece);
        progress_bytes(piece, &verifying->progress);
    }
    hash_finish(&hash, &content);
    return dits_oid_equal(&content, &asset_get_info(asset)->content)
               ? NULL
               : error_new(DITS_E_CORRUPT, "other bytes are stored");
}

static dits_error *verify_one(const struct worktree_turn *turn, void *payload)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct verifying *verifying = payload;
    const struct change *change = &verifying->dropping->list.items[turn->item];
    TRY(asset_open(verifying->dropping->repo->store, &change->before.id,
                   &asset));
    dits_error *err = verify(verifying, asset);
    if (dits_error_has(err, DITS_E_CORRUPT) ||
        dits_error_has(err, DITS_E_NOT_FOUND))
        return error_hint(error_wrap(err, "cannot drop '%s'", change->path),
                          "The file is the only whole copy: keep it. See "
                          "'dits fsck --full --repair'.");
    TRY(err);
    progress_add(&verifying->progress, 0, 1, change->path);
    return NULL;
}

/* From now on the store alone has it: all of it, as it was. */
static dits_error *verify_all(const struct dropping *dropping)
{
    CLEANUP(release_verifying)
    struct verifying verifying = {.dropping = dropping};
    const struct worktree_each each = {
        .repo = dropping->repo,
        .count = dropping->list.count,
        .fn = verify_one,
        .payload = &verifying,
    };
    progress_begin(&verifying.progress, dropping->repo->context, "verifying",
                   dropping->result.bytes, dropping->result.files);
    return worktree_each(&each);
}

dits_error *dits_drop(dits_repo *repo, const struct dits_paths *paths,
                      const struct dits_drop_options *options,
                      struct dits_drop_result *out)
{
    static const struct dits_drop_options defaults = {0};
    CLEANUP(dropping_release) struct dropping dropping = {.repo = repo};
    options = options != NULL ? options : &defaults;
    const struct checkout_options how = {.task = "dropping",
                                         .capture = options->force};
    TRY(dropping_begin(&dropping, "drop", paths));
    TRY(dropping_each(&dropping, consider));
    if (!options->force)
        TRY(check_committed(&dropping));
    if (!options->dry_run)
        TRY(verify_all(&dropping));
    TRY(dropping_tell(&dropping, options->on_path, options->payload));
    if (!options->dry_run)
        TRY(dropping_run(&dropping, &how));
    if (out != NULL)
        *out = dropping.result;
    return NULL;
}
