/*
 * media/isobmff/tree_kinds.h - which boxes hold boxes, and their names
 */
#ifndef MEDIA_ISOBMFF_TREE_KINDS_H
#define MEDIA_ISOBMFF_TREE_KINDS_H

#include "media/isobmff/box.h"

/*
 * Whether `box`, in a box of type `parent` (0: none), holds others, and behind
 * how many bytes of its payload.
 */
MUST_USE dits_error *tree_skip(struct window *window, uint32_t parent,
                               const struct box *box, uint32_t *out_skip,
                               bool *out_holds);

/* Four characters as UTF-8: the sign of QuickTime's texts, '?' for others. */
void tree_name(uint32_t type, char out[13]);

#endif
