#include "media/isobmff/streams.h"

#include <stdlib.h>

#include "base/mem.h"

static void release(struct stream *stream)
{
    chunk_cursor_release(&stream->chunks);
    mem_free(stream->sorted);
    mem_free(stream->order);
}

void streams_release(struct streams *streams)
{
    for (size_t i = 0; i < streams->count; i++)
        release(&streams->list[i]);
    mem_free(streams->list);
    mem_free(streams->heap);
    *streams = (struct streams){0};
}

static dits_error *next_chunk(struct stream *stream)
{
    struct chunk chunk = {0};
    TRY(chunk_cursor_next(&stream->chunks, &chunk, &stream->has_head));
    stream->head = (struct extent){
        .offset = chunk.offset,
        .first = chunk.first,
        .count = chunk.count,
    };
    return NULL;
}

static void next_run(struct stream *stream)
{
    stream->has_head = stream->at < stream->count;
    if (!stream->has_head)
        return;
    size_t index = stream->order == NULL ? stream->at
                                         : stream->order[stream->at];
    const struct run *run = &stream->state->fragments.runs[index];
    stream->head = (struct extent){
        .offset = run->offset,
        .first = index,
        .count = run->count,
    };
    stream->at++;
}

static void next_item(struct stream *stream)
{
    stream->has_head = stream->at < stream->count;
    if (!stream->has_head)
        return;
    stream->head = (struct extent){
        .offset = stream->state->items.extents[stream->at].offset,
        .first = stream->at,
        .count = 1,
    };
    stream->at++;
}

static void next_sorted(struct stream *stream)
{
    stream->has_head = stream->at < stream->count;
    if (stream->has_head)
        stream->head = stream->sorted[stream->at++];
}

static dits_error *next(struct stream *stream)
{
    switch (stream->kind) {
    case STREAM_CHUNKS:
        return next_chunk(stream);
    case STREAM_RUNS:
        return next_run(stream), NULL;
    case STREAM_ITEMS:
        return next_item(stream), NULL;
    case STREAM_SORTED:
        return next_sorted(stream), NULL;
    }
    return NULL;
}

/* Whether the offsets of the chunks ascend as they are. */
static dits_error *is_ascending(const struct sample_table *table, bool *out)
{
    CLEANUP(chunk_cursor_release) struct chunk_cursor cursor = {0};
    struct chunk chunk = {0};
    uint64_t last = 0;
    bool found = true;
    chunk_cursor_open(&cursor, table);
    *out = true;
    while (found && *out) {
        TRY(chunk_cursor_next(&cursor, &chunk, &found));
        *out = !found || chunk.offset >= last;
        last = chunk.offset;
    }
    return NULL;
}

