/*
 * object/media_summary.h - what an asset keeps of the media in it
 *
 * Enough to say, without opening the file, what container it is, which stream
 * holds what, or why it was not taken apart. Specified in
 * docs/formats/asset.md.
 */
#ifndef OBJECT_MEDIA_SUMMARY_H
#define OBJECT_MEDIA_SUMMARY_H

#include "media/media.h"
#include "object/weaver.h"

struct media_summary_stream {
    enum weave_part_kind part;
    uint64_t track; /* the container's id of it */
    char codec[24];
};

/* A summary without a container is of a file that is no media. */
struct media_summary {
    char container[24];
    char reason[128]; /* why the file is not woven; "" */
    size_t stream_count;
    struct media_summary_stream streams[WEAVE_MAX_STREAMS];
};

/* In stream order. */
MUST_USE dits_error *media_summary_encode(const struct media_summary *summary,
                                          struct buf *out);

/* Of a file that is media and is not woven, for that reason. */
MUST_USE dits_error *media_summary_of_flat(const struct media_file *media,
                                           const char *reason, struct buf *out);

/* What an asset has. */
struct asset;
MUST_USE dits_error *asset_media_summary(const struct asset *asset,
                                         struct media_summary *out);

/* No bytes: an empty summary. A newer version: an empty one. */
MUST_USE dits_error *media_summary_parse(struct slice bytes,
                                         struct media_summary *out);

#endif
