/*
 * media/split.h - taking samples apart, so that containers share bytes
 *
 * The same coded frames lie in files with different wrapping: NAL units behind
 * lengths or start codes, with parameter sets or without, ProRes with a
 * retagged frame header, AAC with ADTS headers. A splitter is fed the bytes of
 * a track and says of each stretch what it is. The essence of a frame is the
 * same bytes whatever container it came from.
 *
 *     splitter_init(&splitter, track);
 *     for each span:
 *         if it begins a sample: splitter_begin_sample(&splitter, is_sync);
 *         while (bytes.size > 0)
 *             taken = splitter_push(&splitter, bytes, pieces, max, &count);
 *     count = splitter_finish(&splitter, pieces);
 *
 * Nothing is lost or reordered: the pieces, one behind the other, are the bytes
 * that were pushed. What they are does not depend on how the bytes were divided
 * between calls. A few bytes at the end of a call may be held back, at most
 * SPLIT_HELD_MAX: their piece comes with a later call. No allocation; no
 * errors: where the bytes are not what the track promised, they are essence as
 * they are, up to the next sample (or start code).
 */
#ifndef MEDIA_SPLIT_H
#define MEDIA_SPLIT_H

#include "media/codec/nal.h"
#include "media/media.h"

enum split_part {
    SPLIT_ESSENCE = 0, /* coded pictures and sound */
    SPLIT_HEADERS,     /* parameter sets, delimiters, frame headers */
    SPLIT_FRAMING,     /* lengths, start codes, zeros around them */
};

struct split_piece {
    uint64_t size; /* at least 1 */
    enum split_part part;
    bool unit_start; /* the first essence of a sample */
    bool is_sync;    /* with unit_start: that sample is sync */
};

enum {
    SPLIT_HELD_MAX = 3,
    SPLIT_PIECES_MIN = 8,  /* room that a call needs to make progress */
    SPLIT_PIECES_LAST = 2, /* what splitter_finish() may give */
};

/* The fields are for the splitter alone. Zero is one for opaque samples. */
struct splitter {
    enum media_framing framing;
    enum nal_codec codec;
    unsigned length_size; /* of a NAL length */
    enum split_part part; /* of the unit that is being read */
    unsigned state;       /* of the framing's own machine */
    uint64_t left;        /* bytes of the unit still to come */
    uint64_t number;      /* being put together from bytes */
    unsigned have;        /* how many bytes of it there are */
    unsigned held;        /* bytes pushed whose piece is not yet known */
    unsigned owed;        /* bytes whose piece is known and not yet given */
    enum split_part owed_part;
    bool at_unit; /* the next essence is the first of a sample */
    bool is_sync;
};

void splitter_init(struct splitter *splitter, const struct media_track *track);

/* What is pushed next begins a sample. */
void splitter_begin_sample(struct splitter *splitter, bool is_sync);

/*
 * Take bytes; returns how many, which is all of them unless `out` ran full:
 * then push the rest. Neighbours of one part come as one piece. `max` is at
 * least SPLIT_PIECES_MIN.
 */
size_t splitter_push(struct splitter *splitter, struct slice bytes,
                     struct split_piece *out, size_t max, size_t *out_count);

/* The pieces of what is still held back: at most SPLIT_PIECES_LAST. */
size_t splitter_finish(struct splitter *splitter, struct split_piece *out);

#endif
