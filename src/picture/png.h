/*
 * picture/png.h - writing PNG (ISO/IEC 15948), 8 bits each of RGB
 */
#ifndef PICTURE_PNG_H
#define PICTURE_PNG_H

#include "base/buf.h"
#include "picture/canvas.h"

/* Append the whole file. Errors: NOMEM. */
MUST_USE dits_error *png_put(struct buf *buf, const struct canvas *picture);

#endif
