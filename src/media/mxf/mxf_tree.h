/*
 * media/mxf/mxf_tree.h - the KLVs of a file, as nodes
 */
#ifndef MEDIA_MXF_MXF_TREE_H
#define MEDIA_MXF_MXF_TREE_H

#include "media/media.h"

MUST_USE dits_error *mxf_tree_walk(struct media_file *file, media_node_fn *fn,
                                   void *payload);

#endif
