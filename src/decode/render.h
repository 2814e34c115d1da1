/*
 * decode/render.h - a decoded frame as the picture that people see
 */
#ifndef DECODE_RENDER_H
#define DECODE_RENDER_H

#include "decode/clip.h"

/* What a picture has to fit into; it is never made larger. */
struct render_box {
    uint32_t width;
    uint32_t height;
};

/*
 * Square pixels, upright as the file says, in RGB of its own primaries: light
 * is not converted, so HDR looks flat. Appends width * height * 3 bytes.
 * Errors: UNSUPPORTED (a pixel format), NOMEM.
 */
MUST_USE dits_error *render_frame(const struct clip *clip, const AVFrame *frame,
                                  struct render_box box, struct buf *out,
                                  struct render_box *out_size);

#endif
