#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "store/pack_writer.h"
#include "store/store_internal.h"

enum { LOCK_PATIENCE_MS = 30000 };

struct store_writer {
    struct store *store;
    struct fs_file lock;
    struct pool_set processors; /* for threads of our own */
    pthread_mutex_t mutex;
    pthread_cond_t idle;
    /* guarded by mutex: */
    struct pack_writer *pack; /* NULL: nothing was put since the last commit */
    unsigned filling;         /* puts that are copying */
    bool sealing;
    bool failed; /* a frame was placed and not filled */
    bool rely;   /* known chunks were met since the last commit */
    struct store_writer_totals totals;
};

dits_error *store_writer_begin(struct store *store, struct store_writer **out)
{
    CLEANUP(store_writer_freep)
    struct store_writer *writer = mem_new(struct store_writer);
    if (writer == NULL)
        return error_nomem();
    (void)pthread_mutex_init(&writer->mutex, NULL);
    (void)pthread_cond_init(&writer->idle, NULL);
    writer->store = store;
    pool_here(&writer->processors);
    dits_error *err = fs_lock(store->lock_path, FS_LOCK_SHARED,
                              LOCK_PATIENCE_MS, &writer->lock);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_hint(error_wrap(err, "the store is being cleaned up"),
                          "Wait until 'dits gc' has ended and try again.");
    TRY(err);
    /* From here on no pack is removed: what is there now will be found. */
    TRY(pack_set_refresh(&store->set, false, NULL));
    *out = MOVE(writer);
    return NULL;
}

/* Wait until nobody copies into the pack. With the mutex held. */
static void wait_idle(struct store_writer *writer)
{
    while (writer->filling > 0)
        (void)pthread_cond_wait(&writer->idle, &writer->mutex);
}

/* Finish the pack, with the mutex held. */
static dits_error *seal(struct store_writer *writer)
{
    writer->sealing = true;
    wait_idle(writer);
    dits_error *err = NULL;
    if (writer->failed)
        err = error_new(DITS_E_IO, "a chunk could not be written before");
    if (err == NULL)
        err = pack_writer_commit(writer->pack);
    if (err == NULL) {
        pack_writer_free(writer->pack);
        writer->pack = NULL;
        atomic_store(&writer->store->grew, true);
        err = pack_set_refresh(&writer->store->set, true, NULL);
    } else {
        writer->failed = true;
    }
    writer->sealing = false;
    (void)pthread_cond_broadcast(&writer->idle);
    return err;
}

/* A pack in which the frame fits. With the mutex held. */
static dits_error *make_room(struct store_writer *writer,
                             const struct frame *frame)
{
    struct store *store = writer->store;
    if (writer->failed)
        return error_new(DITS_E_IO, "a chunk could not be written before");
    if (writer->pack != NULL &&
        !pack_writer_has_room(writer->pack, frame_span(frame)))
        TRY(seal(writer));
    if (writer->pack == NULL)
        TRY(pack_writer_begin(store->temporary, store->packs,
                              &writer->processors, &writer->pack));
    return NULL;
}

static void count_known(struct store_writer *writer, size_t size)
{
    writer->totals.known_chunks++;
    writer->totals.known_bytes += size;
    writer->rely = true;
}

/*
 * Give the frame a place, unless the same chunk was given one. On success with
 * `*out_known` false the caller must fill it and then call done().
 */
static dits_error *place(struct store_writer *writer, struct frame *frame,
                         struct pack_writer **out_pack, bool *out_known)
{
    POOL_LOCKED(&writer->mutex);
    while (writer->sealing)
        (void)pthread_cond_wait(&writer->idle, &writer->mutex);
    if (writer->pack != NULL &&
        pack_writer_find(writer->pack, &frame->id) != NULL) {
        count_known(writer, frame->plain_size);
        *out_known = true;
        return NULL;
    }
    TRY(make_room(writer, frame));
    TRY(pack_writer_place(writer->pack, frame));
    writer->filling++;
    writer->totals.chunks++;
    writer->totals.bytes += frame->plain_size;
    writer->totals.stored_bytes += frame_span(frame);
    *out_pack = writer->pack;
    *out_known = false;
    return NULL;
}

static void done(struct store_writer *writer, bool failed)
{
    POOL_LOCKED(&writer->mutex);
    writer->failed = writer->failed || failed;
    writer->filling--;
    if (writer->filling == 0)
        (void)pthread_cond_broadcast(&writer->idle);
}

/* Whether the chunk is stored already; counts it if so. */
static dits_error *is_known(struct store_writer *writer,
                            const struct frame *frame, bool *out)
{
    struct found_copy copy = {0};
    TRY(store_locate(writer->store, &frame->id, out, &copy));
    if (*out) {
        POOL_LOCKED(&writer->mutex);
        count_known(writer, frame->plain_size);
    }
    return NULL;
}

