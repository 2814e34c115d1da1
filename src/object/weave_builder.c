#include "object/weave_builder.h"

#include <assert.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

void weave_builder_release(struct weave_builder *builder)
{
    weave_segment_release(&builder->segment);
    weave_release(&builder->weave);
}

static dits_error *make_room(struct weave_builder *builder)
{
    struct weave *weave = &builder->weave;
    if (weave->count < builder->capacity)
        return NULL;
    size_t capacity = builder->capacity == 0 ? 8 : 2 * builder->capacity;
    struct weave_part *parts =
        mem_resize(weave->parts, builder->capacity, capacity, sizeof(*parts));
    if (parts == NULL)
        return error_nomem();
    weave->parts = parts;
    uint64_t *starts = mem_resize(weave->starts,
                                  builder->capacity * weave->streams,
                                  capacity * weave->streams, sizeof(*starts));
    if (starts == NULL)
        return error_nomem();
    weave->starts = starts;
    builder->capacity = capacity;
    return NULL;
}

/* Store the segment under way and add it to the index. */
static dits_error *store_segment(struct weave_builder *builder)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct weave *weave = &builder->weave;
    TRY(make_room(builder));
    TRY(weave_segment_encode(&builder->segment, &bytes));
    struct weave_part *part = &weave->parts[weave->count];
    *part = (struct weave_part){.runs = builder->segment.count};
    TRY(store_writer_put(builder->writer, CHUNK_LIST, bytes.data, bytes.size,
                         &part->id));
    for (size_t s = 0; s < weave->streams; s++) {
        part->offset += builder->starts[s];
        part->size += builder->positions[s] - builder->starts[s];
    }
    memcpy(&weave->starts[weave->count * weave->streams], builder->starts,
           weave->streams * sizeof(*builder->starts));
    memcpy(builder->starts, builder->positions, sizeof(builder->starts));
    weave->count++;
    builder->segment.count = 0;
    return NULL;
}

static dits_error *append(struct weave_builder *builder, struct weave_run run)
{
    struct weave_segment *segment = &builder->segment;
    struct weave_run *runs = array_grown(segment->runs, segment->count,
                                         &builder->segment_capacity,
                                         sizeof(*runs));
    if (runs == NULL)
        return error_nomem();
    segment->runs = runs;
    segment->runs[segment->count++] = run;
    return NULL;
}

dits_error *weave_builder_add(struct weave_builder *builder,
                              struct weave_run run)
{
    struct weave_segment *segment = &builder->segment;
    assert(run.size > 0 && run.stream < builder->weave.streams);
    size_t count = segment->count;
    if (count > 0 && segment->runs[count - 1].stream == run.stream) {
        segment->runs[count - 1].size += run.size;
        builder->positions[run.stream] += run.size;
        return NULL;
    }
    if (count >= 2 && weave_segment_ends(count, &segment->runs[count - 2]))
        TRY(store_segment(builder));
    TRY(append(builder, run));
    builder->positions[run.stream] += run.size;
    return NULL;
}

dits_error *weave_builder_finish(struct weave_builder *builder,
                                 struct weave *out)
{
    if (builder->segment.count > 0)
        TRY(store_segment(builder));
    *out = MOVE(builder->weave);
    weave_builder_release(builder);
    return NULL;
}
