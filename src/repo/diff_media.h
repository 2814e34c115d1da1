/*
 * repo/diff_media.h - two versions of a media file, compared by their tracks
 *
 * diff_media_stream.c reads a side and hashes the essence of each sample, so
 * that the same frames are the same in any container; diff_media_match.c finds
 * which track of one side is which of the other; diff_media.c tells what
 * differs, and diff_media_facts.c which facts do.
 */
#ifndef REPO_DIFF_MEDIA_H
#define REPO_DIFF_MEDIA_H

#include "base/fs.h"
#include "base/hash.h"
#include "media/media.h"
#include "object/file_source.h"
#include "repo/diff_private.h"
#include "repo/media_source.h"

/* More of a side is not read, and more units of it are not kept. */
#define DIFF_MEDIA_MOST_BYTES (UINT64_C(64) << 30)
#define DIFF_MEDIA_MOST_UNITS (1u << 22)

/*
 * The content of a track: samples, or some hundred frames of PCM each, cut by
 * their content. A unit is an item of `units`: the hash of its essence as id,
 * its number as offset, 1 as size.
 */
struct media_stream {
    struct diff_chunks units;
    uint64_t *offsets; /* in the file, of each unit */
    int64_t *times;    /* ticks of `base` from the first; one more: the end */
    size_t capacity;   /* of the two */
    struct media_time_base base;
    bool is_known; /* false: no content to compare */
};

/* One version, opened. Zero is empty. */
struct media_side {
    struct fs_file disk;
    struct file_source disk_source;
    struct asset_source *stored;
    struct media_file *file;      /* NULL: it is no media */
    struct media_stream *streams; /* one for each track */
    bool is_complete;             /* false: it was too large to read all */
};

void media_side_release(struct media_side *side);
MUST_USE dits_error *media_side_open(const dits_diff *diff,
                                     const struct diff_place *place,
                                     struct media_side *out);

/* Fill in the streams. */
MUST_USE dits_error *media_side_read(const dits_diff *diff,
                                     struct media_side *side);

/* The moment at which unit `index` begins; the count: where the last ends. */
struct dits_rational media_stream_time(const struct media_stream *stream,
                                       size_t index);

/*
 * For each track of the new side the one of the old side that it came from, or
 * DIFF_MEDIA_NONE. `*out` is to be freed with mem_free().
 */
#define DIFF_MEDIA_NONE ((size_t)-1)
MUST_USE dits_error *media_match(const struct media_side *before,
                                 const struct media_side *after, size_t **out);

/* Whether all units are the same. */
bool media_streams_are_equal(const struct media_stream *a,
                             const struct media_stream *b);

/* A caller of dits_diff_media(). */
struct media_teller {
    dits_media_change_fn *fn;
    void *payload;
    struct dits_media_change about; /* the tracks, for what is told next */
};

/* Tell which facts were added, removed or changed. */
MUST_USE dits_error *media_tell_facts(const struct media_teller *teller,
                                      const struct media_facts *before,
                                      const struct media_facts *after);

#endif
