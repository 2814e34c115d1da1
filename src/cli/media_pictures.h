/*
 * cli/media_pictures.h - pictures and sound of a media file, as PNG
 */
#ifndef CLI_MEDIA_PICTURES_H
#define CLI_MEDIA_PICTURES_H

#include <dits/media.h>

#include "cli/cli.h"

/* What is wanted: one of the first three. NULL or false: not given. */
struct media_wish {
    const char *thumbnail; /* a time */
    const char *sheet;     /* "4x4" */
    bool waveform;
    const char *size;   /* "640x360" */
    const char *output; /* a file; NULL: standard output */
    size_t track;       /* from 1; 0: not given */
};

bool media_wish_is_given(const struct media_wish *wish);

/* Whether the wish makes sense, before any file is opened. */
MUST_USE dits_error *media_wish_check(struct cli *cli,
                                      const struct media_wish *wish,
                                      size_t file_count);

/* Make it of `media`, which was named `name`. */
MUST_USE dits_error *media_wish_grant(struct cli *cli,
                                      const struct media_wish *wish,
                                      dits_media *media, const char *name);

#endif
