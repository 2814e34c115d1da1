/*
 * tests/unit/support/media_bytes.h - media files that lie in memory
 *
 * Opens bytes as a format, walks all there is, and says what came of it.
 */
#ifndef SUPPORT_MEDIA_BYTES_H
#define SUPPORT_MEDIA_BYTES_H

#include "media/media.h"

struct media_bytes {
    struct source source;
    const uint8_t *data;
};

/* Borrows the bytes. */
struct media_bytes media_bytes_over(struct slice bytes);

/* What the walks of a file gave. */
struct media_walked {
    size_t span_count;
    size_t span_bytes;
    size_t sample_count; /* of the first track */
    size_t node_count;
    struct media_span spans[16];
    struct media_sample samples[16]; /* of the first track */
};

/* All walks. CORRUPT where spans are not what they must be. */
MUST_USE dits_error *media_walk_all(struct media_file *file,
                                    struct media_walked *out);

/* Opened and walked, whatever comes of it: true unless spans were wrong. */
bool media_survives(const struct media_format *format, struct slice bytes);

/*
 * Every truncation, every byte of the first `size` flipped, and every
 * allocation failing once: true if all are survived and nothing leaks.
 */
bool media_survives_all(const struct media_format *format, struct slice bytes,
                        size_t size);

/* The fact as text: "num/den" for rationals. "" for none. Not for long. */
const char *media_fact(const struct media_facts *facts, const char *name,
                       char *out, size_t size);

/* A file of the corpus of a fuzz target, as a seed. */
MUST_USE dits_error *media_seed(const char *target, const char *name,
                                struct buf *out);

#endif
