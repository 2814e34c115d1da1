/*
 * tests/fuzz/media_fuzz.h - walk all that a format makes of some bytes
 *
 * Spans have to ascend, not overlap, and lie within the file; samples are
 * numbered; nodes lie within the file.
 */
#ifndef FUZZ_MEDIA_FUZZ_H
#define FUZZ_MEDIA_FUZZ_H

#include <assert.h>
#include <string.h>

#include "media/media.h"

enum { MEDIA_FUZZ_TRACKS = 4, MEDIA_FUZZ_STEPS = 20000 };

struct media_fuzz_source {
    struct source base;
    const uint8_t *bytes;
};

static inline dits_error *media_fuzz_read(struct source *self, uint64_t offset,
                                          size_t size, void *out)
{
    const struct media_fuzz_source *source =
        (const struct media_fuzz_source *)self;
    assert(offset <= self->size && size <= self->size - offset);
    memcpy(out, source->bytes + offset, size);
    return NULL;
}

static inline dits_error *media_fuzz_node(const struct media_node *node,
                                          void *payload)
{
    const uint64_t *size = payload;
    assert(node->offset <= *size && node->size <= *size - node->offset);
    assert(node->name != NULL);
    return NULL;
}

static inline dits_error *media_fuzz_spans(struct media_file *file)
{
    struct media_walk *walk = NULL;
    dits_error *err = file->format->spans(file, &walk);
    uint64_t end = 0;
    bool found = true;
    for (unsigned i = 0; err == NULL && found && i < MEDIA_FUZZ_STEPS; i++) {
        struct media_span span = {0};
        err = file->format->next_span(walk, &span, &found);
        if (err != NULL || !found)
            continue;
        assert(span.size > 0 && span.offset >= end);
        assert(span.offset <= file->source->size);
        assert(span.size <= file->source->size - span.offset);
        assert(span.track < file->track_count);
        end = span.offset + span.size;
    }
    file->format->end_walk(walk);
    return err;
}

static inline dits_error *media_fuzz_samples(struct media_file *file,
                                             uint32_t track)
{
    struct media_walk *walk = NULL;
    dits_error *err = file->format->samples(file, track, &walk);
    bool found = true;
    for (unsigned i = 0; err == NULL && found && i < MEDIA_FUZZ_STEPS; i++) {
        struct media_sample sample = {0};
        err = file->format->next_sample(walk, &sample, &found);
        assert(err != NULL || !found || sample.number == i);
    }
    file->format->end_walk(walk);
    return err;
}

static inline int media_fuzz(const struct media_format *format,
                             const uint8_t *data, size_t size)
{
    struct media_fuzz_source source = {{size, media_fuzz_read}, data};
    struct media_file *file = NULL;
    dits_error *err = media_open_as(format, &source.base, &file);
    if (err == NULL)
        err = media_fuzz_spans(file);
    for (uint32_t i = 0; err == NULL && i < file->track_count; i++)
        if (i < MEDIA_FUZZ_TRACKS)
            err = media_fuzz_samples(file, i);
    if (err == NULL)
        err = format->tree(file, media_fuzz_node, &source.base.size);
    dits_error_free(err);
    media_close(file);
    return 0;
}

#endif
