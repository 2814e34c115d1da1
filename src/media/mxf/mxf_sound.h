/*
 * media/mxf/mxf_sound.h - descriptors of sound
 */
#ifndef MEDIA_MXF_MXF_SOUND_H
#define MEDIA_MXF_MXF_SOUND_H

#include "media/mxf/mxf_state.h"

MUST_USE dits_error *mxf_sound_describe(struct mxf_sets *sets,
                                        const struct mxf_set *descriptor,
                                        struct media_track *track,
                                        struct mxf_essence *essence);

#endif