static dits_error *put_frame(struct store_writer *writer, struct frame *frame,
                             const void *stored)
{
    struct pack_writer *pack = NULL;
    bool known = false;
    TRY(place(writer, frame, &pack, &known));
    if (known)
        return NULL;
    dits_error *err = pack_writer_fill(pack, frame, stored);
    done(writer, err != NULL);
    return err;
}

static dits_error *begin_put(struct store_writer *writer, enum chunk_kind kind,
                             const struct dits_oid *id, size_t size,
                             struct frame *out, bool *out_known)
{
    if (size == 0 || size > CHUNK_MAX_BYTES)
        return error_new(DITS_E_INVALID, "a chunk of %zu bytes", size);
    *out = (struct frame){.id = *id,
                          .plain_size = (uint32_t)size,
                          .stored_size = (uint32_t)size,
                          .kind = (uint8_t)kind};
    return is_known(writer, out, out_known);
}

dits_error *store_writer_put_frame(struct store_writer *writer,
                                   const struct frame *frame,
                                   const void *stored)
{
    struct frame copy = *frame;
    bool known = false;
    TRY(is_known(writer, &copy, &known));
    return known ? NULL : put_frame(writer, &copy, stored);
}

dits_error *store_writer_put_raw(struct store_writer *writer,
                                 enum chunk_kind kind,
                                 const struct dits_oid *id, const void *data,
                                 size_t size)
{
    struct frame frame = {0};
    bool known = false;
    TRY(begin_put(writer, kind, id, size, &frame, &known));
    return known ? NULL : put_frame(writer, &frame, data);
}

dits_error *store_writer_put_as(struct store_writer *writer,
                                enum chunk_kind kind, const struct dits_oid *id,
                                const void *data, size_t size)
{
    CLEANUP(buf_release) struct buf packed = {0};
    struct frame frame = {0};
    bool known = false;
    TRY(begin_put(writer, kind, id, size, &frame, &known));
    if (known)
        return NULL;
    TRY(frame_compress(&frame, data, &packed));
    return put_frame(writer, &frame,
                     frame.codec == FRAME_PLAIN ? data : packed.data);
}

dits_error *store_writer_put(struct store_writer *writer, enum chunk_kind kind,
                             const void *data, size_t size,
                             struct dits_oid *out_id)
{
    if (size == 0 || size > CHUNK_MAX_BYTES)
        return error_new(DITS_E_INVALID, "a chunk of %zu bytes", size);
    chunk_id(kind, data, size, out_id);
    return store_writer_put_as(writer, kind, out_id, data, size);
}

dits_error *store_writer_find(struct store_writer *writer,
                              const struct dits_oid *id, bool *out_found)
{
    {
        POOL_LOCKED(&writer->mutex);
        *out_found = writer->pack != NULL &&
                     pack_writer_find(writer->pack, id) != NULL;
    }
    if (*out_found)
        return NULL;
    struct found_copy copy = {0};
    TRY(store_locate(writer->store, id, out_found, &copy));
    if (*out_found) {
        POOL_LOCKED(&writer->mutex);
        writer->rely = true;
    }
    return NULL;
}

/* A chunk of the pack that is being written. With the mutex held. */
static dits_error *read_pending(struct store_writer *writer,
                                enum chunk_kind kind, const struct frame *frame,
                                struct buf *out)
{
    void *at = NULL;
    if (frame->kind != kind)
        return error_new(DITS_E_CORRUPT, "a %s where a %s should be",
                         chunk_kind_name(frame->kind), chunk_kind_name(kind));
    buf_clear(out);
    TRY(buf_extend(out, frame->plain_size, &at));
    return pack_writer_read(writer->pack, frame, at);
}

dits_error *store_writer_read(struct store_writer *writer, enum chunk_kind kind,
                              const struct dits_oid *id, struct buf *out)
{
    {
        POOL_LOCKED(&writer->mutex);
        wait_idle(writer);
        const struct frame *frame =
            writer->pack == NULL ? NULL : pack_writer_find(writer->pack, id);
        if (frame != NULL)
            return read_pending(writer, kind, frame, out);
    }
    return store_read(writer->store, kind, id, out);
}

dits_error *store_writer_commit(struct store_writer *writer)
{
    POOL_LOCKED(&writer->mutex);
    bool rely = writer->rely;
    writer->rely = false;
    if (writer->pack != NULL)
        return seal(writer);
    /*
     * What we met may be in a pack that another process has just named and
     * not yet synced; our caller will publish on the strength of it.
     */
    return rely ? fs_sync_dir(writer->store->packs) : NULL;
}

struct store_writer_totals store_writer_totals(
    const struct store_writer *writer)
{
    return writer->totals;
}

void store_writer_free(struct store_writer *writer)
{
    if (writer == NULL)
        return;
    pack_writer_free(writer->pack);
    fs_close(&writer->lock);
    (void)pthread_cond_destroy(&writer->idle);
    (void)pthread_mutex_destroy(&writer->mutex);
    mem_free(writer);
}

void store_writer_freep(struct store_writer **writer)
{
    store_writer_free(*writer);
}
