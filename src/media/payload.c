#include "media/payload.h"

#include "media/unpack.h"

static dits_error *load(const struct media_file *file,
                        const struct media_sample *sample, size_t max,
                        struct buf *out)
{
    uint64_t size = sample->size < max ? sample->size : max;
    void *bytes = NULL;
    if (sample->offset > file->source->size ||
        size > file->source->size - sample->offset || size == 0)
        return NULL;
    TRY(buf_extend(out, (size_t)size, &bytes));
    return file->source->read_at(file->source, sample->offset, (size_t)size,
                                 bytes);
}

/* Bytes that do not shrink are packed with a little more around them. */
static dits_error *load_zlib(const struct media_file *file,
                             const struct media_sample *sample, size_t max,
                             struct buf *out)
{
    CLEANUP(buf_release) struct buf packed = {0};
    bool ended = false;
    TRY(load(file, sample, max + max / 1024 + 64, &packed));
    dits_error *err = unpack_zlib(buf_slice(&packed), max, out, &ended);
    if (err == NULL || dits_error_code(err) != DITS_E_CORRUPT)
        return err;
    dits_error_free(err); /* damage: an answer, not a failure */
    buf_clear(out);
    return NULL;
}

dits_error *payload_load(const struct media_file *file, uint32_t track,
                         const struct media_sample *sample, size_t max,
                         struct buf *out)
{
    const struct media_packing *packing = &file->tracks[track].packing;
    struct slice front = buf_slice(&packing->front);
    buf_clear(out);
    if (packing->form == MEDIA_ZLIB)
        return load_zlib(file, sample, max, out);
    if (front.size > max)
        front = slice_of(front.data, max);
    if (front.size > 0)
        TRY(buf_put(out, front.data, front.size));
    return load(file, sample, max - front.size, out);
}

struct media_track payload_track(const struct media_file *file, uint32_t track)
{
    struct media_track seen = file->tracks[track];
    if (seen.packing.form != MEDIA_PLAIN) {
        seen.framing = seen.packing.framing;
        seen.nal_length_size = seen.packing.nal_length_size;
    }
    return seen;
}

dits_error *payload_walk_open(struct media_file *file, uint32_t track,
                              struct payload_walk *out)
{
    out->format = file->format;
    return file->format->samples(file, track, &out->walk);
}

dits_error *payload_walk_next(struct payload_walk *walk,
                              struct media_sample *out, bool *out_found)
{
    return walk->format->next_sample(walk->walk, out, out_found);
}

void payload_walk_close(struct payload_walk *walk)
{
    if (walk->walk != NULL)
        walk->format->end_walk(walk->walk);
    *walk = (struct payload_walk){0};
}
