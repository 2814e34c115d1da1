/*
 * repo/media_private.h - what the parts of dits/media.h share
 *
 * media.c opens and describes, media_walk.c steps through samples and
 * structure, media_map.c finds which chunks hold what.
 */
#ifndef REPO_MEDIA_PRIVATE_H
#define REPO_MEDIA_PRIVATE_H

#include <dits/media.h>

#include "media/media.h"
#include "object/media_summary.h"
#include "repo/media_input.h"

struct dits_media {
    const dits_context *context; /* borrowed */
    char *path;

    struct media_input input;
    struct media_file *file;
    struct dits_media_info info;
    struct dits_media_storage storage;
    char reason[sizeof(((struct media_summary *)0)->reason)];
    struct dits_media_track *tracks; /* one for each of the file's */
};

/* The walk over a track's samples, for CLEANUP(). */
struct media_samples {
    struct media_file *file;
    struct media_walk *walk;
};

MUST_USE dits_error *media_samples_begin(struct media_file *file, size_t track,
                                         struct media_samples *out);
MUST_USE dits_error *media_samples_next(struct media_samples *samples,
                                        struct media_sample *out,
                                        bool *out_found);
void media_samples_end(struct media_samples *samples);

#endif
