/*
 * media/matroska/walk.h - spans, samples and the tree, for the format's row
 */
#ifndef MEDIA_MATROSKA_WALK_H
#define MEDIA_MATROSKA_WALK_H

#include "media/media.h"

MUST_USE dits_error *matroska_spans(struct media_file *file,
                                    struct media_walk **out);
MUST_USE dits_error *matroska_next_span(struct media_walk *walk,
                                        struct media_span *out,
                                        bool *out_found);
MUST_USE dits_error *matroska_samples(struct media_file *file, uint32_t track,
                                      struct media_walk **out);
MUST_USE dits_error *matroska_next_sample(struct media_walk *walk,
                                          struct media_sample *out,
                                          bool *out_found);
void matroska_end_walk(struct media_walk *walk);

/*
 * Start and, where the file is walked to its end within LIMIT_OPEN_BLOCKS,
 * number of samples and duration of each track.
 */
MUST_USE dits_error *matroska_measure(struct media_file *file);

MUST_USE dits_error *matroska_tree(struct media_file *file, media_node_fn *fn,
                                   void *payload);

#endif
