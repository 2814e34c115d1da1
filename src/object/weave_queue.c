#include "object/weave_queue.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"

void weave_queue_release(struct weave_queue *queue)
{
    buf_release(&queue->bytes);
    mem_free(queue->runs);
    *queue = (struct weave_queue){0};
}

/* Room for a run at `index`, before what is there. */
static dits_error *open_gap(struct weave_queue *queue, size_t index)
{
    struct queued_run *runs =
        array_grown(queue->runs, queue->count, &queue->capacity, sizeof(*runs));
    if (runs == NULL)
        return error_nomem();
    queue->runs = runs;
    memmove(&queue->runs[index + 1], &queue->runs[index],
            (queue->count - index) * sizeof(*queue->runs));
    queue->count++;
    return NULL;
}

dits_error *weave_queue_add(struct weave_queue *queue, struct queued_run run,
                            const uint8_t *bytes)
{
    TRY(buf_put(&queue->bytes, bytes, run.size));
    TRY(open_gap(queue, queue->count));
    queue->runs[queue->count - 1] = run;
    return NULL;
}

static bool is_held(const struct queued_run *run, uint32_t track)
{
    return run->stream < 0 && run->track == track;
}

size_t weave_queue_held(const struct weave_queue *queue, uint32_t track)
{
    size_t size = 0;
    for (size_t i = 0; i < queue->count; i++)
        if (is_held(&queue->runs[i], track))
            size += queue->runs[i].size;
    return size;
}

dits_error *weave_queue_resolve(struct weave_queue *queue, uint32_t track,
                                size_t size, int stream, unsigned flags)
{
    for (size_t i = 0; i < queue->count && size > 0; i++) {
        if (!is_held(&queue->runs[i], track))
            continue;
        if (queue->runs[i].size > size) {
            TRY(open_gap(queue, i));
            queue->runs[i].size = size;
            queue->runs[i + 1].size -= size;
        }
        queue->runs[i].stream = stream;
        queue->runs[i].flags = flags;
        size -= queue->runs[i].size;
        flags = 0;
    }
    return NULL;
}

dits_error *weave_queue_flush(struct weave_queue *queue, weave_queue_fn *fn,
                              void *payload)
{
    size_t done = 0;
    size_t i = 0;
    for (; i < queue->count && queue->runs[i].stream >= 0; i++) {
        const struct queued_run *run = &queue->runs[i];
        TRY(fn(payload, run->stream, run->flags, queue->bytes.data + done,
               run->size));
        done += run->size;
    }
    if (i == 0)
        return NULL;
    queue->count -= i;
    memmove(queue->runs, queue->runs + i, queue->count * sizeof(*queue->runs));
    queue->bytes.size -= done;
    memmove(queue->bytes.data, queue->bytes.data + done, queue->bytes.size);
    return NULL;
}
