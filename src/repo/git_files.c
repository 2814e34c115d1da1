#include "repo/git_files.h"

#include <inttypes.h>

#include "base/random.h"
#include "object/asset.h"
#include "repo/git_lfs.h"

enum { PIECE_BYTES = 1 << 18 };

void git_files_release(struct git_files *files)
{
    digest_free(files->sha256);
    fs_close(&files->large);
    buf_release(&files->bytes);
    *files = (struct git_files){0};
}

static struct asset_store_options store_options(struct git_files *files)
{
    return (struct asset_store_options){
        .context = files->repo->context,
        .writer = files->writer,
        .threads = context_threads(files->repo->context),
    };
}

/* Told of now; the name of the file is not known here, and may be any. */
static void warn_of(struct git_files *files,
                    const struct git_lfs_pointer *pointer,
                    enum git_lfs_state state)
{
    files->result->lfs_missing++;
    log_warn(files->repo->context,
             "the object %s of Git LFS is %s: the pointer is kept instead",
             pointer->hex, state == GIT_LFS_MISSING ? "missing" : "damaged");
}

/* `*out_stored` is false where the pointer itself has to be stored. */
static dits_error *store_pointed(struct git_files *files,
                                 const struct git_lfs_pointer *pointer,
                                 bool *out_stored, struct dits_oid *out_asset)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct asset_store_options options = store_options(files);
    struct asset_info info = {0};
    enum git_lfs_state state = GIT_LFS_MISSING;
    *out_stored = false;
    if (files->sha256 == NULL)
        TRY(digest_new(DIGEST_SHA256, &files->sha256));
    TRY(git_lfs_open(files->repo->context, files->sha256, files->lfs, pointer,
                     &file, &state));
    if (state != GIT_LFS_GOOD) {
        warn_of(files, pointer, state);
        return NULL;
    }
    TRY(asset_store_file(&options, &file, pointer->size, out_asset, &info));
    files->result->lfs_files++;
    *out_stored = true;
    return NULL;
}

static dits_error *store_small(struct git_files *files,
                               struct dits_oid *out_asset)
{
    struct asset_store_options options = store_options(files);
    struct git_lfs_pointer pointer = {0};
    struct asset_info info = {0};
    bool stored = false;
    if (git_lfs_parse(buf_slice(&files->bytes), &pointer))
        TRY(store_pointed(files, &pointer, &stored, out_asset));
    if (stored)
        return NULL;
    return asset_store_bytes(&options, files->bytes.data, files->bytes.size,
                             out_asset, &info);
}

/*
 * A file without a name: nothing stays of it. Until its name is gone it has one
 * that gc removes.
 */
static dits_error *open_large(struct git_files *files)
{
    CLEANUP(buf_release) struct buf path = {0};
    if (files->large.handle != 0)
        return fs_truncate(&files->large, 0);
    TRY(buf_printf(&path, "%s/tmp/pack-blob-%08" PRIx32 "%08" PRIx32,
                   files->repo->dits_dir, random_u32(), random_u32()));
    TRY(fs_open(buf_text(&path), FS_CREATE_NEW, &files->large));
    return fs_remove(buf_text(&path));
}

static dits_error *store_large(struct git_files *files, uint64_t size,
                               struct dits_oid *out_asset)
{
    struct asset_store_options options = store_options(files);
    struct asset_info info = {0};
    void *piece = NULL;
    size_t got = 0;
    uint64_t at = 0;
    TRY(open_large(files));
    buf_clear(&files->bytes);
    TRY(buf_extend(&files->bytes, PIECE_BYTES, &piece));
    do {
        TRY(git_batch_read(files->batch, PIECE_BYTES, piece, &got));
        TRY(fs_write_at(&files->large, at, piece, got));
        at += got;
    } while (got > 0);
    return asset_store_file(&options, &files->large, size, out_asset, &info);
}

dits_error *git_files_store(struct git_files *files, const struct dits_oid *id,
                            struct dits_oid *out_asset)
{
    uint64_t size = 0;
    void *at = NULL;
    size_t got = 0;
    TRY(git_batch_next(files->batch, id, "blob", &size));
    if (size > ASSET_TINY_BYTES)
        return store_large(files, size, out_asset);
    buf_clear(&files->bytes);
    TRY(buf_extend(&files->bytes, (size_t)size, &at));
    uint8_t *bytes = at;
    do {
        TRY(git_batch_read(files->batch, (size_t)size, bytes, &got));
        bytes += got;
    } while (got > 0);
    return store_small(files, out_asset);
}
