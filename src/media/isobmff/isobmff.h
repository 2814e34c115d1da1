/*
 * media/isobmff/isobmff.h - what only ISO base media files have
 *
 * For files whose `format` is `media_format_isobmff`. Samples are listed as
 * the file has them, also those that lie past its end or share their bytes
 * with others; spans leave these out.
 */
#ifndef MEDIA_ISOBMFF_ISOBMFF_H
#define MEDIA_ISOBMFF_ISOBMFF_H

#include "media/media.h"

/* Ticks per second of the durations in edit lists; 0 unknown. */
uint32_t isobmff_movie_timescale(const struct media_file *file);

/* One row of an edit list (ISO/IEC 14496-12, 8.6.6). */
struct isobmff_edit {
    uint64_t duration;  /* in ticks of the movie; 0: as long as there is */
    int64_t media_time; /* in ticks of the track; -1: nothing is shown */
    int32_t rate;       /* 16.16 */
};

uint32_t isobmff_edit_count(const struct media_file *file, uint32_t track);

/* Edit `index`, which exists. Errors: those of the source. */
MUST_USE dits_error *isobmff_edit_at(const struct media_file *file,
                                     uint32_t track, uint32_t index,
                                     struct isobmff_edit *out);

/* The type of the track's handler: 'vide', 'soun', … */
uint32_t isobmff_handler(const struct media_file *file, uint32_t track);

/*
 * The `nth` track that `track` refers to by references of that type ('chap',
 * 'tmcd', 'cdsc', …; 8.3.3), as an index. False past the last.
 */
bool isobmff_reference(const struct media_file *file, uint32_t track,
                       uint32_t type, size_t nth, uint32_t *out_track);

/*
 * Sample description `index`, as media_sample.description has it: the whole
 * sample entry with its header into `out`, which is cleared first. Empty when
 * there is none. Errors: those of the source, NOMEM.
 */
MUST_USE dits_error *isobmff_description(const struct media_file *file,
                                         uint32_t track, uint32_t index,
                                         struct buf *out);

/* The item that sample `number` of a track of items is; 0: of no item. */
uint32_t isobmff_item_id(const struct media_file *file, uint32_t track,
                         uint64_t number);

/* A movie fragment (8.8.4): one 'moof'. */
struct isobmff_fragment {
    uint64_t offset;
    uint64_t size;
    uint32_t sequence_number;
};

size_t isobmff_fragment_count(const struct media_file *file);
struct isobmff_fragment isobmff_fragment_at(const struct media_file *file,
                                            size_t index);

/* One 'trun' (8.8.8): samples side by side. In the order of the file. */
struct isobmff_run {
    size_t fragment;
    uint32_t track;      /* an index */
    uint64_t rows;       /* where its rows lie in the file */
    uint32_t flags;      /* of trun; its version in the highest 8 bits */
    uint64_t first;      /* sample */
    uint32_t count;      /* samples */
    uint64_t offset;     /* of the first sample; UINT64_MAX: no offset at all */
    int64_t decode_time; /* of the first sample */
    bool has_tfdt;       /* it was written, not counted up */
};

size_t isobmff_run_count(const struct media_file *file);
struct isobmff_run isobmff_run_at(const struct media_file *file, size_t index);

#endif
