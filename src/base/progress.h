/*
 * base/progress.h - telling the caller how far a task is
 *
 * Several threads may work on one task. The caller's function is called some
 * ten times a second at most, never twice at once (dits/context.h).
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <pthread.h>

#include "base/context.h"

struct progress {
    const dits_context *context;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct dits_progress state;
    int64_t told_ms;
};

/* `task` is a constant. Totals of 0 are not known. */
void progress_begin(struct progress *progress, const dits_context *context,
                    const char *task, uint64_t total_bytes,
                    uint64_t total_items);

/* Any thread. `item` may be NULL and is borrowed for the call. */
void progress_add(struct progress *progress, uint64_t bytes, uint64_t items,
                  const char *item);

/* Any thread. There are `bytes` more to do than was known. */
void progress_expect(struct progress *progress, uint64_t bytes);

/* Any thread. The form that asset and ingest functions call. */
void progress_bytes(uint64_t bytes, void *progress);

/* Tell that it is over. For CLEANUP(): the zero value is accepted. */
void progress_end(struct progress *progress);

#endif
