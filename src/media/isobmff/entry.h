/*
 * media/isobmff/entry.h - what a sample entry says of its track
 *
 * ISO/IEC 14496-12, 8.5.2 and 12, and QuickTime's sound and video sample
 * descriptions. Fills in the track's codec, layout and facts; what the codec's
 * own headers say is left to those who can read them, who find them in
 * `config`.
 */
#ifndef MEDIA_ISOBMFF_ENTRY_H
#define MEDIA_ISOBMFF_ENTRY_H

#include "media/media.h"

/*
 * Describe `track` by one entry, the whole box with its header. `handler` is
 * the track's ('vide', 'soun', …), `stsd_version` that of the box around the
 * entries. What is cut off or wrong becomes a problem. Errors: NOMEM.
 */
MUST_USE dits_error *isobmff_describe_entry(struct media_file *file,
                                            struct media_track *track,
                                            uint32_t handler,
                                            uint8_t stsd_version,
                                            struct slice entry);

#endif
