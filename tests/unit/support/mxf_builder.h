/*
 * tests/unit/support/mxf_builder.h - small MXF files
 */
#ifndef SUPPORT_MXF_BUILDER_H
#define SUPPORT_MXF_BUILDER_H

#include <stdbool.h>

#include "base/buf.h"

struct mxf_test {
    bool is_clip;       /* else frame-wrapped */
    bool has_constant;  /* the index: one size for all units */
    bool is_encrypted;  /* there is a cryptographic context */
    bool has_no_footer; /* cut off before it */
    bool has_no_tracks; /* no header metadata */
    size_t run_in;
};

/*
 * MPEG-2 of three pictures (40, 50 and 60 bytes; 50 each with has_constant),
 * shown in the order 0 2 1, and PCM of 16 bits, two channels, three times 16
 * bytes. Clips: the pictures only, and no PCM.
 */
MUST_USE dits_error *mxf_build(struct buf *out, const struct mxf_test *test);

/* Where the value of the first element of essence starts. */
size_t mxf_build_first_value(struct slice file);

#endif
