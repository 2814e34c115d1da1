/*
 * media/isobmff/fragment_patch.h - a fragment at another place and time
 *
 * What has to change in a 'moof' that is moved (ISO/IEC 14496-12):
 *
 * - mfhd.sequence_number (8.8.5), if fragments are numbered anew;
 * - tfhd.base_data_offset (8.8.7), which is an offset in the file;
 * - tfdt (8.8.12), by which the time is shifted; a 'traf' that has none gets
 *   one, because it counts the samples of all fragments before it;
 * - trun.data_offset (8.8.8) and the offsets of saio (8.7.9), which are
 *   counted from that base, or from the 'moof': only if the base or the size of
 *   the 'moof' changed;
 * - the times in 'tfxd' and 'tfrf' of Smooth Streaming.
 *
 * Everything else stays as it is, to the byte.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_PATCH_H
#define MEDIA_ISOBMFF_FRAGMENT_PATCH_H

#include "media/isobmff/fragment_index.h"

/* The size of the 'tfdt' that a 'traf' without one gets: version 1. */
enum { TFDT_BYTES = 20 };

struct moof_change {
    uint64_t from; /* where it is */
    uint64_t to;   /* where it is going to be */
    bool renumber;
    uint32_t number;
    const struct indexed_part *parts; /* of its 'traf's, in their order */
    uint32_t part_count;
    const int64_t *shifts; /* ticks to take off the times, by track */
};

/*
 * The box `moof` after the change, into `out`, which is cleared first. Errors:
 * CORRUPT (its parts are not those), LIMIT (a value no longer fits its field),
 * NOMEM.
 */
MUST_USE dits_error *moof_patch(const struct fragmented_movie *movie,
                                struct slice moof,
                                const struct moof_change *change,
                                struct buf *out);

/* How much of a lead box can change: its first bytes. */
enum { LEAD_HEAD = 64 };

/*
 * Shift the time in the first bytes of an 'emsg' of version 1 (ISO/IEC 23009-1,
 * 5.10.3.3) or of a 'prft' (8.16.5); other boxes have none. `origin` is what
 * becomes time zero, in ticks of `timescale`. An event that began before that
 * begins with it.
 */
void lead_patch(const struct fragmented_movie *movie, uint8_t *head,
                size_t size, const int64_t *shifts, int64_t origin,
                uint32_t timescale);

#endif
