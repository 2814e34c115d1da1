#include "store/cutter.h"

#include <string.h>

#include "base/le.h"

/* Content is scanned in pieces of at least this, to scan seldom. */
enum { SCAN_BYTES = 64 * 1024 };

/* Of each so many bytes of a unit the last eight go into its hash. */
enum { MARK_EVERY = 4096 };

void cutter_release(struct cutter *cutter,
                    void (*free_memory)(struct cutter_memory *))
{
    if (cutter->chunk != NULL)
        free_memory(cutter->chunk);
    cutter->chunk = NULL;
}

/* Begin a chunk with the bytes behind `from` of `before`, which may be NULL. */
static dits_error *begin_chunk(struct cutter *cutter,
                               const struct cutter_memory *before, size_t from)
{
    struct cutter_memory *chunk = NULL;
    TRY(cutter->host->get_memory(cutter->host->payload,
                                 cutter->kind.chunker->max_size, &chunk));
    chunk->size = before == NULL ? 0 : before->size - from;
    if (before == NULL)
        memset(chunk->bytes - CHUNKER_WINDOW, 0, CHUNKER_WINDOW);
    else
        memcpy(chunk->bytes - CHUNKER_WINDOW,
               before->bytes + from - CHUNKER_WINDOW,
               CHUNKER_WINDOW + chunk->size);
    cutter->chunk = chunk;
    cutter->scanned = 0;
    cutter->best = 0;
    return NULL;
}

/* End the chunk after its first `size` bytes. */
static dits_error *cut_at(struct cutter *cutter, size_t size)
{
    struct cutter_memory *chunk = cutter->chunk;
    TRY(begin_chunk(cutter, chunk, size));
    chunk->size = size;
    cutter->position += size;
    return cutter->host->take_chunk(cutter->host->payload, cutter->stream,
                                    chunk);
}

/* Where the content says to cut, of what is there; 0: nowhere yet. */
static size_t find_cut(struct cutter *cutter)
{
    const struct chunker *chunker = cutter->kind.chunker;
    struct candidates *candidates = cutter->host->candidates;
    const uint8_t *base = cutter->chunk->bytes - CHUNKER_WINDOW;
    size_t end = CHUNKER_WINDOW + cutter->chunk->size;
    size_t complete = CHUNKER_WINDOW + cutter->scanned;
    size_t cut = 0;
    while (cut == 0 && complete < end) {
        size_t next = 0;
        candidates->count = 0;
        complete = chunker_scan(chunker, base, complete, end, candidates);
        cut = chunker_cut(chunker, candidates, &next, CHUNKER_WINDOW, complete);
    }
    cutter->scanned = complete - CHUNKER_WINDOW;
    return cut == 0 ? 0 : cut - CHUNKER_WINDOW;
}

static dits_error *cut_by_content(struct cutter *cutter)
{
    for (size_t cut = 0; (cut = find_cut(cutter)) > 0;)
        TRY(cut_at(cutter, cut));
    return NULL;
}

/* The chunk is as long as it may be: by units if there was any. */
static dits_error *cut_full(struct cutter *cutter)
{
    if (cutter->kind.by_units && cutter->best > 0)
        return cut_at(cutter, cutter->best);
    size_t cut = find_cut(cutter);
    return cut_at(cutter, cut > 0 ? cut : cutter->chunk->size);
}

static uint64_t hash_word(uint64_t hash, const uint8_t *at)
{
    hash = (hash ^ le64_load(at)) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 32;
}

/*
 * Of the unit that ends here: its marks, and the window of bytes before its
 * end. Codecs of a constant rate end each picture in the same padding.
 */
static uint64_t hash_unit(const struct cutter *cutter)
{
    const uint8_t *end = cutter->chunk->bytes + cutter->chunk->size;
    uint64_t hash = cutter->mark_hash;
    for (const uint8_t *at = end - CHUNKER_WINDOW; at < end; at += 8)
        hash = hash_word(hash, at);
    return hash * UINT64_C(0x9e3779b97f4a7c15);
}

/* One of so many places of this distance is taken that chunks get average. */
static bool is_taken(const struct chunker *chunker, uint64_t hash,
                     uint64_t distance)
{
    uint64_t room = chunker->average_size - chunker->min_size;
    return distance >= room || hash < UINT64_MAX / room * distance;
}

