#include "base/progress.h"

#include <time.h>

#include "base/pool.h"

enum { PAUSE_MS = 100 };

static int64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(struct progress *progress, const dits_context *context,
                    const char *task, uint64_t total_bytes,
                    uint64_t total_items)
{
    *progress = (struct progress){
        .context = context,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .state = {.task = task,
                  .total_bytes = total_bytes,
                  .total_items = total_items},
        .told_ms = now_ms(),
    };
}

void progress_add(struct progress *progress, uint64_t bytes, uint64_t items,
                  const char *item)
{
    POOL_LOCKED(&progress->mutex);
    progress->state.done_bytes += bytes;
    progress->state.done_items += items;
    int64_t now = now_ms();
    if (now - progress->told_ms < PAUSE_MS)
        return;
    progress->told_ms = now;
    progress->state.item = item;
    context_progress(progress->context, &progress->state);
    progress->state.item = NULL;
}

void progress_expect(struct progress *progress, uint64_t bytes)
{
    POOL_LOCKED(&progress->mutex);
    progress->state.total_bytes += bytes;
}

void progress_bytes(uint64_t bytes, void *progress)
{
    progress_add(progress, bytes, 0, NULL);
}

void progress_end(struct progress *progress)
{
    if (progress->context == NULL)
        return;
    progress->state.finished = 1;
    context_progress(progress->context, &progress->state);
    (void)pthread_mutex_destroy(&progress->mutex);
    progress->context = NULL;
}
