/*
 * tests/unit/support/fake_media.h - a media file made of given samples
 *
 * One track, or several with the same samples. For what works over any
 * container.
 */
#ifndef SUPPORT_FAKE_MEDIA_H
#define SUPPORT_FAKE_MEDIA_H

#include "media/media.h"

struct fake_media {
    struct source source; /* first: is what the file reads */
    const uint8_t *bytes;
    const struct media_sample *samples;
    size_t sample_count;
    struct media_track tracks[2];
    struct media_file file;
};

/* Set bytes, samples and counts before. Zero is an empty file of one track. */
void fake_media_open(struct fake_media *fake);
void fake_media_close(struct fake_media *fake);

#endif