static bool cuts_here(struct cutter *cutter, bool is_group)
{
    const struct chunker *chunker = cutter->kind.chunker;
    uint64_t distance = is_group ? cutter->group_size : cutter->unit_size;
    if (is_group && distance >= chunker->average_size)
        return true;
    if (cutter->chunk->size < chunker->min_size)
        return false;
    uint64_t hash = hash_unit(cutter);
    if (is_taken(chunker, hash, distance))
        return true;
    bool better =
        cutter->best == 0 || is_group > cutter->best_is_group ||
        (is_group == cutter->best_is_group && hash < cutter->best_hash);
    if (better) {
        cutter->best = cutter->chunk->size;
        cutter->best_hash = hash;
        cutter->best_is_group = is_group;
    }
    return false;
}

static dits_error *begin_unit(struct cutter *cutter, unsigned flags)
{
    bool is_group = (flags & CUT_GROUP) != 0;
    if (cutter->chunk != NULL && cutter->chunk->size > 0 &&
        cuts_here(cutter, is_group))
        TRY(cut_at(cutter, cutter->chunk->size));
    cutter->unit_size = 0;
    cutter->marked = 0;
    cutter->mark_hash = 0;
    if (is_group)
        cutter->group_size = 0;
    return NULL;
}

/* How much may come before the next mark, at most `size`. */
static size_t up_to_mark(const struct cutter *cutter, size_t size)
{
    size_t left = MARK_EVERY - (size_t)(cutter->marked % MARK_EVERY);
    return cutter->kind.by_units && left < size ? left : size;
}

static void mark(struct cutter *cutter, size_t added)
{
    const struct cutter_memory *chunk = cutter->chunk;
    cutter->marked += added;
    if (cutter->marked % MARK_EVERY == 0)
        cutter->mark_hash =
            hash_word(cutter->mark_hash, chunk->bytes + chunk->size - 8);
}

static dits_error *append(struct cutter *cutter, const uint8_t *bytes,
                          size_t size)
{
    size_t max = cutter->kind.chunker->max_size;
    if (cutter->chunk == NULL)
        TRY(begin_chunk(cutter, NULL, 0));
    while (size > 0) {
        if (cutter->chunk->size == max)
            TRY(cut_full(cutter));
        struct cutter_memory *chunk = cutter->chunk;
        size_t room = max - chunk->size;
        size_t some = up_to_mark(cutter, size < room ? size : room);
        memcpy(chunk->bytes + chunk->size, bytes, some);
        chunk->size += some;
        mark(cutter, some);
        bytes += some;
        size -= some;
        if (!cutter->kind.by_units &&
            chunk->size - cutter->scanned >= SCAN_BYTES)
            TRY(cut_by_content(cutter));
    }
    return NULL;
}

/* Units of swapped bytes, the other way round. */
static dits_error *append_swapped(struct cutter *cutter, const uint8_t *bytes,
                                  size_t size)
{
    enum { SOME = 4096 };
    unsigned unit = cutter->kind.swapped;
    uint8_t turned[SOME + sizeof(cutter->held)];
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        cutter->held[cutter->held_size++] = bytes[i];
        if (cutter->held_size < unit)
            continue;
        for (unsigned k = 0; k < unit; k++)
            turned[count++] = cutter->held[unit - 1 - k];
        cutter->held_size = 0;
        if (count >= SOME) {
            TRY(append(cutter, turned, count));
            count = 0;
        }
    }
    return append(cutter, turned, count);
}

dits_error *cutter_add(struct cutter *cutter, unsigned flags,
                       const uint8_t *bytes, size_t size)
{
    if (cutter->kind.by_units && flags != 0)
        TRY(begin_unit(cutter, flags));
    cutter->unit_size += size;
    cutter->group_size += size;
    return cutter->kind.swapped > 1 ? append_swapped(cutter, bytes, size)
                                    : append(cutter, bytes, size);
}

dits_error *cutter_finish(struct cutter *cutter)
{
    if (cutter->held_size > 0) /* a unit that is not whole stays as it is */
        TRY(append(cutter, cutter->held, cutter->held_size));
    cutter->held_size = 0;
    if (cutter->chunk == NULL)
        return NULL;
    if (!cutter->kind.by_units)
        TRY(cut_by_content(cutter));
    struct cutter_memory *last = cutter->chunk;
    if (last->size == 0)
        return NULL;
    cutter->chunk = NULL;
    cutter->position += last->size;
    return cutter->host->take_chunk(cutter->host->payload, cutter->stream,
                                    last);
}
