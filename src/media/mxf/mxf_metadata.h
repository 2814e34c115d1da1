/*
 * media/mxf/mxf_metadata.h - packages and their tracks
 *
 * SMPTE ST 377-1, annex B: the material package is what is played, the file
 * packages describe the essence in this file: their tracks are ours.
 */
#ifndef MEDIA_MXF_MXF_METADATA_H
#define MEDIA_MXF_MXF_METADATA_H

#include "media/mxf/mxf_state.h"

/* Adds tracks and facts to `file`. Errors: NOMEM. */
MUST_USE dits_error *mxf_metadata_apply(struct media_file *file,
                                        struct mxf_sets *sets);

#endif
