/*
 * media/mpegts/ts_state.h - what is known of an opened transport stream
 */
#ifndef MEDIA_MPEGTS_TS_STATE_H
#define MEDIA_MPEGTS_TS_STATE_H

#include "media/media.h"
#include "media/mpegts/ts_reader.h"
#include "media/mpegts/ts_stream_type.h"

struct ts_program {
    uint16_t number;
    uint16_t map_pid;
    uint16_t clock_pid;
    uint32_t registration; /* its format identifier; 0 unknown */
    bool is_mapped;        /* its map was read */
    uint8_t version;       /* of that map */
    struct buf name;       /* UTF-8 */
    struct buf provider;
};

struct ts_state {
    struct ts_grid grid;
    uint16_t track_of[TS_PIDS]; /* index + 1; 0: none */
    uint8_t form_of[TS_PIDS];   /* enum ts_form */
    uint16_t clock_of[TS_PIDS]; /* PID of its program's clock */
    int64_t near; /* a time of the start: others are unwrapped to it */
    size_t program_count;
    struct ts_program *programs;
};

void ts_state_free(struct ts_state *state);

/* The track of `pid`, made if need be; NULL past the limit. */
MUST_USE dits_error *ts_state_add_track(struct media_file *file, uint16_t pid,
                                        enum ts_form form,
                                        struct media_track **out);

#endif
