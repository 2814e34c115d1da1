/*
 * media/isobmff/state.h - what is kept of an opened file
 *
 * Private to this folder.
 */
#ifndef MEDIA_ISOBMFF_STATE_H
#define MEDIA_ISOBMFF_STATE_H

#include "media/isobmff/fragment.h"
#include "media/isobmff/items.h"
#include "media/isobmff/sample_table.h"

/* What the file was already blamed for, once per track. */
enum told {
    TOLD_OUTSIDE = 1 << 0, /* samples past the end */
    TOLD_OVERLAP = 1 << 1, /* samples that share bytes */
};

/* As the media_track of the same index. */
struct isobmff_track {
    uint64_t offset; /* of 'trak' */
    uint32_t handler;
    uint32_t description_count;
    uint8_t told;
    struct sample_table samples;
    struct table edits;
    struct table descriptions; /* of bytes: the entries of 'stsd' */
    struct buf references;     /* the payload of 'tref' */
    struct fragment_track fragments;
};

struct isobmff {
    uint32_t movie_timescale;
    bool has_movie;
    uint64_t movie_offset; /* of 'moov': no sample lies there */
    uint64_t movie_end;
    size_t track_count;
    struct isobmff_track *tracks;
    struct inflated *inflated; /* a movie that was compressed; NULL: none */
    struct fragments fragments;
    struct items items;
};

struct isobmff *isobmff_state(const struct media_file *file);

/*
 * One more track, on both sides. Not found: there are LIMIT_TRACKS of them.
 * Moves the arrays.
 */
MUST_USE dits_error *isobmff_add_track(struct media_file *file,
                                       uint32_t *out_index, bool *out_found);

/* The first track with that id. */
bool isobmff_find_track(const struct media_file *file, uint64_t id,
                        uint32_t *out_index);

/* Hand the payload of `box` to isobmff_describe_box(); no track: NO_TRACK. */
enum { NO_TRACK = UINT16_MAX };
MUST_USE dits_error *isobmff_describe(struct media_file *file, uint32_t track,
                                      struct window *window,
                                      const struct box *box);

#endif
