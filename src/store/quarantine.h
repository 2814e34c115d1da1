/*
 * store/quarantine.h - copies of chunks that were found damaged
 *
 * One small file for each in .dits/quarantine. Its name says which copy; what
 * it holds is for people. A copy in quarantine is not there: it is neither
 * read nor counted as stored, so that storing the chunk again heals it.
 */
#ifndef STORE_QUARANTINE_H
#define STORE_QUARANTINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/context.h"
#include "store/pack_format.h"

struct damaged_copy {
    struct dits_oid pack; /* its name */
    uint32_t offset;
};

/* Any thread. */
struct quarantine {
    const dits_context *context;
    char *folder;
    atomic_size_t count; /* of the list below, to be asked without the mutex */
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct damaged_copy *copies;
    size_t capacity;
};

/* Errors: NOMEM, IO. A folder that is missing is empty. */
MUST_USE dits_error *quarantine_open(const dits_context *context,
                                     const char *folder,
                                     struct quarantine *out);
void quarantine_release(struct quarantine *quarantine);

bool quarantine_has(struct quarantine *quarantine, const char *pack,
                    uint32_t offset);

/* Whether any copy in that pack is. */
bool quarantine_has_pack(struct quarantine *quarantine, const char *pack);

/*
 * Put a copy in quarantine and warn, once for each copy. Best effort: where
 * the file cannot be written, this process alone remembers.
 */
void quarantine_add(struct quarantine *quarantine, const char *pack,
                    const struct frame *frame, const char *reason);

/* Forget the copies in a pack that was removed. */
void quarantine_forget(struct quarantine *quarantine, const char *pack);

#endif
