/*
 * media/isobmff/walk.h - walks over spans and over samples
 *
 * Private to this folder; the functions are those of struct media_format.
 */
#ifndef MEDIA_ISOBMFF_WALK_H
#define MEDIA_ISOBMFF_WALK_H

#include "media/media.h"

struct span_walk;
struct sample_walk;

/* One of the two. */
struct media_walk {
    struct span_walk *spans;
    struct sample_walk *samples;
};

MUST_USE dits_error *spans_open(struct media_file *file,
                                struct span_walk **out);
MUST_USE dits_error *spans_next(struct span_walk *walk, struct media_span *out,
                                bool *out_found);
void spans_close(struct span_walk *walk); /* NULL is allowed */

MUST_USE dits_error *samples_open(struct media_file *file, uint32_t track,
                                  struct sample_walk **out);
MUST_USE dits_error *samples_next(struct sample_walk *walk,
                                  struct media_sample *out, bool *out_found);
void samples_close(struct sample_walk *walk); /* NULL is allowed */

/* Depth first, all boxes. */
MUST_USE dits_error *box_tree_walk(struct media_file *file, media_node_fn *fn,
                                   void *payload);

#endif
