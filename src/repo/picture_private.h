/*
 * repo/picture_private.h - what the parts of dits/picture.h share
 *
 * picture_decode.c has a file decoded, picture.c makes pictures of it,
 * waveform.c measures its sound, picture_clock.c knows its times.
 */
#ifndef REPO_PICTURE_PRIVATE_H
#define REPO_PICTURE_PRIVATE_H

#include <dits/picture.h>

#include "picture/canvas.h"
#include "picture/reply.h"

struct dits_picture {
    struct dits_picture_info info;
    struct canvas canvas;
    struct buf png; /* once it was asked for */
};

/* Takes the canvas over. */
MUST_USE dits_error *picture_new(struct canvas *canvas,
                                 struct dits_rational time, dits_picture **out);

/*
 * Which stream is meant, and whether it can be decoded at all; limits as the
 * options have them. `options` may be NULL. `*out_track`: the track, or
 * DITS_MEDIA_ALL where the decoder chooses.
 */
MUST_USE dits_error *picture_prepare(const dits_media *media,
                                     const struct dits_decode_options *options,
                                     enum dits_media_kind kind,
                                     struct message_request *request);

/* Have it done. `reply` was made for `request`. */
MUST_USE dits_error *picture_decode(dits_media *media,
                                    const struct dits_decode_options *options,
                                    const struct message_request *request,
                                    struct reply *reply);

#endif
