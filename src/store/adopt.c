#include "store/adopt.h"

#include "base/buf.h"
#include "store/pack_part.h"
#include "store/pack_scan.h"
#include "store/pending.h"
#include "store/store_internal.h"

/* Going over the frames of a file that may end anywhere. */
struct measuring {
    const struct fs_file *file;
    uint64_t checked;
    uint64_t end;   /* of the frames that are whole */
    bool is_broken; /* what follows does not count */
    struct buf bytes;
};

static void measuring_release(struct measuring *measuring)
{
    buf_release(&measuring->bytes);
}

static dits_error *check_frame(const struct frame *frame, void *payload)
{
    struct measuring *measuring = payload;
    void *at = NULL;
    if (measuring->is_broken || frame->offset != measuring->end) {
        measuring->is_broken = true;
        return NULL;
    }
    if (frame->offset >= measuring->checked) {
        buf_clear(&measuring->bytes);
        TRY(buf_extend(&measuring->bytes, frame->plain_size, &at));
        dits_error *err = frame_read(measuring->file, frame, at);
        measuring->is_broken = dits_error_has(err, DITS_E_CORRUPT);
        if (!measuring->is_broken)
            TRY(err);
        dits_error_free(err); /* it was not written to its end */
    }
    if (!measuring->is_broken)
        measuring->end += frame_span(frame);
    return NULL;
}

static dits_error *check_header(const struct fs_file *file)
{
    uint8_t header[PACK_HEADER_SIZE];
    TRY(fs_read_at(file, 0, sizeof(header), header));
    return pack_header_decode(header);
}

dits_error *adopt_measure(const dits_context *context,
                          const struct fs_file *file, uint64_t checked,
                          uint64_t *out_end)
{
    CLEANUP(measuring_release)
    struct measuring measuring = {
        .file = file, .checked = checked, .end = PACK_HEADER_SIZE};
    struct fs_stat stat = {0};
    uint64_t end = 0;
    TRY(check_header(file));
    TRY(fs_stat_file(file, &stat));
    const struct pack_scan scan = {.context = context,
                                   .file = file,
                                   .file_size = stat.size,
                                   .on_frame = check_frame,
                                   .payload = &measuring};
    TRY(pack_scan(&scan, &end));
    *out_end = measuring.end;
    return NULL;
}

/* --- the rest of it --- */

/* What is to become of a file. */
struct adoption {
    struct store *store;
    struct pack_part_writer writer;
    struct pending seen; /* no chunk may be there twice */
    uint64_t end;
};

static void adoption_release(struct adoption *adoption)
{
    pack_part_release(&adoption->writer);
    pending_release(&adoption->seen);
}

static dits_error *take_frame(const struct frame *frame, void *payload)
{
    struct adoption *adoption = payload;
    if (frame->offset != adoption->end)
        return error_new(DITS_E_CORRUPT, "a gap between chunks");
    if (pending_find(&adoption->seen, &frame->id) != NULL)
        return error_new(DITS_E_CORRUPT, "a chunk that is there twice");
    adoption->end += frame_span(frame);
    return pending_add(&adoption->seen, frame);
}

static dits_error *take_frames(struct adoption *adoption,
                               const struct fs_file *file, uint64_t size)
{
    uint64_t end = 0;
    const struct pack_scan scan = {.context = adoption->store->context,
                                   .file = file,
                                   .file_size = size,
                                   .on_frame = take_frame,
                                   .payload = adoption};
    adoption->end = PACK_HEADER_SIZE;
    TRY(check_header(file));
    TRY(pack_scan(&scan, &end));
    if (adoption->end != size || adoption->seen.frames.count == 0)
        return error_new(DITS_E_CORRUPT, "it does not end with a chunk");
    adoption->writer =
        (struct pack_part_writer){.file = file, .end = size, .written = size};
    adoption->writer.frames = MOVE(adoption->seen.frames);
    return NULL;
}

/* Durable, under its name, with an index of its own where that is worth it. */
static dits_error *place(const struct adoption *adoption, const char *from,
                         const struct fs_file *file,
                         const struct pack_part *part)
{
    CLEANUP(buf_release) struct buf path = {0};
    char hex[OID_HEX_SIZE];
    struct store *store = adoption->store;
    struct pack *pack = NULL;
    dits_oid_hex(&part->name, hex);
    TRY(buf_printf(&path, "%s/%s.pack", store->packs, hex));
    TRY(fs_sync(file));
    TRY(fs_rename(from, buf_text(&path)));
    TRY(fs_sync_dir(store->packs));
    atomic_store(&store->grew, true);
    TRY(pack_set_refresh(&store->set, true, NULL));
    pack = pack_set_find(&store->set, hex);
    if (pack != NULL && part->size - adoption->end > PACK_INLINE_INDEX_BYTES)
        return pack_keep_index(pack);
    return NULL;
}

dits_error *adopt_pack(struct store *store, const char *path,
                       const struct fs_file *file)
{
    CLEANUP(adoption_release) struct adoption adoption = {.store = store};
    struct fs_stat stat = {0};
    struct pack_part part = {0};
    TRY(fs_stat_file(file, &stat));
    TRY(take_frames(&adoption, file, stat.size));
    TRY(pack_part_finish(&adoption.writer, &part));
    return place(&adoption, path, file, &part);
}
