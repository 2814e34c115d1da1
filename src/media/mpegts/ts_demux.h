/*
 * media/mpegts/ts_demux.h - elementary streams out of packets
 *
 * Walks packets in file order and gives the pieces of stream data in them,
 * without the headers of packets and of PES. What cannot be assigned to a
 * stream (before its first start, behind its stated length) is no piece.
 */
#ifndef MEDIA_MPEGTS_TS_DEMUX_H
#define MEDIA_MPEGTS_TS_DEMUX_H

#include "media/mpegts/pes.h"
#include "media/mpegts/ts_section.h"
#include "media/mpegts/ts_state.h"

/*
 * A PES packet or a section. Times are as in the file: 33 bits. Sections have
 * the time of the clock when they came.
 */
struct ts_unit {
    uint64_t offset; /* of the packet that it starts in */
    uint8_t stream_id;
    bool is_random_access;
    bool is_scrambled;
    bool has_pts;
    uint64_t pts;
    uint64_t dts;
};

struct ts_piece {
    uint64_t offset;
    struct slice bytes; /* borrowed until the next call; never empty */
    uint32_t track;
    bool starts;         /* with the first byte of `unit` */
    struct ts_unit unit; /* that it belongs to */
};

/* What is read of one stream. */
struct ts_stream {
    enum {
        TS_STREAM_LOST = 0, /* until a unit starts */
        TS_STREAM_HEADER,
        TS_STREAM_BODY,
    } state;
    struct ts_unit unit;
    bool starts;   /* nothing of the unit's data came yet */
    uint64_t left; /* of the body; UINT64_MAX unknown */
    size_t header_size;
    uint8_t header[PES_HEADER_MAX];
};

/* The fields are for ts_demux.c. */
struct ts_demux {
    struct ts_reader reader;
    const struct ts_state *state; /* borrowed */
    size_t count;
    struct ts_stream *streams;
    uint64_t *clocks; /* the last PCR of each PID; 0 unknown */
    struct ts_packet packet;
    uint32_t track; /* of the packet */
    struct slice rest;
    struct slice newer; /* of sections: what comes after `rest` */
};

/* For all tracks of `file`, with the packets in [from, end). */
MUST_USE dits_error *ts_demux_init(struct ts_demux *demux,
                                   const struct media_file *file, uint64_t from,
                                   uint64_t end);
void ts_demux_release(struct ts_demux *demux);

MUST_USE dits_error *ts_demux_next(struct ts_demux *demux, struct ts_piece *out,
                                   bool *out_found);

#endif
