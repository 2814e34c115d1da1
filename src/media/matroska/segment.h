/*
 * media/matroska/segment.h - where the headers of a segment are
 */
#ifndef MEDIA_MATROSKA_SEGMENT_H
#define MEDIA_MATROSKA_SEGMENT_H

#include "media/matroska/state.h"

/* Headers of one file: a few of each kind at most. */
enum { SEGMENT_MAX_HEADERS = 64 };

/* Info, Tracks, Chapters, Tags, Attachments, each once. */
struct segment_headers {
    unsigned count;
    struct ebml_element list[SEGMENT_MAX_HEADERS];
};

/*
 * Before the first cluster, where a SeekHead says, and behind clusters whose
 * size is known. Sets `segment` and `first_cluster` of the state.
 */
MUST_USE dits_error *segment_find(struct media_file *file,
                                  struct segment_headers *out);

#endif
