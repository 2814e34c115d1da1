/*
 * repo/gc_marks.h - how far a marking came, kept for the next gc
 *
 * A gc that is killed leaves its marks behind, and the next one goes on from
 * them. Marks only ever say "needed": old ones keep garbage a little longer and
 * endanger nothing (docs/formats/gc-marks.md).
 */
#ifndef REPO_GC_MARKS_H
#define REPO_GC_MARKS_H

#include "repo/reach.h"

/* The marks and the queue of `reach` as bytes, and back. Errors: CORRUPT. */
MUST_USE dits_error *gc_marks_encode(const struct reach *reach,
                                     struct buf *out);
MUST_USE dits_error *gc_marks_decode(struct slice bytes, struct reach *reach);

/* Keep them in .dits/gc-marks, atomically. */
MUST_USE dits_error *gc_marks_save(const struct reach *reach);

/*
 * Fill `reach`, which is empty, from what was kept; `*out_found` is false when
 * there is nothing, it is damaged, or the marking began before `not_before`:
 * then all is marked anew.
 */
MUST_USE dits_error *gc_marks_load(struct reach *reach, int64_t not_before,
                                   bool *out_found);
MUST_USE dits_error *gc_marks_remove(const dits_repo *repo);

#endif
