/*
 * media/mpegts/ts_tree.h - the packets of a transport stream, as nodes
 *
 * Flat: one node for packets of one PID that follow each other.
 */
#ifndef MEDIA_MPEGTS_TS_TREE_H
#define MEDIA_MPEGTS_TS_TREE_H

#include "media/media.h"

MUST_USE dits_error *ts_tree_walk(struct media_file *file, media_node_fn *fn,
                                  void *payload);

#endif
