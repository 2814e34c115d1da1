/*
 * media/mpegts/ts_section.h - sections put together from packets
 *
 * Tables of a transport stream come in sections (ISO/IEC 13818-1, 2.4.4), which
 * packets carry in pieces, several in one packet or one in several.
 */
#ifndef MEDIA_MPEGTS_TS_SECTION_H
#define MEDIA_MPEGTS_TS_SECTION_H

#include <stdbool.h>

#include "base/buf.h"

/* The header that gives the length, and the longest section with it. */
enum { TS_SECTION_HEADER = 3, TS_SECTION_MAX = 4098 };

/* The section that a PID is in the middle of. Zero is none. */
struct ts_section {
    struct buf bytes;
    bool is_open;
};

void ts_section_release(struct ts_section *section);

/*
 * What is left of the payload after the pointer field, in two parts: the end of
 * an older section, and where a new one starts (empty where none does).
 */
void ts_section_split(struct slice payload, bool is_start,
                      struct slice *out_older, struct slice *out_newer);

/* Drop what was collected, and begin with what comes next. */
void ts_section_begin(struct ts_section *section);

/*
 * Take from the front of `payload` what belongs to the open section. When that
 * completes it, `*out_whole` is the section, borrowed until the next call;
 * another may follow. Stuffing ends the payload.
 */
MUST_USE dits_error *ts_section_feed(struct ts_section *section,
                                     struct slice *payload,
                                     struct slice *out_whole);

/* How long a section is, by its first TS_SECTION_HEADER bytes. */
size_t ts_section_size(const uint8_t *header);

/* Whether the checksum at the end is right (annex A). */
bool ts_section_is_intact(struct slice section);

#endif
