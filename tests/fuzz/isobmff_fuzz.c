/* ISO base media files: tracks, spans, samples and the tree. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "media/formats.h"
#include "media/isobmff/isobmff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_TRACKS = 4, MAX_SAMPLES = 2000 };

struct memory {
    struct source source;
    struct slice bytes;
};

static dits_error *read_memory(struct source *self, uint64_t offset,
                               size_t size, void *out)
{
    struct memory *memory = (struct memory *)self;
    assert(offset <= memory->bytes.size && size <= memory->bytes.size - offset);
    if (size > 0)
        memcpy(out, memory->bytes.data + offset, size);
    return NULL;
}

static dits_error *walk_spans(struct media_file *file)
{
    struct media_walk *walk = NULL;
    uint64_t end = 0;
    bool found = true;
    TRY(file->format->spans(file, &walk));
    while (found) {
        struct media_span span = {0};
        dits_error *err = file->format->next_span(walk, &span, &found);
        assert(err == NULL);
        if (!found)
            break;
        assert(span.size > 0 && span.offset >= end);
        assert(span.offset <= file->source->size);
        assert(span.size <= file->source->size - span.offset);
        assert(span.track < file->track_count);
        end = span.offset + span.size;
    }
    file->format->end_walk(walk);
    return NULL;
}

static dits_error *walk_samples(struct media_file *file, uint32_t track)
{
    struct media_walk *walk = NULL;
    bool found = true;
    TRY(file->format->samples(file, track, &walk));
    for (uint64_t i = 0; found && i < MAX_SAMPLES; i++) {
        struct media_sample sample = {0};
        dits_error *err = file->format->next_sample(walk, &sample, &found);
        assert(err == NULL);
        assert(!found || sample.number == i);
    }
    file->format->end_walk(walk);
    return NULL;
}

static dits_error *count_node(const struct media_node *node, void *payload)
{
    size_t *count = payload;
    assert(node->name != NULL);
    (*count)++;
    return NULL;
}

static dits_error *ask_all(struct media_file *file)
{
    CLEANUP(buf_release) struct buf entry = {0};
    for (uint32_t i = 0; i < file->track_count && i < MAX_TRACKS; i++) {
        uint32_t other = 0;
        struct isobmff_edit edit = {0};
        TRY(isobmff_description(file, i, 0, &entry));
        (void)isobmff_reference(file, i, 0x63686170, 0, &other);
        if (isobmff_edit_count(file, i) > 0)
            TRY(isobmff_edit_at(file, i, 0, &edit));
        (void)isobmff_item_id(file, i, 0);
    }
    for (size_t i = 0; i < isobmff_run_count(file) && i < MAX_SAMPLES; i++)
        assert(isobmff_run_at(file, i).fragment < isobmff_fragment_count(file));
    return NULL;
}

static dits_error *read_all(struct slice input)
{
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct memory memory = {
        .source = {.size = input.size, .read_at = read_memory},
        .bytes = input,
    };
    size_t nodes = 0;
    (void)media_format_isobmff.probe(input, input.size);
    TRY(media_open_as(&media_format_isobmff, &memory.source, &file));
    TRY(walk_spans(file));
    for (uint32_t i = 0; i < file->track_count && i < MAX_TRACKS; i++)
        TRY(walk_samples(file, i));
    TRY(ask_all(file));
    return file->format->tree(file, count_node, &nodes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(read_all(slice_of(data, size)));
    return 0;
}
