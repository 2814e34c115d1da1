/* One side of a file that differs: its bytes, its kind, its chunks. */
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/diff_private.h"
#include "repo/worktree.h"
#include "store/chunker.h"

enum {
    LOOK_BYTES = 8000, /* of the front: what git looks at, too */
    LARGE = 4 * 1024 * 1024,
};

/* A symlink's target is its content. */
static dits_error *read_disk(const dits_diff *diff,
                             const struct diff_place *place, size_t max,
                             struct buf *out)
{
    CLEANUP(dir_place_release) struct dir_place at = {.root = &diff->root};
    CLEANUP(fs_close) struct fs_file file = {0};
    const char *name = NULL;
    bool found = false;
    void *room = NULL;
    size_t size = place->size < max ? (size_t)place->size : max;
    TRY(worktree_enter(&at, place->path, &name, &found));
    if (!found)
        return error_new(DITS_E_CONFLICT, "'%s' vanished", place->path);
    if (place->side.mode == TREE_SYMLINK)
        return dir_read_symlink(&at.dir, name, out);
    TRY(dir_open_file(&at.dir, name, &file, NULL));
    buf_clear(out);
    TRY(buf_extend(out, size, &room));
    return fs_read_some(&file, 0, size, room, &out->size);
}

static dits_error *read_stored(const dits_diff *diff,
                               const struct diff_place *place, size_t max,
                               struct buf *out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    void *room = NULL;
    size_t size = place->size < max ? (size_t)place->size : max;
    buf_clear(out);
    if (size == 0)
        return NULL;
    TRY(asset_open(diff->repo->store, &place->side.id, &asset));
    TRY(buf_extend(out, size, &room));
    return asset_read_at(asset, 0, size, room);
}

static dits_error *read_front(const dits_diff *diff,
                              const struct diff_place *place, size_t max,
                              struct buf *out)
{
    buf_clear(out);
    if (!place->is_there)
        return NULL;
    if (place->is_on_disk)
        TRY_CONTEXT(read_disk(diff, place, max, out), "cannot read '%s'",
                    place->path);
    else
        TRY_CONTEXT(read_stored(diff, place, max, out), "cannot read '%s'",
                    place->path);
    return NULL;
}

dits_error *diff_side_bytes(const dits_diff *diff,
                            const struct diff_place *place, struct buf *out)
{
    if (place->size > DIFF_TEXT_MAX)
        return error_new(DITS_E_UNSUPPORTED, "'%s' is too large for a text",
                         place->path);
    return read_front(diff, place, DIFF_TEXT_MAX, out);
}

/* UTF-8, perhaps cut off in the last character. */
static bool looks_like_text(const struct buf *front, bool is_whole)
{
    size_t size = front->size;
    if (size == 0)
        return true;
    if (memchr(front->data, 0, size) != NULL)
        return false;
    for (unsigned cut = 0; cut < (is_whole ? 1u : 4u) && cut < size; cut++)
        if (text_is_utf8(front->data, size - cut))
            return true;
    return false;
}

dits_error *diff_side_is_text(const dits_diff *diff,
                              const struct diff_place *place, bool *out)
{
    CLEANUP(buf_release) struct buf front = {0};
    *out = place->size <= DIFF_TEXT_MAX;
    if (!*out || !place->is_there)
        return NULL;
    TRY(read_front(diff, place, LOOK_BYTES, &front));
    *out = looks_like_text(&front, place->size <= LOOK_BYTES);
    return NULL;
}

void diff_chunks_release(struct diff_chunks *chunks)
{
    mem_free(chunks->items);
    *chunks = (struct diff_chunks){0};
}

static dits_error *add_chunk(struct diff_chunks *chunks, uint64_t offset,
                             const struct chunk_ref *chunk)
{
    struct diff_chunk *items = array_grown(chunks->items, chunks->count,
                                           &chunks->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    chunks->items = items;
    chunks->items[chunks->count++] = (struct diff_chunk){
        .id = chunk->id, .offset = offset, .size = chunk->size};
    return NULL;
}

static dits_error *on_stored(uint64_t offset, const struct chunk_ref *chunk,
                             void *payload)
{
    return add_chunk(payload, offset, chunk);
}

static dits_error *on_cut(const struct chunk_ref *chunk, void *payload)
{
    struct diff_chunks *chunks = payload;
    uint64_t offset = 0;
    if (chunks->count > 0) {
        const struct diff_chunk *last = &chunks->items[chunks->count - 1];
        offset = last->offset + last->size;
    }
    return add_chunk(chunks, offset, chunk);
}

/* As the other side was cut, else as `add` would cut it. */
static dits_error *find_chunker(const dits_diff *diff,
                                const struct diff_place *place,
                                const struct diff_place *other,
                                const struct chunker **out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    *out = NULL;
    if (other->is_there && !other->is_on_disk) {
        TRY(asset_open(diff->repo->store, &other->side.id, &asset));
        *out = chunker_by_id(asset_get_info(asset)->chunker);
    }
    if (*out == NULL)
        *out = chunker_by_name(place->size < LARGE ? "small" : "media");
    return NULL;
}

static dits_error *cut_disk(const dits_diff *diff,
                            const struct diff_place *place,
                            const struct diff_place *other,
                            struct diff_chunks *out)
{
    CLEANUP(dir_place_release) struct dir_place at = {.root = &diff->root};
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(buf_release) struct buf target = {0};
    struct ingest ingest = {
        .context = diff->repo->context,
        .threads = context_threads(diff->repo->context),
        .on_chunk = on_cut,
        .payload = out,
    };
    struct ingest_result result = {0};
    const char *name = NULL;
    bool found = false;
    TRY(find_chunker(diff, place, other, &ingest.chunker));
    if (place->side.mode == TREE_SYMLINK) {
        TRY(read_disk(diff, place, DIFF_TEXT_MAX, &target));
        return ingest_bytes(&ingest, target.data, target.size, &result);
    }
    TRY(worktree_enter(&at, place->path, &name, &found));
    if (!found)
        return error_new(DITS_E_CONFLICT, "'%s' vanished", place->path);
    TRY(dir_open_file(&at.dir, name, &file, NULL));
    return ingest_file(&ingest, &file, place->size, &result);
}

dits_error *diff_side_chunks(const dits_diff *diff,
                             const struct diff_place *place,
                             const struct diff_place *other,
                             struct diff_chunks *out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    if (!place->is_there)
        return NULL;
    if (place->is_on_disk) {
        TRY_CONTEXT(cut_disk(diff, place, other, out), "cannot read '%s'",
                    place->path);
        return NULL;
    }
    TRY_CONTEXT(asset_open(diff->repo->store, &place->side.id, &asset),
                "cannot open '%s'", place->path);
    return asset_each_chunk(asset, on_stored, out);
}
