#include "media/payload.h"

dits_error *payload_load(const struct media_file *file,
                         const struct media_sample *sample, size_t max,
                         struct buf *out)
{
    uint64_t size = sample->size < max ? sample->size : max;
    void *bytes = NULL;
    buf_clear(out);
    if (sample->offset > file->source->size ||
        size > file->source->size - sample->offset || size == 0)
        return NULL;
    TRY(buf_extend(out, (size_t)size, &bytes));
    return file->source->read_at(file->source, sample->offset, (size_t)size,
                                 bytes);
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
