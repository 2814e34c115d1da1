/*
 * media/still/picture.h - files that are one picture
 *
 * One track of one sample. Its spans are the stretches of pixels: what is
 * between them are headers and tables, which are stored apart.
 */
#ifndef MEDIA_STILL_PICTURE_H
#define MEDIA_STILL_PICTURE_H

#include "media/media.h"
#include "media/window.h"

struct extent {
    uint64_t offset;
    uint64_t size;
};

struct picture {
    struct window window; /* for headers */
    size_t count;
    size_t capacity;
    struct extent *extents;
};

struct picture *picture_of(const struct media_file *file);

/* The state, and the track of an image. `codec` is its tag as well. */
MUST_USE dits_error *picture_begin(struct media_file *file,
                                   const char *container, const char *codec);

/*
 * Pixels at `offset`: as far as they are in the file. Past LIMIT_EXTENTS they
 * are left out.
 */
MUST_USE dits_error *picture_add(struct media_file *file, uint64_t offset,
                                 uint64_t size);

/* Ascending and without overlaps, once all are there. */
void picture_finish(struct media_file *file);

/* A text of fixed size: spaces and NULs at its end do not count. */
MUST_USE dits_error *picture_add_text(struct media_facts *facts,
                                      const char *name, struct slice text);

/* "2020:01:02 03:04:05", of local time, as "creation_time" in ISO 8601. */
MUST_USE dits_error *picture_add_date(struct media_facts *facts,
                                      struct slice text);

/* In lowest terms; nothing where `den` is 0. */
MUST_USE dits_error *picture_add_ratio(struct media_facts *facts,
                                       const char *name, int64_t num,
                                       int64_t den);

/* For the rows of formats. */
void picture_close(struct media_file *file);
MUST_USE dits_error *picture_spans(struct media_file *file,
                                   struct media_walk **out);
MUST_USE dits_error *picture_next_span(struct media_walk *walk,
                                       struct media_span *out, bool *out_found);
MUST_USE dits_error *picture_samples(struct media_file *file, uint32_t track,
                                     struct media_walk **out);
MUST_USE dits_error *picture_next_sample(struct media_walk *walk,
                                         struct media_sample *out,
                                         bool *out_found);
void picture_end_walk(struct media_walk *walk);
MUST_USE dits_error *picture_tree(struct media_file *file, media_node_fn *fn,
                                  void *payload);

#endif
