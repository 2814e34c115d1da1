#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/new_file.h"
#include "base/progress.h"
#include "repo/bundle.h"
#include "repo/sending.h"

/* A bundle on its way. */
struct writing {
    dits_repo *repo;
    const struct fs_file *file; /* borrowed */
    struct bundle_list list;
    struct id_set gone; /* chunks that were obliterated */
    struct buf head;    /* header and list, as they are in the file */
    uint64_t end;       /* of what was written but the pack at hand */
    struct pack_part *packs;
    size_t pack_count;
    size_t pack_capacity;
    struct pack_part_writer pack;
    bool has_pack;
    struct sending_bytes bytes;
    struct progress progress;
    struct dits_bundle_result result;
};

static void writing_release(struct writing *writing)
{
    progress_end(&writing->progress);
    bundle_list_release(&writing->list);
    id_set_release(&writing->gone);
    buf_release(&writing->head);
    mem_free(writing->packs);
    pack_part_release(&writing->pack);
    sending_bytes_release(&writing->bytes);
}

static dits_error *write_head(struct writing *writing)
{
    struct buf *head = &writing->head;
    void *at = NULL;
    TRY(buf_extend(head, BUNDLE_HEADER_SIZE, &at));
    TRY(bundle_list_encode(&writing->list, head));
    size_t size = head->size - BUNDLE_HEADER_SIZE;
    bundle_header_encode(size, bundle_list_version(&writing->list), head->data);
    TRY(buf_put_le64(head,
                     hash_checksum(head->data + BUNDLE_HEADER_SIZE, size)));
    TRY(fs_write_at(writing->file, 0, head->data, head->size));
    writing->end = head->size;
    return NULL;
}

static dits_error *finish_pack(struct writing *writing)
{
    if (!writing->has_pack)
        return NULL;
    struct pack_part *packs = array_grown(writing->packs, writing->pack_count,
                                          &writing->pack_capacity,
                                          sizeof(*packs));
    if (packs == NULL)
        return error_nomem();
    writing->packs = packs;
    TRY(pack_part_finish(&writing->pack, &packs[writing->pack_count]));
    writing->end += packs[writing->pack_count++].size;
    pack_part_release(&writing->pack);
    writing->has_pack = false;
    return NULL;
}

static dits_error *write_chunk(enum chunk_kind kind, const struct dits_oid *id,
                               void *payload)
{
    struct writing *writing = payload;
    struct frame frame = {0};
    const void *stored = NULL;
    TRY(context_check(writing->repo->context));
    TRY(sending_read(writing->repo, kind, id, &writing->bytes, &frame,
                     &stored));
    if (writing->has_pack &&
        !pack_part_has_room(&writing->pack, frame_span(&frame)))
        TRY(finish_pack(writing));
    if (!writing->has_pack)
        TRY(pack_part_begin(&writing->pack, writing->file, writing->end));
    writing->has_pack = true;
    TRY(pack_part_add(&writing->pack, &frame, stored));
    writing->result.chunks++;
    progress_add(&writing->progress, frame.plain_size, 0, NULL);
    return NULL;
}

/* The list comes first in the file, so this goes over all of it before. */
static dits_error *list_gone(struct writing *writing)
{
    TRY(sending_list_gone(writing->repo, &writing->list, &writing->gone));
    writing->result.obliterated = bundle_list_gone(&writing->list);
    return NULL;
}

static dits_error *write_chunks(struct writing *writing)
{
    TRY(sending_each(writing->repo, &writing->list, &writing->gone, write_chunk,
                     writing));
    return finish_pack(writing);
}

static dits_error *write_end(struct writing *writing)
{
    CLEANUP(buf_release) struct buf table = {0};
    struct bundle_trailer trailer = {
        .pack_count = (uint32_t)writing->pack_count};
    void *at = NULL;
    TRY(bundle_table_encode(writing->packs, writing->pack_count, &table));
    bundle_hash(buf_slice(&writing->head), buf_slice(&table), &trailer.hash);
    TRY(buf_extend(&table, BUNDLE_TRAILER_SIZE, &at));
    bundle_trailer_encode(&trailer, at);
    TRY(fs_write_at(writing->file, writing->end, table.data, table.size));
    writing->result.bytes = writing->end + table.size;
    return NULL;
}

static dits_error *write_all(struct writing *writing,
                             const struct dits_bundle_options *options)
{
    struct dits_bundle_result *result = &writing->result;
    TRY(bundle_pick(writing->repo, options, &writing->list, &result->commits));
    result->refs = writing->list.ref_count;
    result->prerequisites = writing->list.need_count;
    result->cuts = writing->list.cuts.count;
    TRY(list_gone(writing));
    TRY(write_head(writing));
    progress_begin(&writing->progress, writing->repo->context, "exporting", 0,
                   0);
    TRY(write_chunks(writing));
    return write_end(writing);
}

dits_error *dits_bundle_export(dits_repo *repo, const char *path,
                               const struct dits_bundle_options *options,
                               struct dits_bundle_result *out)
{
    static const struct dits_bundle_options defaults = {0};
    CLEANUP(new_file_release) struct new_file file = {0};
    CLEANUP(writing_release)
    struct writing writing = {.repo = repo, .file = &file.file.file};
    TRY(new_file_begin(path, &file));
    TRY(write_all(&writing, options != NULL ? options : &defaults));
    TRY_CONTEXT(new_file_publish(&file), "cannot write '%s'", path);
    if (out != NULL)
        *out = writing.result;
    return NULL;
}
