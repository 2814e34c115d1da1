/*
 * media/mxf/mxf_label.h - what the universal labels mean
 *
 * SMPTE ST 400 and the registers: labels of 16 bytes name codecs, containers
 * and colours. All functions take any size and know no other than 16.
 */
#ifndef MEDIA_MXF_MXF_LABEL_H
#define MEDIA_MXF_MXF_LABEL_H

#include "media/media.h"

enum mxf_wrapping {
    MXF_WRAPPING_UNKNOWN = 0,
    MXF_WRAPPING_FRAME,
    MXF_WRAPPING_CLIP,
};

/* ffmpeg's name of a codec, or NULL: by a label of picture or sound coding. */
const char *mxf_label_coding(struct slice label);

/* By the label of the essence container. */
const char *mxf_label_container(struct slice label, enum media_kind *out_kind,
                                enum mxf_wrapping *out_wrapping);

/* A profile that the label of ProRes names, or NULL. */
const char *mxf_label_profile(struct slice label);

/* ffprobe's words, or NULL. */
const char *mxf_label_primaries(struct slice label);
const char *mxf_label_transfer(struct slice label);
const char *mxf_label_matrix(struct slice label);

/* "OP1a", "OP-Atom", … in `out`; "" if unknown. */
void mxf_label_pattern(const uint8_t *label, char out[16]);

/* Picture, sound, data or time code: of a data definition. */
enum media_kind mxf_label_kind(struct slice label);

#endif
