/* Elementary streams as files; and the same bytes as what is left of a movie.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "media/formats.h"
#include "media/keyframes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WALKED_MAX = 4096 };

struct memory {
    struct source base;
    const uint8_t *data;
};

static dits_error *read_at(struct source *self, uint64_t offset, size_t size,
                           void *out)
{
    assert(offset <= self->size && size <= self->size - offset);
    if (size > 0)
        memcpy(out, ((struct memory *)self)->data + offset, size);
    return NULL;
}

static dits_error *walk_spans(struct media_file *file)
{
    const struct media_format *format = file->format;
    struct media_walk *walk = NULL;
    uint64_t end = 0;
    bool found = true;
    TRY(format->spans(file, &walk));
    for (int i = 0; i < WALKED_MAX && found; i++) {
        struct media_span span = {0};
        dits_error *err = format->next_span(walk, &span, &found);
        assert(err == NULL);
        if (!found)
            break;
        assert(span.size > 0 && span.offset >= end && span.track == 0);
        assert(span.offset <= file->source->size &&
               span.size <= file->source->size - span.offset);
        end = span.offset + span.size;
    }
    format->end_walk(walk);
    return NULL;
}

static dits_error *see_node(const struct media_node *node, void *payload)
{
    uint64_t *end = payload;
    assert(node->offset >= *end && node->size > 0);
    *end = node->offset + node->size;
    return NULL;
}

static dits_error *read_file(struct media_file *file)
{
    CLEANUP(keyframes_release) struct keyframes keyframes = {0};
    uint64_t end = 0;
    TRY(walk_spans(file));
    TRY(file->format->tree(file, see_node, &end));
    return keyframes_of_track(file, 0, &keyframes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory memory = {.base = {.size = size, .read_at = read_at},
                            .data = data};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CLEANUP(keyframes_release) struct keyframes keyframes = {0};
    dits_error *err = keyframes_of_bytes(&memory.base, 0, size, &keyframes);
    assert(err == NULL);
    if (size == 0 ||
        !media_format_es.probe(slice_of(data, size < 4096 ? size : 4096), size))
        return 0;
    err = media_open_as(&media_format_es, &memory.base, &file);
    if (err != NULL) {
        assert(dits_error_code(err) == DITS_E_UNSUPPORTED);
        dits_error_free(err);
        return 0;
    }
    err = read_file(file);
    assert(err == NULL);
    return 0;
}
