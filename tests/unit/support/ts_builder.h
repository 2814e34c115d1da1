/*
 * tests/unit/support/ts_builder.h - small transport streams
 */
#ifndef SUPPORT_TS_BUILDER_H
#define SUPPORT_TS_BUILDER_H

#include <stdbool.h>

#include "base/buf.h"

enum { TS_TEST_VIDEO = 0x100, TS_TEST_AUDIO = 0x101, TS_TEST_CUES = 0x102 };

struct ts_test_packet {
    uint16_t pid;
    uint8_t counter;
    bool is_start;
    bool is_random_access;
    bool is_scrambled;
    uint64_t pcr; /* of 90 kHz; 0: none */
};

/* As much of `payload` as fits, which is taken from its front. */
MUST_USE dits_error *ts_put_packet(struct buf *out,
                                   const struct ts_test_packet *packet,
                                   struct slice *payload);

/* All of a section, with its checksum, in packets of its own. */
MUST_USE dits_error *ts_put_section(struct buf *out, uint16_t pid,
                                    struct slice section);

/* A PES packet; `dts` 0: there is only the PTS; `length` 0: unbounded. */
struct ts_test_pes {
    uint8_t stream_id;
    uint64_t pts;
    uint64_t dts;
    bool is_bounded;
    bool is_random_access;
};
MUST_USE dits_error *ts_put_pes(struct buf *out, uint16_t pid,
                                const struct ts_test_pes *pes,
                                struct slice payload);

/*
 * A program with H.264, AAC and SCTE 35: tables, then three access units of
 * 300 bytes, three of sound of 100 bytes, one cue. In packets of 188 bytes.
 */
MUST_USE dits_error *ts_build(struct buf *out);

/* The same packets with `lead` bytes before and `trail` behind each. */
MUST_USE dits_error *ts_spread(struct slice packets, size_t lead, size_t trail,
                               struct buf *out);

#endif
