#include "store/verify_pack.h"

#include "base/mem.h"
#include "store/pack_scan.h"

/* One walk over a pack. */
struct walk {
    const struct pack_check *check;
    struct pack_use use;
    uint64_t size;
    uint64_t frames_end; /* by the trailer; the file's size without one */
    uint64_t chunks;
    bool index_usable;
    struct pack_index footer;
    struct buf plain;
};

static void walk_release(struct walk *walk)
{
    pack_use_end(&walk->use);
    pack_index_release(&walk->footer);
    buf_release(&walk->plain);
}

static void tell(const struct walk *walk, const struct store_damage *damage)
{
    struct store_damage full = *damage;
    full.pack = walk->check->pack->name;
    walk->check->on_damage(&full, walk->check->payload);
}

static void tell_frame(const struct walk *walk, enum store_damage_kind what,
                       const struct frame *frame, const char *reason)
{
    struct store_damage damage = {
        .what = what,
        .offset = frame->offset,
        .size = frame_span(frame),
        .kind = (enum chunk_kind)frame->kind,
        .id = frame->id,
        .reason = reason,
    };
    tell(walk, &damage);
}

/* Damage is told and forgotten; anything else is passed on. */
static dits_error *tell_error(const struct walk *walk,
                              enum store_damage_kind what, uint64_t offset,
                              uint64_t size, dits_error *err)
{
    if (err == NULL || !(dits_error_has(err, DITS_E_CORRUPT) ||
                         dits_error_has(err, DITS_E_UNSUPPORTED)))
        return err;
    struct store_damage damage = {.what = what,
                                  .offset = offset,
                                  .size = size,
                                  .reason = dits_error_message(err)};
    tell(walk, &damage);
    dits_error_free(err); /* told */
    return NULL;
}

/* The index at the end of the pack. */
static dits_error *check_footer(struct walk *walk, struct buf *bytes)
{
    uint8_t end[PACK_TRAILER_SIZE];
    struct pack_trailer trailer = {0};
    void *at = NULL;
    if (walk->size < PACK_HEADER_SIZE + PACK_TRAILER_SIZE)
        return error_new(DITS_E_CORRUPT, "the pack is cut off");
    TRY(fs_read_at(&walk->use.file, walk->size - sizeof(end), sizeof(end),
                   end));
    TRY(pack_trailer_decode(end, walk->size, &trailer));
    walk->frames_end = trailer.frames_end;
    if (trailer.index_size > PACK_INDEX_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "an index of a strange size");
    TRY(buf_extend(bytes, (size_t)trailer.index_size, &at));
    TRY(fs_read_at(&walk->use.file, trailer.frames_end, bytes->size, at));
    TRY(pack_index_verify(bytes->data, bytes->size));
    return pack_index_parse(bytes->data, bytes->size, &walk->footer);
}

/* The index file: absent, or the same bytes as in the pack. */
static dits_error *check_index_file(const struct walk *walk,
                                    const struct buf *footer)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    dits_error *err = fs_read_all(walk->check->pack->index_path,
                                  PACK_INDEX_MAX_BYTES, &bytes);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* small packs have none */
        return NULL;
    }
    TRY(err);
    if (walk->footer.count > 0 &&
        !slice_equal(buf_slice(&bytes), buf_slice(footer)))
        return error_new(DITS_E_CORRUPT,
                         "the index file differs from the pack's own index");
    return pack_index_verify(bytes.data, bytes.size);
}

static dits_error *check_start(const struct walk *walk)
{
    uint8_t header[PACK_HEADER_SIZE];
    TRY(fs_read_at(&walk->use.file, 0, sizeof(header), header));
    return pack_header_decode(header);
}

/* Whether the index leads to this very frame. */
static dits_error *check_known(const struct walk *walk,
                               const struct frame *frame)
{
    struct frame row = {0};
    bool found = false;
    if (walk->footer.count == 0)
        return NULL;
    TRY(pack_index_find(&walk->footer, &frame->id, &found, &row));
    if (!found || row.offset != frame->offset ||
        row.stored_size != frame->stored_size || row.kind != frame->kind ||
        row.codec != frame->codec)
        tell_frame(walk, STORE_DAMAGE_INDEX, frame,
                   "the index does not know this chunk");
    return NULL;
}

