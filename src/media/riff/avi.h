/*
 * media/riff/avi.h - what the parts of the AVI reader share
 *
 * AVI RIFF File Reference (Microsoft), OpenDML AVI File Format Extensions 1.02.
 */
#ifndef MEDIA_RIFF_AVI_H
#define MEDIA_RIFF_AVI_H

#include "media/riff/chunks.h"

enum { AVI_MAX_STREAMS = 100 }; /* two digits name one */

struct avi_stream {
    uint32_t sample_size; /* bytes; 0: a chunk is a sample */
    uint64_t super_index; /* OpenDML: where its entries are */
    uint32_t super_count;
};

struct avi {
    struct window window;
    uint64_t index; /* idx1: its entries */
    uint64_t index_end;
    uint64_t movi; /* of the first RIFF: the letters themselves */
    unsigned stream_count;
    struct avi_stream streams[AVI_MAX_STREAMS];
};

struct avi *avi_of(const struct media_file *file);

/* hdrl: a track for each strl. */
MUST_USE dits_error *avi_header_read(struct media_file *file,
                                     const struct chunk *header);

/* The stream of "01wb"; false for what is no sample. */
bool avi_stream_of(const struct avi *avi, const char *name, uint32_t *out);

/* Which chunks are sync samples: cursors over the indexes, in file order. */
struct avi_sync {
    struct media_file *file;
    struct window window;
    uint64_t idx1;      /* the next entry */
    uint64_t idx1_base; /* what its offsets count from */
    bool has_base;
    uint32_t super[AVI_MAX_STREAMS]; /* next entry of the super index */
    uint64_t at[AVI_MAX_STREAMS];    /* next entry of the standard index */
    uint64_t end[AVI_MAX_STREAMS];
    uint64_t base[AVI_MAX_STREAMS];
};

struct avi_sync avi_sync_of(struct media_file *file);
void avi_sync_release(struct avi_sync *sync);

/* For chunks in ascending order. False also where no index says anything. */
MUST_USE dits_error *avi_sync_find(struct avi_sync *sync, uint32_t stream,
                                   const struct chunk *chunk, bool *out_sync);

#endif
