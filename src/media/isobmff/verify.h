/*
 * media/isobmff/verify.h - whether bytes are a box in their own right
 *
 * Coded data holds the types of boxes by accident, and by intent.
 */
#ifndef MEDIA_ISOBMFF_VERIFY_H
#define MEDIA_ISOBMFF_VERIFY_H

#include "media/isobmff/box.h"

/* A type that stands outermost in files. */
bool verify_is_known(uint32_t type);

/* 'moov' and 'moof': what tells where samples are. */
bool verify_is_index(uint32_t type);

/*
 * Whether `box`, which comes where one is expected, is one. A hidden index
 * ('free', or an unknown type, around its children) gets its type back.
 */
MUST_USE dits_error *verify_box(struct window *window, struct box *box,
                                bool *out_is);

/* The same of one that was found by searching: it needs more proof. */
MUST_USE dits_error *verify_found(struct window *window, struct box *box,
                                  bool *out_is);

/*
 * Whether `box`, of a type that verify_is_index() knows, begins as it should.
 * Its size becomes that of its children.
 */
MUST_USE dits_error *verify_index(struct window *window, struct box *box,
                                  bool *out_is);

/* Whether `bytes` begin with a sound 'ftyp'. */
bool verify_is_file_type(struct slice bytes, const struct box *box);

/*
 * Where in `bytes` the header of a box that is worth a search may begin. At
 * least `bytes.size` - 7 when there is none.
 */
size_t verify_find_type(struct slice bytes);

#endif
