/*
 * media/isobmff/stbl.h - the samples of a track and what describes them
 *
 * ISO/IEC 14496-12, 8.5 to 8.7: 'stbl' with 'stsd', and 'dref'.
 */
#ifndef MEDIA_ISOBMFF_STBL_H
#define MEDIA_ISOBMFF_STBL_H

#include "media/isobmff/box.h"
#include "media/media.h"

/*
 * Take over the 'stbl' of track `index`. `dref` is the box of its data
 * references; of size 0: there is none.
 */
MUST_USE dits_error *stbl_parse(struct media_file *file, uint32_t index,
                                struct window *window, const struct box *stbl,
                                const struct box *dref);

#endif
