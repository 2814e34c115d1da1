#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/pool.h"
#include "store/stream_sink.h"

static void free_memory(struct cutter_memory *memory)
{
    mem_unmap(memory->bytes - CHUNKER_WINDOW,
              memory->capacity + CHUNKER_WINDOW);
    mem_free(memory);
}

static dits_error *make_memory(size_t capacity, struct cutter_memory **out)
{
    struct cutter_memory *memory = mem_new(struct cutter_memory);
    if (memory == NULL)
        return error_nomem();
    uint8_t *pages = mem_map(capacity + CHUNKER_WINDOW);
    if (pages == NULL) {
        mem_free(memory);
        return error_nomem();
    }
    memory->bytes = pages + CHUNKER_WINDOW;
    memory->capacity = capacity;
    *out = memory;
    return NULL;
}

/* Memory of that size which is not in use, or NULL. */
static struct cutter_memory *take_spare(struct stream_sink *sink,
                                        size_t capacity)
{
    POOL_LOCKED(&sink->mutex);
    struct cutter_memory **link = &sink->spare;
    while (*link != NULL && (*link)->capacity != capacity)
        link = &(*link)->next;
    struct cutter_memory *found = *link;
    if (found != NULL)
        *link = found->next;
    return found;
}

static dits_error *get_memory(void *payload, size_t capacity,
                              struct cutter_memory **out)
{
    struct stream_sink *sink = payload;
    *out = take_spare(sink, capacity);
    if (*out == NULL)
        TRY(make_memory(capacity, out));
    (*out)->size = 0;
    (*out)->next = NULL;
    return NULL;
}

void stream_sink_give_back(struct stream_sink *sink,
                           struct cutter_memory *memory)
{
    POOL_LOCKED(&sink->mutex);
    memory->next = sink->spare;
    sink->spare = memory;
}

static dits_error *take_chunk(void *payload, unsigned stream,
                              struct cutter_memory *chunk)
{
    struct stream_sink *sink = payload;
    struct cut_chunk *chunks = array_grown(sink->chunks, sink->chunk_count,
                                           &sink->chunk_capacity,
                                           sizeof(*chunks));
    if (chunks == NULL) {
        free_memory(chunk);
        return error_nomem();
    }
    sink->chunks = chunks;
    sink->chunks[sink->chunk_count++] = (struct cut_chunk){
        .stream = stream,
        .position = sink->cutters[stream].position - chunk->size,
        .memory = chunk,
    };
    size_t number = sink->chunk_count;
    if (sink->last_chunk[stream] == 0)
        sink->first_chunk[stream] = number;
    else
        sink->chunks[sink->last_chunk[stream] - 1].next = number;
    sink->last_chunk[stream] = number;
    return NULL;
}

dits_error *stream_sink_init(struct stream_sink *sink,
                             const struct stream_kind *streams,
                             size_t stream_count)
{
    *sink = (struct stream_sink){.stream_count = stream_count};
    (void)pthread_mutex_init(&sink->mutex, NULL);
    sink->host = (struct cutter_host){
        .get_memory = get_memory,
        .take_chunk = take_chunk,
        .payload = sink,
        .candidates = mem_new(struct candidates),
    };
    sink->cutters = mem_new_array(struct cutter, stream_count);
    if (sink->host.candidates == NULL || sink->cutters == NULL)
        return error_nomem();
    for (size_t i = 0; i < stream_count; i++)
        sink->cutters[i] = (struct cutter){
            .kind = streams[i], .host = &sink->host, .stream = (unsigned)i};
    return NULL;
}

void stream_sink_clear(struct stream_sink *sink)
{
    sink->chunk_count = 0;
    sink->run_count = 0;
    memset(sink->first_chunk, 0, sizeof(sink->first_chunk));
    memset(sink->last_chunk, 0, sizeof(sink->last_chunk));
}

void stream_sink_release(struct stream_sink *sink)
{
    for (size_t i = 0; i < sink->chunk_count; i++)
        if (sink->chunks[i].memory != NULL)
            free_memory(sink->chunks[i].memory);
    for (size_t i = 0; sink->cutters != NULL && i < sink->stream_count; i++)
        cutter_release(&sink->cutters[i], free_memory);
    while (sink->spare != NULL) {
        struct cutter_memory *next = sink->spare->next;
        free_memory(sink->spare);
        sink->spare = next;
    }
    mem_free(sink->chunks);
    mem_free(sink->runs);
    mem_free(sink->cutters);
    mem_free(sink->host.candidates);
    (void)pthread_mutex_destroy(&sink->mutex);
}

