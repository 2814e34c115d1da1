/*
 * media/isobmff/sound.h - how many bytes a frame of old sound has
 *
 * 'stsz' of QuickTime sound counts frames and may give them a size of 1; the
 * sample description has the truth (QuickTime File Format, sound sample
 * descriptions, versions 0, 1 and 2).
 */
#ifndef MEDIA_ISOBMFF_SOUND_H
#define MEDIA_ISOBMFF_SOUND_H

#include "media/isobmff/sample_table.h"

/* Of a described track and the whole sample entry; empty: not known. */
struct packing sound_packing(const struct media_track *track,
                             uint8_t stsd_version, struct slice entry);

#endif
