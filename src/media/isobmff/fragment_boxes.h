/*
 * media/isobmff/fragment_boxes.h - the boxes of one movie fragment
 *
 * ISO/IEC 14496-12: 8.8.7 (tfhd), 8.8.8 (trun), 8.8.12 (tfdt). Parsed from
 * payloads in memory; a box that is too short has the fields that fit.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_BOXES_H
#define MEDIA_ISOBMFF_FRAGMENT_BOXES_H

#include "media/isobmff/children.h"

enum {
    TFHD_BASE = 0x1,
    TFHD_DESCRIPTION = 0x2,
    TFHD_DURATION = 0x8,
    TFHD_SIZE = 0x10,
    TFHD_FLAGS = 0x20,
    TFHD_IS_EMPTY = 0x10000, /* time without samples */
    TFHD_BASE_IS_MOOF = 0x20000,
    TRUN_OFFSET = 0x1,
    TRUN_FIRST_FLAGS = 0x4,
};

/* What holds for samples without values of their own. */
struct sample_defaults {
    uint32_t description; /* from 1 */
    uint32_t duration;
    uint32_t size;
    uint32_t flags;
};

/* tfhd. */
struct fragment_header {
    uint32_t track_id;
    uint32_t flags; /* without TFHD_BASE where that did not fit */
    uint64_t base;  /* with TFHD_BASE */
};

/*
 * False when it names no track. `defaults` are those of the track, and then
 * what the box says instead.
 */
bool fragment_header_parse(struct slice payload, struct fragment_header *out);
void fragment_header_defaults(struct slice payload,
                              struct sample_defaults *defaults);

/* The defaults of a track, from 'trex' (8.8.3), whose size was checked. */
enum { TREX_BYTES = 24 };
struct sample_defaults trex_parse(struct slice payload);

/* tfdt, or what follows the extended type in 'tfxd'. False when cut off. */
bool fragment_time_parse(struct slice payload, uint64_t *out);

/*
 * Whether boxes of a type mean nothing at another place: unused bytes, and
 * tables of where fragments are.
 */
bool fragment_box_is_local(uint32_t type);

/* Whether it is the 'uuid' box in which Smooth Streaming has that time. */
bool fragment_is_tfxd(const struct child *child);

/*
 * Whether the flags of a sample (8.8.3.1) say that decoding can start there: it
 * is a sync sample, and depends on no other.
 */
bool fragment_flags_are_sync(uint32_t flags);

/* trun. */
struct fragment_run {
    uint32_t flags;   /* 24 bits; above them the version */
    uint32_t claimed; /* samples */
    bool has_offset;
    int32_t data_offset; /* with TRUN_OFFSET */
    uint32_t first_flags;
    struct slice rows;
};

/* False when it is cut off. */
bool fragment_run_parse(struct slice payload, struct fragment_run *out);

#endif
