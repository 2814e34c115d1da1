/*
 * media/isobmff/presented.h - when tracks are shown, by their edit lists
 */
#ifndef MEDIA_ISOBMFF_PRESENTED_H
#define MEDIA_ISOBMFF_PRESENTED_H

#include "media/media.h"

/* Fill in start and duration of each track. ISO/IEC 14496-12, 8.6.5. */
MUST_USE dits_error *presented_find(struct media_file *file);

#endif
