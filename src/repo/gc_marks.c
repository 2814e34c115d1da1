#include "repo/gc_marks.h"

#include "base/mem.h"
#include "base/text.h"
#include "repo/side_file.h"

#define FILE_NAME "gc-marks"

static const struct side_file frame = {
    .magic = {0x89, 'D', 'T', 'G', '\r', '\n', 0x1a, '\n'},
    .version = 2,
    .what = "file of marks",
};

enum { ITEM_SIZE = 4 + OID_SIZE };

/* More than a hundred million marks; the sum of the ids must fit memory. */
static const size_t max_file = (size_t)2 << 30;

static dits_error *put_items(const struct reach_item *items, size_t count,
                             struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        TRY(buf_put_le32(out, items[i].kind));
        TRY(buf_put(out, items[i].id.hash, OID_SIZE));
    }
    return NULL;
}

/* What was cut is looked at again by who goes on. */
dits_error *gc_marks_encode(const struct reach *reach, struct buf *out)
{
    TRY(side_file_begin(&frame, out));
    TRY(buf_put_le64(out, (uint64_t)reach->started));
    TRY(buf_put_le64(out, reach->count + reach->cut_count));
    TRY(put_items(reach->queue, reach->count, out));
    TRY(put_items(reach->cuts, reach->cut_count, out));
    TRY(id_set_encode(&reach->seen, out));
    return side_file_end(out);
}

static dits_error *decode_item(struct cursor *in, struct reach_item *out)
{
    uint32_t kind = 0;
    TRY(cursor_le32(in, &kind));
    if (kind != CHUNK_COMMIT && kind != CHUNK_TREE && kind != CHUNK_ASSET)
        return error_new(DITS_E_CORRUPT, "marks of a thing of kind %u", kind);
    out->kind = (enum chunk_kind)kind;
    return cursor_oid(in, &out->id);
}

static dits_error *decode_queue(struct cursor *in, struct reach *reach)
{
    uint64_t count = 0;
    TRY(cursor_le64(in, &count));
    if (count > cursor_left(in) / ITEM_SIZE)
        return error_new(DITS_E_CORRUPT, "the marks are cut off");
    if (count == 0)
        return NULL;
    reach->queue = mem_new_array(struct reach_item, (size_t)count);
    if (reach->queue == NULL)
        return error_nomem();
    reach->capacity = (size_t)count;
    while (reach->count < count)
        TRY(decode_item(in, &reach->queue[reach->count++]));
    return NULL;
}

dits_error *gc_marks_decode(struct slice bytes, struct reach *reach)
{
    struct cursor in = {0};
    uint64_t started = 0;
    TRY(side_file_open(&frame, bytes, &in));
    TRY(cursor_le64(&in, &started));
    dits_error *err = decode_queue(&in, reach);
    if (err == NULL)
        err = id_set_decode(&in, &reach->seen);
    if (err == NULL)
        err = cursor_end(&in);
    if (err != NULL)
        reach_release(reach);
    else
        reach->started = (int64_t)started;
    return err;
}

dits_error *gc_marks_save(const struct reach *reach)
{
    CLEANUP(buf_release) struct buf bytes = buf_limited(max_file);
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(reach->repo->dits_dir, FILE_NAME, &path));
    dits_error *err = gc_marks_encode(reach, &bytes);
    if (dits_error_has(err, DITS_E_LIMIT)) {
        dits_error_free(err); /* too many to keep: a killed gc starts anew */
        return NULL;
    }
    TRY(err);
    return fs_replace(path, bytes.data, bytes.size);
}

/* Marks from before `not_before`, or from the future, are not gone on with. */
static dits_error *load(const char *path, int64_t not_before,
                        struct reach *reach)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(fs_read_all(path, max_file, &bytes));
    TRY(gc_marks_decode(buf_slice(&bytes), reach));
    if (reach->started >= not_before &&
        reach->started <= context_now(reach->repo->context))
        return NULL;
    reach_release(reach);
    return error_new(DITS_E_CONFLICT, "the marks are too old");
}

dits_error *gc_marks_load(struct reach *reach, int64_t not_before,
                          bool *out_found)
{
    CLEANUP(text_free) char *path = NULL;
    *out_found = false;
    TRY(fs_join(reach->repo->dits_dir, FILE_NAME, &path));
    if (!fs_exists(path))
        return NULL;
    dits_error *err = load(path, not_before, reach);
    if (err != NULL && dits_error_code(err) != DITS_E_NOMEM) {
        log_info(reach->repo->context, "marking anew: %s",
                 dits_error_message(err));
        dits_error_free(err);
        return NULL;
    }
    TRY(err);
    *out_found = true;
    return NULL;
}

dits_error *gc_marks_remove(const dits_repo *repo)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, FILE_NAME, &path));
    return fs_exists(path) ? fs_remove(path) : NULL;
}
