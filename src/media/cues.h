/*
 * media/cues.h - subtitles as a list of texts with times
 *
 * What is malformed gives no cue. Markup is left out; lines are separated by
 * '\n'.
 */
#ifndef MEDIA_CUES_H
#define MEDIA_CUES_H

#include "media/media.h"

/* Times of cues are in microseconds. */
#define CUE_TICKS 1000000

struct cue {
    int64_t start;
    int64_t end;
    char *text; /* UTF-8, not empty */
};

/* Owns its texts. Zero is empty. At most LIMIT_CUES. */
struct cue_list {
    size_t count;
    struct cue *list;
    size_t capacity;
};

void cues_release(struct cue_list *cues);

/* Bytes that are no UTF-8 become '?'. An empty text is left out. */
MUST_USE dits_error *cues_add(struct cue_list *cues, int64_t start, int64_t end,
                              struct slice text);

/* How the samples of a codec hold text. */
enum cue_format {
    CUES_NONE = 0,
    CUES_TX3G,  /* 3GPP timed text, and QuickTime's: "mov_text" */
    CUES_WVTT,  /* WebVTT in boxes, ISO/IEC 14496-30 */
    CUES_PLAIN, /* Matroska: SubRip, WebVTT */
    CUES_TTML,  /* documents with times of their own */
};

enum cue_format cues_format_of(const struct media_track *track);

/* The cues of one sample that is shown from `start` to `end`. */
MUST_USE dits_error *cues_of_sample(enum cue_format format, struct slice sample,
                                    int64_t start, int64_t end,
                                    struct cue_list *out);

/* All cues of a track of text, or of 608 captions (captions.h). */
MUST_USE dits_error *cues_read(struct media_file *file, uint32_t track,
                               struct cue_list *out);

/* --- for cues*.c --- */

MUST_USE dits_error *cues_of_ttml(struct slice document, int64_t start,
                                  int64_t end, struct cue_list *out);

/* `text` without <tags>, entities resolved, appended to `out`. */
MUST_USE dits_error *cues_strip(struct slice text, struct buf *out);

#endif
