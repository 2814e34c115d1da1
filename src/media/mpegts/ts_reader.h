/*
 * media/mpegts/ts_reader.h - the packets of a transport stream
 *
 * ISO/IEC 13818-1, 2.4.3: packets of 188 bytes, each starting with 0x47. BDAV
 * files put 4 bytes of arrival time before each (192), some broadcasts 16 of
 * error correction behind it (204). What lies between packets and belongs to
 * none is stepped over.
 */
#ifndef MEDIA_MPEGTS_TS_READER_H
#define MEDIA_MPEGTS_TS_READER_H

#include <stdbool.h>

#include "media/window.h"

enum {
    TS_PACKET_BYTES = 188,
    TS_PIDS = 8192,
    TS_PID_NULL = 0x1fff,
};

/* Where packets lie: `first` + n * `stride`, each behind `lead` bytes. */
struct ts_grid {
    uint64_t first;
    uint32_t stride; /* 188, 192 or 204; 0: none was found */
    uint32_t lead;
};

/* By the start of the file; enough are 4096 bytes. */
struct ts_grid ts_grid_find(struct slice head);

struct ts_packet {
    uint64_t offset; /* in the file, with what leads it */
    uint16_t pid;
    uint8_t counter;
    bool is_start; /* payload_unit_start_indicator */
    bool is_scrambled;
    bool has_error; /* as the receiver said */
    bool is_discontinuous;
    bool is_random_access;
    bool has_pcr;
    uint64_t pcr; /* ticks of 27 MHz */
    uint64_t payload_offset;
    struct slice payload; /* borrowed until the next packet; may be empty */
};

/* The fields are for ts_reader.c, but `offset` may be set: see below. */
struct ts_reader {
    struct window window;
    struct ts_grid grid;
    uint64_t offset; /* where the next packet is expected */
    uint64_t end;    /* nothing starts here or later */
    uint64_t lost;   /* bytes that were stepped over */
};

void ts_reader_init(struct ts_reader *reader, struct source *source,
                    struct ts_grid grid);
void ts_reader_release(struct ts_reader *reader);

/* Go on with the packets that start in [from, end). */
void ts_reader_seek(struct ts_reader *reader, uint64_t from, uint64_t end);

MUST_USE dits_error *ts_reader_next(struct ts_reader *reader,
                                    struct ts_packet *out, bool *out_found);

#endif
