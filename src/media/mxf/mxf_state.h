/*
 * media/mxf/mxf_state.h - what is known of an opened MXF file
 */
#ifndef MEDIA_MXF_MXF_STATE_H
#define MEDIA_MXF_MXF_STATE_H

#include "media/media.h"
#include "media/mxf/mxf_index.h"
#include "media/mxf/mxf_label.h"
#include "media/mxf/mxf_sets.h"

/* How the essence of a track lies in the file. */
struct mxf_essence {
    uint32_t number;   /* the end of the keys of its elements; 0 unknown */
    uint32_t body_sid; /* 0: any */
    enum mxf_wrapping wrapping;
    uint32_t frame_bytes; /* PCM: of all channels; else 0 */
    uint64_t units;       /* edit units of a sample: clips of PCM */
    uint32_t rate_num;    /* edit rate */
    uint32_t rate_den;
    unsigned delay;    /* of presentation, in edit units */
    uint64_t tick_num; /* an edit unit is num / den ticks of the track */
    uint64_t tick_den;
};

struct mxf_state {
    uint64_t run_in; /* offset of the header partition */
    struct mxf_partitions partitions;
    struct mxf_index index;
    size_t essence_count; /* that of the tracks */
    struct mxf_essence *essences;
    bool is_encrypted;
};

void mxf_state_free(struct mxf_state *state);

/* A new track and its essence. Both are NULL past the limit. */
MUST_USE dits_error *mxf_state_add_track(struct media_file *file,
                                         struct media_track **out,
                                         struct mxf_essence **out_essence);

#endif
