#include "media/matroska/walk.h"

#include "base/mem.h"
#include "media/limits.h"
#include "media/matroska/blocks.h"

struct media_walk {
    struct blocks blocks;
    struct block block;
    unsigned frame;    /* the next of the block */
    uint64_t position; /* of that frame's bytes, from the first frame's */
    bool is_of_one;    /* track only */
    uint32_t track;
    uint64_t number;
};

static dits_error *begin(struct media_file *file, struct media_walk **out)
{
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->blocks = blocks_of(file);
    *out = walk;
    return NULL;
}

void matroska_end_walk(struct media_walk *walk)
{
    if (walk == NULL)
        return;
    blocks_release(&walk->blocks);
    mem_free(walk);
}

dits_error *matroska_spans(struct media_file *file, struct media_walk **out)
{
    return begin(file, out);
}

dits_error *matroska_samples(struct media_file *file, uint32_t track,
                             struct media_walk **out)
{
    TRY(begin(file, out));
    (*out)->is_of_one = true;
    (*out)->track = track;
    return NULL;
}

/* The next frame of the lace, or of the next block. */
static dits_error *next_frame(struct media_walk *walk, uint64_t *out_offset,
                              uint64_t *out_size, bool *out_found)
{
    *out_found = walk->frame < walk->block.lace.count;
    while (!*out_found) {
        TRY(blocks_next(&walk->blocks, &walk->block, out_found));
        if (!*out_found)
            return NULL;
        walk->frame = 0;
        walk->position = 0;
        if (walk->is_of_one && walk->block.track != walk->track)
            *out_found = false;
    }
    *out_size = walk->block.lace.sizes[walk->frame];
    *out_offset = walk->block.offset + walk->position;
    walk->position += *out_size;
    walk->frame++;
    return NULL;
}

static bool is_sync(const struct media_walk *walk)
{
    const struct media_file *file = walk->blocks.file;
    return walk->block.is_key || file->tracks[walk->block.track].intra_only;
}

dits_error *matroska_next_span(struct media_walk *walk, struct media_span *out,
                               bool *out_found)
{
    uint64_t offset = 0;
    uint64_t size = 0;
    do
        TRY(next_frame(walk, &offset, &size, out_found));
    while (*out_found && size == 0);
    if (!*out_found)
        return NULL;
    *out = (struct media_span){
        .offset = offset,
        .size = size,
        .track = walk->block.track,
        .flags = (uint8_t)(MEDIA_SPAN_SAMPLE |
                           (is_sync(walk) ? MEDIA_SPAN_SYNC : 0)),
    };
    return NULL;
}

/* Frames of a lace share its time evenly (RFC 9559, 10.3). */
static int64_t share(const struct block *block, unsigned frame)
{
    return block->duration < 0 ? 0
                               : block->duration / block->lace.count * frame +
                                     block->duration % block->lace.count *
                                         frame / block->lace.count;
}

dits_error *matroska_next_sample(struct media_walk *walk,
                                 struct media_sample *out, bool *out_found)
{
    const struct block *block = &walk->block;
    uint64_t offset = 0;
    uint64_t size = 0;
    int64_t time = 0;
    do
        TRY(next_frame(walk, &offset, &size, out_found));
    while (*out_found && size > UINT32_MAX);
    if (!*out_found)
        return NULL;
    unsigned frame = walk->frame - 1;
    if (__builtin_add_overflow(block->time, share(block, frame), &time))
        time = block->time;
    *out = (struct media_sample){
        .number = walk->number++,
        .offset = offset,
        .size = (uint32_t)size,
        .sync = is_sync(walk) ? MEDIA_SYNC_YES : MEDIA_SYNC_NO,
        .dts = time,
        .pts = time,
        .duration = block->duration < 0
                        ? -1
                        : share(block, frame + 1) - share(block, frame),
    };
    return NULL;
}

/* What the blocks of one track say together. */
static void measure(struct media_track *track, const struct block *block)
{
    int64_t end = block->time;
    bool is_first = track->sample_count == 0;
    if (block->duration > 0 &&
        __builtin_add_overflow(block->time, block->duration, &end))
        end = block->time;
    if (is_first || block->time < track->start)
        track->start = block->time;
    track->sample_count += block->lace.count;
    if (end > track->duration || is_first)
        track->duration = end; /* still the end: the start may come later */
}

dits_error *matroska_measure(struct media_file *file)
{
    CLEANUP(blocks_release) struct blocks blocks = blocks_of(file);
    struct block block = {0};
    unsigned count = 0;
    bool found = false;
    TRY(blocks_next(&blocks, &block, &found));
    while (found && count++ < LIMIT_OPEN_BLOCKS) {
        measure(&file->tracks[block.track], &block);
        TRY(blocks_next(&blocks, &block, &found));
    }
    for (size_t i = 0; i < file->track_count; i++) {
        struct media_track *track = &file->tracks[i];
        int64_t length = 0;
        bool is_known = !found && track->sample_count > 0;
        if (__builtin_sub_overflow(track->duration, track->start, &length))
            is_known = false;
        track->duration = is_known ? length : -1;
        track->sample_count = found ? 0 : track->sample_count;
    }
    return NULL;
}
