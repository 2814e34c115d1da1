/*
 * media/mxf/mxf_names.h - who made it, what it is called, when it starts
 */
#ifndef MEDIA_MXF_MXF_NAMES_H
#define MEDIA_MXF_MXF_NAMES_H

#include "media/mxf/mxf_state.h"

MUST_USE dits_error *mxf_names_of_file(struct media_file *file,
                                       struct mxf_sets *sets);

/* `set` is the track's, in `package`. */
MUST_USE dits_error *mxf_names_of_track(struct mxf_sets *sets,
                                        const struct mxf_set *package,
                                        const struct mxf_set *set,
                                        struct media_track *track);

#endif
