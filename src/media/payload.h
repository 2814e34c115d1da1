/*
 * media/payload.h - the bytes of samples
 */
#ifndef MEDIA_PAYLOAD_H
#define MEDIA_PAYLOAD_H

#include "media/media.h"

/*
 * The first `max` bytes of `sample` of a track into `out`, which is cleared
 * first: as the codec made them, whatever the container did to them. None where
 * they are past the end of the file, or cannot be unpacked. Errors: the
 * source's, NOMEM.
 */
MUST_USE dits_error *payload_load(const struct media_file *file, uint32_t track,
                                  const struct media_sample *sample, size_t max,
                                  struct buf *out);

/* The track as of such bytes: a copy that borrows all that it points to. */
struct media_track payload_track(const struct media_file *file, uint32_t track);

/* A walk that its owner ends: for CLEANUP(). */
struct payload_walk {
    const struct media_format *format;
    struct media_walk *walk;
};

MUST_USE dits_error *payload_walk_open(struct media_file *file, uint32_t track,
                                       struct payload_walk *out);
MUST_USE dits_error *payload_walk_next(struct payload_walk *walk,
                                       struct media_sample *out,
                                       bool *out_found);
void payload_walk_close(struct payload_walk *walk);

#endif
