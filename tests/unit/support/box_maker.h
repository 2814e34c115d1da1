/*
 * tests/unit/support/box_maker.h - boxes of ISO base media files, in memory
 *
 * Without memory they stop the program: tests arm failures after building.
 */
#ifndef SUPPORT_BOX_MAKER_H
#define SUPPORT_BOX_MAKER_H

#include "base/buf.h"

/* Begin a box; where it stands is for boxes_end(), which sets its size. */
size_t boxes_begin(struct buf *out, const char *type);
void boxes_end(struct buf *out, size_t at);

/* A whole box with that payload. */
void boxes_whole(struct buf *out, const char *type, const void *payload,
                 size_t size);

void boxes_put(struct buf *out, const void *data, size_t size);
void boxes_zeros(struct buf *out, size_t size);
void boxes_be16(struct buf *out, uint32_t value);
void boxes_be32(struct buf *out, uint32_t value);

#endif