dits_error *stream_sink_put(struct stream_sink *sink, unsigned stream,
                            unsigned flags, const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return NULL;
    struct sink_run *runs = array_grown(sink->runs, sink->run_count,
                                        &sink->run_capacity, sizeof(*runs));
    if (runs == NULL)
        return error_nomem();
    sink->runs = runs;
    sink->runs[sink->run_count++] = (struct sink_run){
        .position = sink->positions[stream],
        .size = (uint32_t)size,
        .stream = (uint8_t)stream,
    };
    sink->positions[stream] += size;
    sink->total += size;
    return cutter_add(&sink->cutters[stream], flags, bytes, size);
}

dits_error *stream_sink_finish(struct stream_sink *sink)
{
    for (size_t i = 0; i < sink->stream_count; i++)
        TRY(cutter_finish(&sink->cutters[i]));
    return NULL;
}

/* Where the byte at `position` of a stream is now, and how many follow. */
static const uint8_t *find_bytes(const struct stream_sink *sink,
                                 unsigned stream, uint64_t position,
                                 size_t *out_size)
{
    const struct cutter *cutter = &sink->cutters[stream];
    for (size_t i = sink->first_chunk[stream]; i != 0;) {
        const struct cut_chunk *cut = &sink->chunks[i - 1];
        uint64_t skip = position - cut->position;
        if (position >= cut->position && skip < cut->memory->size) {
            *out_size = cut->memory->size - (size_t)skip;
            return cut->memory->bytes + skip;
        }
        i = cut->next;
    }
    uint64_t skip = position - cutter->position;
    if (cutter->chunk == NULL || position < cutter->position ||
        skip >= cutter->chunk->size)
        return NULL;
    *out_size = cutter->chunk->size - (size_t)skip;
    return cutter->chunk->bytes + skip;
}

static bool run_is_plain(const struct stream_sink *sink,
                         const struct sink_run *run, const uint8_t *bytes)
{
    uint64_t position = run->position;
    for (size_t left = run->size; left > 0;) {
        size_t some = 0;
        const uint8_t *at = find_bytes(sink, run->stream, position, &some);
        some = some < left ? some : left;
        if (at == NULL || memcmp(at, bytes, some) != 0)
            return false;
        position += some;
        bytes += some;
        left -= some;
    }
    return true;
}

static bool units_are_swapped(const uint8_t *units, const uint8_t *bytes,
                              size_t count, unsigned unit)
{
    for (size_t i = 0; i < count; i++)
        for (unsigned k = 0; k < unit; k++)
            if (units[i * unit + k] != bytes[i * unit + (unit - 1 - k)])
                return false;
    return true;
}

/*
 * Only whole units that lie in one chunk are looked at: the few others are at
 * the ends of runs and chunks.
 */
static bool run_is_swapped(const struct stream_sink *sink,
                           const struct sink_run *run, const uint8_t *bytes)
{
    unsigned unit = sink->cutters[run->stream].kind.swapped;
    uint64_t end = run->position + run->size;
    uint64_t at = (run->position + unit - 1) / unit * unit;
    while (at + unit <= end) {
        size_t some = 0;
        const uint8_t *units = find_bytes(sink, run->stream, at, &some);
        if (units == NULL)
            return false;
        size_t count = (some < end - at ? some : (size_t)(end - at)) / unit;
        if (!units_are_swapped(units, bytes + (at - run->position), count,
                               unit))
            return false;
        at += (count > 0 ? count : 1) * unit;
    }
    return true;
}

dits_error *stream_sink_check(const struct stream_sink *sink,
                              const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < sink->run_count; i++) {
        const struct sink_run *run = &sink->runs[i];
        bool swapped = sink->cutters[run->stream].kind.swapped > 1;
        bool same = run->size <= size &&
                    (swapped ? run_is_swapped(sink, run, bytes)
                             : run_is_plain(sink, run, bytes));
        if (!same)
            return error_new(DITS_E_CORRUPT,
                             "the streams of a file do not give its bytes");
        bytes += run->size;
        size -= run->size;
    }
    return NULL;
}
