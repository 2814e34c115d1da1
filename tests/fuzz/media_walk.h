/*
 * What holds of every media file, whatever its bytes: spans ascend, do not
 * overlap and lie in the file; walks of samples and of the tree end.
 */
#ifndef FUZZ_MEDIA_WALK_H
#define FUZZ_MEDIA_WALK_H

#include <assert.h>
#include <string.h>

#include "media/media.h"

enum { WALK_TRACKS = 4, WALK_SAMPLES = 100000 };

struct memory_source {
    struct source source;
    const uint8_t *data;
};

static dits_error *read_memory(struct source *self, uint64_t offset,
                               size_t size, void *out)
{
    const struct memory_source *source = (const struct memory_source *)self;
    assert(offset <= self->size && size <= self->size - offset);
    memcpy(out, source->data + offset, size);
    return NULL;
}

static dits_error *see_node(const struct media_node *node, void *payload)
{
    const struct media_file *file = payload;
    assert(node->offset <= file->source->size);
    assert(node->size <= file->source->size - node->offset);
    assert(node->name != NULL);
    return NULL;
}

static void walk_spans(struct media_file *file)
{
    struct media_walk *walk = NULL;
    struct media_span span = {0};
    uint64_t at = 0;
    bool found = true;
    dits_error *err = file->format->spans(file, &walk);
    while (err == NULL && found) {
        err = file->format->next_span(walk, &span, &found);
        if (err != NULL || !found)
            break;
        assert(span.offset >= at && span.size >= 1);
        assert(span.offset <= file->source->size);
        assert(span.size <= file->source->size - span.offset);
        assert(span.track < file->track_count);
        at = span.offset + span.size;
    }
    file->format->end_walk(walk);
    dits_error_free(err); /* only damage that says so may stop a walk */
}

static void walk_samples(struct media_file *file, uint32_t track)
{
    struct media_walk *walk = NULL;
    struct media_sample sample = {0};
    bool found = true;
    dits_error *err = file->format->samples(file, track, &walk);
    for (unsigned i = 0; err == NULL && found && i < WALK_SAMPLES; i++)
        err = file->format->next_sample(walk, &sample, &found);
    file->format->end_walk(walk);
    dits_error_free(err);
}

static inline void walk_media(const struct media_format *format,
                              const uint8_t *data, size_t size)
{
    struct memory_source source = {{size, read_memory}, data};
    struct media_file *file = NULL;
    dits_error *err = media_open_as(format, &source.source, &file);
    if (err == NULL) {
        walk_spans(file);
        for (uint32_t i = 0; i < file->track_count && i < WALK_TRACKS; i++)
            walk_samples(file, i);
        err = file->format->tree(file, see_node, file);
    }
    dits_error_free(err);
    media_close(file);
}

#endif