/* Whether its bytes are whole, told if not. */
static dits_error *check_bytes(struct walk *walk, const struct frame *frame,
                               bool *out_whole)
{
    void *at = NULL;
    *out_whole = true;
    if (!walk->check->read_all)
        return NULL;
    buf_clear(&walk->plain);
    TRY(buf_extend(&walk->plain, frame->plain_size, &at));
    CLEANUP(dits_error_freep)
    dits_error *err = frame_read(&walk->use.file, frame, at);
    if (err != NULL && !dits_error_has(err, DITS_E_CORRUPT))
        return MOVE(err);
    *out_whole = err == NULL;
    if (err != NULL)
        tell_frame(walk, STORE_DAMAGE_CHUNK, frame, dits_error_message(err));
    return NULL;
}

static dits_error *on_frame(const struct frame *frame, void *payload)
{
    struct walk *walk = payload;
    const struct pack_check *check = walk->check;
    bool whole = false;
    TRY(context_check(check->store->context));
    TRY(check_known(walk, frame));
    TRY(check_bytes(walk, frame, &whole));
    walk->chunks++;
    if (check->on_progress != NULL)
        check->on_progress(frame_span(frame), check->payload);
    if (whole && check->on_whole != NULL)
        return check->on_whole(frame, check->payload);
    return NULL;
}

static void on_gap(uint64_t offset, uint64_t size, void *payload)
{
    const struct walk *walk = payload;
    struct store_damage damage = {.what = STORE_DAMAGE_GAP,
                                  .offset = offset,
                                  .size = size,
                                  .reason = "bytes that are no chunk"};
    tell(walk, &damage);
}

dits_error *pack_check(const struct pack_check *check, uint64_t *out_chunks,
                       uint64_t *out_bytes)
{
    CLEANUP(walk_release) struct walk walk = {.check = check};
    CLEANUP(buf_release) struct buf footer = {0};
    struct fs_stat stat = {0};
    uint64_t frames_end = 0;
    TRY(pack_use(check->pack, &walk.use));
    TRY(fs_stat_file(&walk.use.file, &stat));
    walk.size = stat.size;
    walk.frames_end = stat.size;
    dits_error *err = check_start(&walk);
    if (dits_error_has(err, DITS_E_UNSUPPORTED))
        return err; /* a later version's: not ours to judge */
    TRY(tell_error(&walk, STORE_DAMAGE_PACK, 0, PACK_HEADER_SIZE, err));
    err = check_footer(&walk, &footer);
    TRY(tell_error(&walk, STORE_DAMAGE_PACK, walk.frames_end,
                   walk.size - walk.frames_end, err));
    TRY(tell_error(&walk, STORE_DAMAGE_INDEX, 0, 0,
                   check_index_file(&walk, &footer)));

    struct pack_scan scan = {
        .context = check->store->context,
        .file = &walk.use.file,
        .file_size = walk.frames_end,
        .on_frame = on_frame,
        .on_damage = on_gap,
        .payload = &walk,
    };
    TRY(pack_scan(&scan, &frames_end));
    if (walk.footer.count > 0 && walk.footer.count != walk.chunks)
        TRY(tell_error(
            &walk, STORE_DAMAGE_INDEX, 0, 0,
            error_new(DITS_E_CORRUPT, "the index and the pack differ")));
    *out_chunks += walk.chunks;
    *out_bytes += walk.size;
    return NULL;
}

dits_error *pack_check_lost(const struct pack_check *check, bool *out_lost)
{
    CLEANUP(frame_list_release) struct frame_list frames = {0};
    struct pack *pack = check->pack;
    struct walk walk = {.check = check};
    TRY(pack_set_relocate(&check->store->set, NULL));
    *out_lost = pack->tier != NULL &&
                pack_set_find(&check->store->set, pack->name) == pack;
    if (!*out_lost)
        return NULL;
    struct store_damage damage = {.what = STORE_DAMAGE_PACK,
                                  .reason = "its file is gone"};
    tell(&walk, &damage);
    dits_error *err = pack_frames(pack, &frames);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* its index, too: nothing more is known */
        return NULL;
    }
    TRY(err);
    for (uint32_t i = 0; i < frames.count; i++)
        tell_frame(&walk, STORE_DAMAGE_CHUNK, &frames.rows[i],
                   "the file of its pack is gone");
    return NULL;
}