static int compare_extents(const void *a, const void *b)
{
    const struct extent *x = a, *y = b;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static void sync_cursor_clean(struct sync_cursor *cursor)
{
    sync_cursor_release(cursor);
}

/*
 * All chunks by offset. With each comes its place in the tables of sync
 * samples, so that these need not be searched.
 */
static dits_error *sort_chunks(struct stream *stream,
                               const struct sample_table *table)
{
    CLEANUP(chunk_cursor_release) struct chunk_cursor cursor = {0};
    CLEANUP(sync_cursor_clean) struct sync_cursor sync = {0};
    enum media_sync ignored = MEDIA_SYNC_NO;
    struct chunk chunk = {0};
    bool found = true;
    chunk_cursor_open(&cursor, table);
    sync_cursor_open(&sync, table);
    stream->kind = STREAM_SORTED;
    stream->sorted = mem_new_array(struct extent, table->chunks.count);
    if (stream->sorted == NULL)
        return error_nomem();
    while (found) {
        TRY(chunk_cursor_next(&cursor, &chunk, &found));
        if (!found || chunk.count == 0)
            continue;
        TRY(sync_cursor_at(&sync, chunk.first, &ignored));
        stream->sorted[stream->count++] = (struct extent){
            .offset = chunk.offset,
            .first = chunk.first,
            .count = chunk.count,
            .place = sync.place,
        };
    }
    qsort(stream->sorted, stream->count, sizeof(*stream->sorted),
          compare_extents);
    return NULL;
}

static dits_error *open_track(struct stream *stream,
                              const struct sample_table *table)
{
    bool ascends = false;
    TRY(is_ascending(table, &ascends));
    if (!ascends)
        return sort_chunks(stream, table);
    chunk_cursor_open(&stream->chunks, table);
    return NULL;
}

static int compare_runs(const void *a, const void *b, void *payload)
{
    const struct run *runs = payload;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (runs[x].offset != runs[y].offset)
        return runs[x].offset < runs[y].offset ? -1 : 1;
    return x < y ? -1 : x > y;
}

static dits_error *open_runs(struct stream *stream)
{
    const struct fragments *fragments = &stream->state->fragments;
    size_t sorted = 1;
    stream->kind = STREAM_RUNS;
    stream->count = fragments->run_count;
    while (sorted < stream->count &&
           fragments->runs[sorted - 1].offset <= fragments->runs[sorted].offset)
        sorted++;
    if (sorted >= stream->count)
        return NULL;
    stream->order = mem_new_array(uint32_t, stream->count);
    if (stream->order == NULL)
        return error_nomem();
    for (size_t i = 0; i < stream->count; i++)
        stream->order[i] = (uint32_t)i;
    qsort_r(stream->order, stream->count, sizeof(*stream->order), compare_runs,
            fragments->runs);
    return NULL;
}

/* By offset, then by the order of the streams: the earlier claim wins. */
static bool is_before(const struct streams *streams, uint32_t a, uint32_t b)
{
    uint64_t x = streams->list[a].head.offset;
    uint64_t y = streams->list[b].head.offset;
    return x != y ? x < y : a < b;
}

static void sink(struct streams *streams, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
            if (child < streams->live &&
                is_before(streams, streams->heap[child], streams->heap[least]))
                least = child;
        if (least == at)
            return;
        uint32_t moved = streams->heap[at];
        streams->heap[at] = streams->heap[least];
        streams->heap[least] = moved;
        at = least;
    }
}

static dits_error *open_list(struct streams *streams,
                             const struct media_file *file)
{
    const struct isobmff *state = isobmff_state(file);
    for (uint32_t i = 0; i < state->track_count; i++) {
        const struct sample_table *table = &state->tracks[i].samples;
        struct stream *stream = &streams->list[streams->count];
        if (table->sample_count == 0 || file->tracks[i].is_external)
            continue;
        *stream = (struct stream){.track = i, .state = state};
        streams->count++;
        TRY(open_track(stream, table));
    }
    streams->list[streams->count++].state = state;
    TRY(open_runs(&streams->list[streams->count - 1]));
    streams->list[streams->count++] = (struct stream){
        .kind = STREAM_ITEMS,
        .state = state,
        .count = state->items.extent_count,
    };
    return NULL;
}

dits_error *streams_open(struct streams *streams, const struct media_file *file)
{
    size_t most = isobmff_state(file)->track_count + 2;
    streams->list = mem_new_array(struct stream, most);
    streams->heap = mem_new_array(uint32_t, most);
    if (streams->list == NULL || streams->heap == NULL)
        return error_nomem();
    TRY(open_list(streams, file));
    for (uint32_t i = 0; i < streams->count; i++) {
        TRY(next(&streams->list[i]));
        if (streams->list[i].has_head)
            streams->heap[streams->live++] = i;
    }
    for (size_t i = streams->live / 2; i-- > 0;)
        sink(streams, i);
    return NULL;
}

struct stream *streams_first(struct streams *streams)
{
    return streams->live == 0 ? NULL : &streams->list[streams->heap[0]];
}

dits_error *streams_advance(struct streams *streams)
{
    struct stream *stream = streams_first(streams);
    TRY(next(stream));
    if (!stream->has_head)
        streams->heap[0] = streams->heap[--streams->live];
    sink(streams, 0);
    return NULL;
}
