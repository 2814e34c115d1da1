#include <inttypes.h>

#include "base/fs.h"
#include "base/random.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/git_lfs.h"
#include "repo/git_stream.h"
#include "repo/obliteration.h"

enum { PIECE_BYTES = 1 << 20, FLUSH_BYTES = 1 << 16 };

typedef dits_error *piece_fn(const void *data, size_t size, void *payload);

/* The whole file, in order. */
static dits_error *each_piece(struct git_stream *stream, struct asset *asset,
                              piece_fn *fn, void *payload)
{
    CLEANUP(buf_release) struct buf room = {0};
    uint64_t size = asset_get_info(asset)->size;
    void *bytes = NULL;
    TRY(buf_extend(&room, size < PIECE_BYTES ? (size_t)size : PIECE_BYTES,
                   &bytes));
    for (uint64_t at = 0; at < size;) {
        size_t count = size - at < PIECE_BYTES ? (size_t)(size - at)
                                               : PIECE_BYTES;
        TRY(context_check(stream->repo->context));
        TRY(asset_read_at(asset, at, count, bytes));
        TRY(fn(bytes, count, payload));
        at += count;
    }
    return NULL;
}

static dits_error *put_piece(const void *data, size_t size, void *payload)
{
    struct git_stream *stream = payload;
    if (size >= FLUSH_BYTES) {
        TRY(git_stream_flush(stream, 0));
        return stream->write(data, size, stream->payload);
    }
    return buf_put(&stream->out, data, size);
}

static dits_error *put_blob(struct git_stream *stream,
                            const struct dits_oid *id, struct asset *asset)
{
    TRY(buf_put_text(&stream->out, "blob\n"));
    TRY(git_stream_put_mark(stream, id));
    TRY(buf_printf(&stream->out, "data %" PRIu64 "\n",
                   asset_get_info(asset)->size));
    TRY(each_piece(stream, asset, put_piece, stream));
    return buf_put_u8(&stream->out, '\n');
}

/* A file on its way into the store of Git LFS. */
struct lfs_copy {
    struct git_stream *stream;
    struct fs_file file;
    uint64_t size;
};

static void lfs_copy_release(struct lfs_copy *copy)
{
    fs_close(&copy->file);
}

static dits_error *copy_piece(const void *data, size_t size, void *payload)
{
    struct lfs_copy *copy = payload;
    digest_add(copy->stream->sha256, data, size);
    TRY(fs_write_at(&copy->file, copy->size, data, size));
    copy->size += size;
    return NULL;
}

static dits_error *fill_copy(struct lfs_copy *copy, const char *path,
                             struct asset *asset,
                             struct git_lfs_pointer *pointer)
{
    uint8_t digest[DIGEST_SHA256_BYTES] = {0};
    TRY(fs_open(path, FS_CREATE_NEW, &copy->file));
    TRY(each_piece(copy->stream, asset, copy_piece, copy));
    TRY(fs_sync(&copy->file));
    digest_finish(copy->stream->sha256, digest);
    git_lfs_set_digest(pointer, digest);
    pointer->size = copy->size;
    return NULL;
}

/* The file goes into the store; what is made of it is the pointer. */
static dits_error *store_copy(struct git_stream *stream, struct asset *asset,
                              struct git_lfs_pointer *pointer)
{
    CLEANUP(lfs_copy_release) struct lfs_copy copy = {.stream = stream};
    CLEANUP(buf_release) struct buf temporary = {0};
    CLEANUP(buf_release) struct buf path = {0};
    if (stream->sha256 == NULL)
        TRY(digest_new(DIGEST_SHA256, &stream->sha256));
    TRY(buf_printf(&temporary, "%s/tmp/dits-%08" PRIx32 "%08" PRIx32,
                   stream->lfs, random_u32(), random_u32()));
    TRY(fs_make_parents(buf_text(&temporary)));
    dits_error *err = fill_copy(&copy, buf_text(&temporary), asset, pointer);
    if (err == NULL)
        err = git_lfs_path(stream->lfs, pointer, &path);
    if (err == NULL)
        err = fs_make_parents(buf_text(&path));
    if (err == NULL)
        err = fs_rename(buf_text(&temporary), buf_text(&path));
    if (err != NULL)
        dits_error_free(fs_remove(buf_text(&temporary)));
    return err;
}

static dits_error *put_text(struct git_stream *stream,
                            const struct dits_oid *id, const char *text)
{
    TRY(buf_put_text(&stream->out, "blob\n"));
    TRY(git_stream_put_mark(stream, id));
    return git_stream_put_data(stream, slice_of_text(text));
}

static dits_error *put_pointer(struct git_stream *stream,
                               const struct dits_oid *id, struct asset *asset)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct git_lfs_pointer pointer = {0};
    TRY(store_copy(stream, asset, &pointer));
    TRY(git_lfs_encode(&pointer, &text));
    stream->lfs_files++;
    return put_text(stream, id, buf_text(&text));
}

/* Names stay as they were, and whoever opens the file is told. */
static dits_error *put_stand_in(struct git_stream *stream,
                                const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(buf_put_text(&text, "The content of this file is not here: "));
    TRY(obliteration_describe(stream->repo, id, &text));
    TRY(buf_put_u8(&text, '\n'));
    stream->obliterated++;
    return put_text(stream, id, buf_text(&text));
}

dits_error *git_stream_put_file(struct git_stream *stream,
                                const struct dits_oid *asset,
                                enum tree_mode mode)
{
    CLEANUP(asset_closep) struct asset *opened = NULL;
    size_t number = 0;
    if (oid_map_find(&stream->marks, asset, &number))
        return NULL;
    TRY(asset_open(stream->repo->store, asset, &opened));
    stream->files++;
    if (id_set_has(&stream->gone, asset))
        return put_stand_in(stream, asset);
    TRY(stream->lfs != NULL && mode != TREE_SYMLINK &&
                asset_get_info(opened)->size > stream->lfs_over
            ? put_pointer(stream, asset, opened)
            : put_blob(stream, asset, opened));
    return git_stream_flush(stream, FLUSH_BYTES);
}
