/*
 * media/es/es.h - elementary streams: one track, and nothing around it
 *
 * For media/es/ alone. Each kind says where its units lie; all else is common.
 * A unit is an access unit of video or a frame of sound. Bytes between units
 * (an ID3 tag, the headers of IVF, damage) are in no span.
 */
#ifndef MEDIA_ES_ES_H
#define MEDIA_ES_ES_H

#include "media/codec/codec.h"
#include "media/window.h"

struct es_kind;

struct es_walk {
    const struct es_kind *kind;
    const struct media_track *track;
    struct window window;
    uint64_t at; /* where the next unit is looked for */
    uint64_t number;
    int64_t time;
};

struct es_unit {
    uint64_t offset, size;
    int64_t duration; /* in ticks; 0: one */
    int64_t time;     /* as the file has it, or the sum of durations */
};

struct es_kind {
    const char *container; /* ffmpeg's name of the format */
    const char *codec;     /* NULL: `begin` tells */
    enum media_kind type;
    enum media_framing framing;
    bool (*probe)(struct slice head, uint64_t file_size);

    /* Set the track up by the head of the file; where units begin. May be NULL.
     */
    void (*begin)(struct media_track *track, struct slice head);
    uint64_t (*first)(struct slice head);

    /* The unit at or behind `walk->at`, which moves past it. */
    dits_error *(*next)(struct es_walk *walk, struct es_unit *out,
                        bool *out_found);
};

/* Until a NULL; what says most comes first. */
extern const struct es_kind *const es_kinds[];

extern const struct es_kind es_avc, es_hevc, es_mpeg2, es_ivf, es_obu, es_adts,
    es_ac3, es_eac3, es_ac4;

/* An ID3v2 tag before the first frame: its size, 0 without. */
uint64_t es_id3_size(struct slice head);

#endif
