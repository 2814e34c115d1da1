/*
 * media/isobmff/describe.h - what the boxes of metadata say
 *
 * Everything but sample entries (entry.h) and tables.
 */
#ifndef MEDIA_ISOBMFF_DESCRIBE_H
#define MEDIA_ISOBMFF_DESCRIBE_H

#include "media/media.h"

/*
 * Add the facts of one box to `track`, or to `file` where it is NULL. `payload`
 * is what follows the header; of 'uuid' it begins with the extended type.
 * Types that are not known are passed over. Errors: NOMEM.
 */
MUST_USE dits_error *isobmff_describe_box(struct media_file *file,
                                          struct media_track *track,
                                          uint32_t type, struct slice payload);

#endif
