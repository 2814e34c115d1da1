/*
 * media/mxf/mxf_walk.h - spans and samples of an MXF file
 *
 * One sample per element of essence that is wrapped by frames; clips are cut by
 * the index. Clips of PCM are one span; their samples are pieces of 1/25 s.
 * Without an index a clip is one sample.
 */
#ifndef MEDIA_MXF_MXF_WALK_H
#define MEDIA_MXF_MXF_WALK_H

#include "media/media.h"

MUST_USE dits_error *mxf_walk_spans(struct media_file *file,
                                    struct media_walk **out);
MUST_USE dits_error *mxf_walk_next_span(struct media_walk *walk,
                                        struct media_span *out,
                                        bool *out_found);
MUST_USE dits_error *mxf_walk_samples(struct media_file *file, uint32_t track,
                                      struct media_walk **out);
MUST_USE dits_error *mxf_walk_next_sample(struct media_walk *walk,
                                          struct media_sample *out,
                                          bool *out_found);
void mxf_walk_end(struct media_walk *walk);

#endif
