/*
 * media/riff/sound.h - files that are one stretch of sound: WAV, AIFF
 *
 * One track and one span; samples are as many whole blocks as fit in 4 KiB.
 */
#ifndef MEDIA_RIFF_SOUND_H
#define MEDIA_RIFF_SOUND_H

#include "media/media.h"
#include "media/riff/chunks.h"

struct sound {
    struct window window; /* for headers */
    enum chunk_style style;
    uint64_t offset; /* of the sound; nothing where `size` is 0 */
    uint64_t size;
    uint32_t block;        /* bytes that belong together; 0: one */
    uint32_t block_frames; /* ticks of a block */
};

struct sound *sound_of(const struct media_file *file);

/* The state, zeroed. */
MUST_USE dits_error *sound_begin(struct media_file *file,
                                 enum chunk_style style);

/* Counts and times of the one track, once extent and block are known. */
void sound_measure(struct media_file *file);

/* For the row of the format. */
void sound_close(struct media_file *file);
MUST_USE dits_error *sound_spans(struct media_file *file,
                                 struct media_walk **out);
MUST_USE dits_error *sound_next_span(struct media_walk *walk,
                                     struct media_span *out, bool *out_found);
MUST_USE dits_error *sound_samples(struct media_file *file, uint32_t track,
                                   struct media_walk **out);
MUST_USE dits_error *sound_next_sample(struct media_walk *walk,
                                       struct media_sample *out,
                                       bool *out_found);
void sound_end_walk(struct media_walk *walk);

#endif
