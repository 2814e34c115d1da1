/*
 * media/mpegts/pes.h - the header of a packetized elementary stream
 *
 * ISO/IEC 13818-1, 2.4.3.6, and the older form of ISO/IEC 11172-1, 2.4.3.3,
 * which program streams of MPEG-1 have.
 */
#ifndef MEDIA_MPEGTS_PES_H
#define MEDIA_MPEGTS_PES_H

#include <stdbool.h>

#include "base/buf.h"

/* No header is longer: 9 bytes and those that an 8-bit count gives. */
#define PES_HEADER_MAX 264u

/* 33 bits of a clock of 90 kHz. */
#define PES_TIME_BITS 33

struct pes_header {
    uint8_t stream_id;
    bool is_scrambled;
    bool has_pts;
    bool has_dts; /* else it is the same as the PTS */
    uint64_t pts;
    uint64_t dts;
    bool is_bounded;
    uint32_t payload_size; /* if bounded; without the header */
};

/*
 * How long the header at the start of `bytes` is, or, when more bytes than
 * there are would have to be seen to tell, how many at least; 0: it is none.
 */
size_t pes_header_size(struct slice bytes);

/* `bytes` are the whole header. */
struct pes_header pes_header_parse(struct slice bytes);

/* The time nearest to `near` of which `raw` are the low 33 bits. */
int64_t pes_time_unwrap(int64_t near, uint64_t raw);

#endif
