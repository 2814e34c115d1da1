/*
 * media/mxf/mxf_picture.h - descriptors of pictures
 */
#ifndef MEDIA_MXF_MXF_PICTURE_H
#define MEDIA_MXF_MXF_PICTURE_H

#include "media/mxf/mxf_state.h"

MUST_USE dits_error *mxf_picture_describe(struct mxf_sets *sets,
                                          const struct mxf_set *descriptor,
                                          struct media_track *track);

#endif
