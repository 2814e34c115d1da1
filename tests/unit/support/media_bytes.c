#include "support/media_bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"

static dits_error *read_bytes(struct source *self, uint64_t offset, size_t size,
                              void *out)
{
    const struct media_bytes *bytes = (const struct media_bytes *)self;
    if (offset > self->size || size > self->size - offset)
        return error_new(DITS_E_INVALID, "a read past the end");
    memcpy(out, bytes->data + offset, size);
    return NULL;
}

struct media_bytes media_bytes_over(struct slice bytes)
{
    return (struct media_bytes){{bytes.size, read_bytes}, bytes.data};
}

static dits_error *walk_spans(struct media_file *file, struct media_walk *walk,
                              struct media_walked *out)
{
    struct media_span span = {0};
    uint64_t at = 0;
    bool found = false;
    TRY(file->format->next_span(walk, &span, &found));
    while (found) {
        if (span.offset < at || span.size == 0 ||
            span.offset > file->source->size ||
            span.size > file->source->size - span.offset ||
            span.track >= file->track_count)
            return error_new(DITS_E_CORRUPT, "a span that cannot be");
        at = span.offset + span.size;
        if (out->span_count < 16)
            out->spans[out->span_count] = span;
        out->span_count++;
        out->span_bytes += span.size;
        TRY(file->format->next_span(walk, &span, &found));
    }
    return NULL;
}

static dits_error *walk_samples(struct media_file *file,
                                struct media_walk *walk,
                                struct media_walked *out)
{
    struct media_sample sample = {0};
    bool found = false;
    TRY(file->format->next_sample(walk, &sample, &found));
    while (found) {
        if (out->sample_count < 16)
            out->samples[out->sample_count] = sample;
        out->sample_count++;
        TRY(file->format->next_sample(walk, &sample, &found));
    }
    return NULL;
}

static dits_error *count_node(const struct media_node *node, void *payload)
{
    size_t *count = payload;
    *count += node->name != NULL;
    return NULL;
}

dits_error *media_walk_all(struct media_file *file, struct media_walked *out)
{
    struct media_walk *walk = NULL;
    TRY(file->format->spans(file, &walk));
    dits_error *err = walk_spans(file, walk, out);
    file->format->end_walk(walk);
    TRY(err);
    walk = NULL;
    if (file->track_count > 0) {
        TRY(file->format->samples(file, 0, &walk));
        err = walk_samples(file, walk, out);
        file->format->end_walk(walk);
        TRY(err);
    }
    return file->format->tree(file, count_node, &out->node_count);
}

bool media_survives(const struct media_format *format, struct slice bytes)
{
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = media_bytes_over(bytes);
    struct media_walked walked = {0};
    dits_error *err = media_open_as(format, &source.source, &file);
    if (err == NULL)
        err = media_walk_all(file, &walked);
    bool is_good = err == NULL || dits_error_code(err) == DITS_E_UNSUPPORTED ||
                   dits_error_code(err) == DITS_E_NOMEM;
    dits_error_free(err);
    return is_good;
}

bool media_survives_all(const struct media_format *format, struct slice bytes,
                        size_t size)
{
    CLEANUP(buf_release) struct buf copy = {0};
    bool is_good = true;
    dits_error *err = buf_put(&copy, bytes.data, bytes.size);
    if (err != NULL) {
        dits_error_free(err);
        return false;
    }
    for (size_t i = 0; is_good && i < bytes.size; i++)
        is_good = media_survives(format, slice_of(bytes.data, i));
    for (size_t i = 0; is_good && i < size && i < copy.size; i++) {
        copy.data[i] ^= 0xff;
        is_good = media_survives(format, buf_slice(&copy));
        copy.data[i] ^= 0xff;
    }
    size_t live = mem_fault_live();
    for (unsigned nth = 1; is_good; nth++) {
        mem_fault_arm(nth);
        is_good = media_survives(format, bytes);
        if (!mem_fault_disarm())
            break;
        is_good = is_good && mem_fault_live() == live;
    }
    return is_good;
}

const char *media_fact(const struct media_facts *facts, const char *name,
                       char *out, size_t size)
{
    const struct fact *fact = facts_find(facts, name);
    out[0] = 0;
    if (fact == NULL)
        return out;
    if (fact->type == FACT_TEXT)
        (void)snprintf(out, size, "%s", fact->text);
    else if (fact->type == FACT_RATIONAL)
        (void)snprintf(out, size, "%" PRId64 "/%" PRId64, fact->number,
                       fact->divisor);
    else
        (void)snprintf(out, size, "%" PRId64, fact->number);
    return out;
}

dits_error *media_seed(const char *target, const char *name, struct buf *out)
{
    char path[512] = "";
    char bytes[4096] = "";
    (void)snprintf(path, sizeof(path), SOURCE_ROOT "/tests/fuzz/corpus/%s/%s",
                   target, name);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return error_new(DITS_E_NOT_FOUND, "no seed '%s'", path);
    size_t size = fread(bytes, 1, sizeof(bytes), stream);
    (void)fclose(stream);
    return buf_put(out, bytes, size);
}
