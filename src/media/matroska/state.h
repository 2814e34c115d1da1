/*
 * media/matroska/state.h - what the parts of the Matroska reader share
 */
#ifndef MEDIA_MATROSKA_STATE_H
#define MEDIA_MATROSKA_STATE_H

#include "media/matroska/ebml.h"
#include "media/media.h"

/* What the samples of a track need that media_track has no room for. */
struct matroska_track {
    uint64_t number;
    uint64_t uid;
    uint64_t default_duration; /* of a frame, ns; 0 unknown */
    uint64_t codec_delay;      /* ns */
    bool has_stripped_headers; /* each frame lacks its first bytes */
    bool is_compressed;        /* in a way that hides the codec's layout */
};

struct matroska {
    struct window window;   /* for headers */
    uint64_t segment;       /* where its first child begins */
    uint64_t first_cluster; /* 0: none was met */
    uint64_t scale;         /* ns of one tick */
    uint64_t reported;      /* problems before this offset were reported */
    size_t track_count;     /* that of the file */
    struct matroska_track *tracks;
};

struct matroska *matroska_of(const struct media_file *file);

/*
 * Report what is wrong at `offset`, once: walks come by again and again.
 */
void matroska_problem(struct media_file *file, uint64_t offset,
                      const char *where, const char *text);

/* The track of that number: false for none. */
bool matroska_find_track(const struct matroska *matroska, uint64_t number,
                         uint32_t *out);

/* Nanoseconds as ticks of the segment. */
int64_t matroska_ticks(const struct matroska *matroska, uint64_t ns);

#endif
