/*
 * media/matroska/lacing.h - the header of a block, and the frames in it
 */
#ifndef MEDIA_MATROSKA_LACING_H
#define MEDIA_MATROSKA_LACING_H

#include <stdbool.h>

#include "base/buf.h"

/* A lace counts its frames in one byte. */
#define LACE_MAX_FRAMES 256u

struct lace {
    uint64_t track;                  /* number */
    int16_t time;                    /* relative to the cluster */
    bool is_key;                     /* of a SimpleBlock */
    bool is_discardable;             /* of a SimpleBlock */
    uint64_t header;                 /* bytes before the first frame */
    unsigned count;                  /* at least 1 */
    uint64_t sizes[LACE_MAX_FRAMES]; /* add up to all that follows */
};

/* How much of a block lace_parse() wants to see. */
size_t lace_wants(struct slice head, uint64_t size);

/*
 * `head` is the start of a block of `size` bytes. False when its parts do not
 * add up (RFC 9559, 10.1 to 10.3).
 */
bool lace_parse(struct slice head, uint64_t size, struct lace *out);

#endif
