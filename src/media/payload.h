/*
 * media/payload.h - the bytes of samples
 */
#ifndef MEDIA_PAYLOAD_H
#define MEDIA_PAYLOAD_H

#include "media/media.h"

/*
 * The first `max` bytes of `sample` into `out`, which is cleared first: none
 * where they are past the end of the file. Errors: the source's, NOMEM.
 */
MUST_USE dits_error *payload_load(const struct media_file *file,
                                  const struct media_sample *sample, size_t max,
                                  struct buf *out);

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
