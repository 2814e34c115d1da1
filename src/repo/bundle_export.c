#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/new_file.h"
#include "base/progress.h"
#include "object/commit.h"
#include "repo/bundle.h"
#include "repo/reach.h"

/* A bundle on its way. */
struct writing {
    dits_repo *repo;
    const struct fs_file *file; /* borrowed */
    struct bundle_list list;
    struct id_set carried; /* assets, when some were obliterated */
    struct id_set gone;    /* chunks that were obliterated */
    struct buf head;       /* header and list, as they are in the file */
    uint64_t end;          /* of what was written but the pack at hand */
    struct pack_part *packs;
    size_t pack_count;
    size_t pack_capacity;
    struct pack_part_writer pack;
    bool has_pack;
    struct buf plain;
    struct buf packed;
    struct progress progress;
    struct dits_bundle_result result;
};

static void writing_release(struct writing *writing)
{
    progress_end(&writing->progress);
    bundle_list_release(&writing->list);
    id_set_release(&writing->carried);
    id_set_release(&writing->gone);
    buf_release(&writing->head);
    mem_free(writing->packs);
    pack_part_release(&writing->pack);
    buf_release(&writing->plain);
    buf_release(&writing->packed);
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

/* Chunks that the store has compressed are so in the bundle, too. */
static dits_error *read_chunk(struct writing *writing, enum chunk_kind kind,
                              const struct dits_oid *id, struct frame *out)
{
    struct store *store = writing->repo->store;
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_read(store, kind, id, &writing->plain));
    TRY(store_find(store, id, &found, &place));
    *out = (struct frame){.id = *id,
                          .kind = (uint8_t)kind,
                          .plain_size = (uint32_t)writing->plain.size,
                          .stored_size = (uint32_t)writing->plain.size};
    buf_clear(&writing->packed);
    if (!found || place.stored_size == place.size)
        return NULL;
    return frame_compress(out, writing->plain.data, &writing->packed);
}

static dits_error *write_chunk(enum chunk_kind kind, const struct dits_oid *id,
                               void *payload)
{
    struct writing *writing = payload;
    struct frame frame = {0};
    TRY(context_check(writing->repo->context));
    if (kind == CHUNK_DATA && id_set_has(&writing->gone, id))
        return NULL;
    TRY(read_chunk(writing, kind, id, &frame));
    if (writing->has_pack &&
        !pack_part_has_room(&writing->pack, frame_span(&frame)))
        TRY(finish_pack(writing));
    if (!writing->has_pack)
        TRY(pack_part_begin(&writing->pack, writing->file, writing->end));
    writing->has_pack = true;
    TRY(pack_part_add(&writing->pack, &frame,
                      frame.codec == FRAME_PLAIN ? writing->plain.data
                                                 : writing->packed.data));
    writing->result.chunks++;
    progress_add(&writing->progress, frame.plain_size, 0, NULL);
    return NULL;
}

/* What the receiver has is met first, and so not met again. */
static dits_error *leave_out(struct writing *writing, struct reach *reach)
{
    for (size_t i = 0; i < writing->list.need_count; i++) {
        CLEANUP(commit_release) struct commit commit = {0};
        const struct dits_oid *id = &writing->list.needs[i].id;
        TRY(commit_load(writing->repo->store, id, &commit));
        TRY(id_set_add(&reach->seen, id, NULL));
        TRY(reach_mark_from(reach, CHUNK_TREE, &commit.tree));
    }
    return NULL;
}

typedef dits_error *chunk_fn(enum chunk_kind kind, const struct dits_oid *id,
                             void *payload);

static dits_error *each_chunk(struct writing *writing, chunk_fn *fn)
{
    CLEANUP(reach_release)
    struct reach reach = {.repo = writing->repo,
                          .boundary = &writing->list.cuts,
                          .payload = writing};
    TRY(leave_out(writing, &reach));
    reach.on_new = fn;
    for (size_t i = 0; i < writing->list.ref_count; i++) {
        const struct bundle_ref *ref = &writing->list.refs[i];
        TRY(reach_mark_from(&reach, ref->kind, &ref->id));
    }
    return NULL;
}

static dits_error *note_asset(enum chunk_kind kind, const struct dits_oid *id,
                              void *payload)
{
    struct writing *writing = payload;
    return kind == CHUNK_ASSET ? id_set_add(&writing->carried, id, NULL) : NULL;
}

/* The list comes first in the file, so this goes over all of it before. */
static dits_error *list_gone(struct writing *writing)
{
    CLEANUP(id_set_release) struct id_set unreadable = {0};
    TRY(obliteration_unreadable(writing->repo, &unreadable));
    if (unreadable.count == 0)
        return NULL;
    TRY(each_chunk(writing, note_asset));
    const struct bundle_carried carried = {&writing->carried, &unreadable};
    TRY(bundle_gone_list(writing->repo, &carried, &writing->list,
                         &writing->gone));
    writing->result.obliterated = bundle_list_gone(&writing->list);
    return NULL;
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
    TRY(each_chunk(writing, write_chunk));
    TRY(finish_pack(writing));
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
