/*
 * media/mxf/mxf_descriptor.h - essence descriptors as facts of a track
 *
 * SMPTE ST 377-1, annexes F and G; ST 2067-21 for mastering displays.
 */
#ifndef MEDIA_MXF_MXF_DESCRIPTOR_H
#define MEDIA_MXF_MXF_DESCRIPTOR_H

#include "media/mxf/mxf_state.h"

/* Fill in `track` and `essence`, whose edit rate is set. Errors: NOMEM. */
MUST_USE dits_error *mxf_descriptor_apply(struct mxf_sets *sets,
                                          const struct mxf_set *descriptor,
                                          struct media_track *track,
                                          struct mxf_essence *essence);

#endif
