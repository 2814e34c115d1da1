/*
 * media/codec/scan.h - coded pictures in bytes that nothing describes
 *
 * Media data of a movie whose index is lost: NAL units behind lengths of four
 * bytes, between sound and other things. And byte streams with start codes.
 */
#ifndef MEDIA_CODEC_SCAN_H
#define MEDIA_CODEC_SCAN_H

#include "media/codec/codec.h"

struct scan_range {
    uint64_t offset, size; /* in the source */
    uint64_t budget;       /* bytes to look at */
};

struct scan_picture {
    uint64_t
        offset; /* of the first unit of the picture, with what precedes it */
    enum media_sync sync;
    enum codec_sync_class kind;
};
typedef dits_error *scan_fn(const struct scan_picture *picture, void *payload);

/*
 * Each picture that is found, in order; none if the bytes are no AVC or
 * HEVC. A chain of units is believed from the eighth on. Errors: of the
 * source and of `fn`, NOMEM.
 */
MUST_USE dits_error *scan_bytes(struct source *source, struct scan_range range,
                                scan_fn *fn, void *payload,
                                bool *out_is_complete);

#endif
