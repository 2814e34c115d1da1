#include "repo/watcher_log.h"

#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

enum { SLOTS_LEAST = 256 };

static void forget_changes(struct watcher_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        mem_free(log->changes[i].path);
    log->count = 0;
    log->live = 0;
    if (log->slots != NULL)
        memset(log->slots, 0, log->slot_count * sizeof(*log->slots));
}

void watcher_log_release(struct watcher_log *log)
{
    forget_changes(log);
    mem_free(log->changes);
    mem_free(log->slots);
    *log = (struct watcher_log){0};
}

/* The slot of `path`, or the free one where it belongs. */
static uint32_t *slot_of(const struct watcher_log *log, const char *path)
{
    size_t at = (size_t)hash_checksum(path, strlen(path));
    for (;; at++) {
        uint32_t *slot = &log->slots[at & (log->slot_count - 1)];
        if (*slot == 0)
            return slot;
        const char *there = log->changes[*slot - 1].path;
        if (there != NULL && strcmp(there, path) == 0)
            return slot;
    }
}

/* Leave out what changed again later, and find every path anew. */
static void compact(struct watcher_log *log)
{
    size_t kept = 0;
    memset(log->slots, 0, log->slot_count * sizeof(*log->slots));
    for (size_t i = 0; i < log->count; i++)
        if (log->changes[i].path != NULL)
            log->changes[kept++] = log->changes[i];
    log->count = kept;
    for (size_t i = 0; i < kept; i++)
        *slot_of(log, log->changes[i].path) = (uint32_t)i + 1;
}

/* At least half of the slots are free. */
static dits_error *make_room(struct watcher_log *log)
{
    struct watcher_change *changes =
        array_grown(log->changes, log->count, &log->capacity, sizeof(*changes));
    if (changes == NULL)
        return error_nomem();
    log->changes = changes;
    size_t wanted = log->slot_count > 0 ? log->slot_count : SLOTS_LEAST;
    if (log->count * 2 < wanted && log->slots != NULL)
        return NULL;
    while (log->live * 4 >= wanted)
        wanted *= 2;
    uint32_t *slots = mem_new_array(uint32_t, wanted);
    if (slots == NULL)
        return error_nomem();
    mem_free(log->slots);
    log->slots = slots;
    log->slot_count = wanted;
    compact(log);
    return NULL;
}

dits_error *watcher_log_add(struct watcher_log *log, const char *path)
{
    CLEANUP(text_free) char *own = NULL;
    size_t max = log->max != 0 ? log->max : WATCHER_LOG_MAX;
    TRY(make_room(log));
    uint32_t *slot = slot_of(log, path);
    bool is_new = *slot == 0;
    log->number++;
    if (is_new && log->live == max) {
        forget_changes(log);
        log->floor = log->number;
        return NULL;
    }
    if (is_new)
        TRY(text_copy(path, &own));
    else
        own = MOVE(log->changes[*slot - 1].path);
    log->live += is_new;
    struct watcher_change *change = &log->changes[log->count++];
    change->path = MOVE(own);
    change->number = log->number;
    *slot = (uint32_t)log->count;
    return NULL;
}

bool watcher_log_find(const struct watcher_log *log, uint64_t since,
                      size_t *out)
{
    size_t low = 0;
    size_t high = log->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->changes[middle].number <= since)
            low = middle + 1;
        else
            high = middle;
    }
    *out = low;
    return since >= log->floor && since <= log->number;
}
