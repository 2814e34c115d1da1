#include <string.h>

#include "base/le.h"
#include "media/riff/avi.h"

enum {
    IDX1_BYTES = 16,
    IDX1_KEY = 0x10,
    SUPER_BYTES = 16,
    STANDARD_HEAD = 32, /* with the header of its chunk */
    STANDARD_BYTES = 8,
};

struct avi_sync avi_sync_of(struct media_file *file)
{
    return (struct avi_sync){
        .file = file,
        .window = {.source = file->source},
        .idx1 = avi_of(file)->index,
    };
}

void avi_sync_release(struct avi_sync *sync)
{
    window_release(&sync->window);
}

/*
 * Offsets of idx1 count from the letters 'movi', or, by some writers, from the
 * start of the file: the first entry shows which.
 */
static void choose_base(struct avi_sync *sync, uint64_t offset,
                        const struct chunk *chunk)
{
    uint64_t movi = avi_of(sync->file)->movi;
    if (sync->has_base)
        return;
    sync->has_base = true;
    sync->idx1_base = offset == chunk->offset ? 0 : movi;
}

/* Entries before the chunk are passed; the one of the chunk is read. */
static dits_error *find_in_idx1(struct avi_sync *sync,
                                const struct chunk *chunk, bool *out_sync,
                                bool *out_found)
{
    const struct avi *avi = avi_of(sync->file);
    while (sync->idx1 < avi->index_end &&
           avi->index_end - sync->idx1 >= IDX1_BYTES) {
        struct slice entry = {0};
        TRY(window_peek(&sync->window, sync->idx1, IDX1_BYTES, &entry));
        if (entry.size < IDX1_BYTES)
            return NULL;
        uint64_t offset = le32_load(entry.data + 8);
        choose_base(sync, offset, chunk);
        offset += sync->idx1_base;
        if (offset > chunk->offset)
            return NULL;
        sync->idx1 += IDX1_BYTES;
        if (offset < chunk->offset)
            continue;
        *out_found = true;
        *out_sync = (le32_load(entry.data + 4) & IDX1_KEY) != 0;
        return NULL;
    }
    return NULL;
}

/* The next standard index of the stream: ix##, or the one in its header. */
static dits_error *next_standard(struct avi_sync *sync, uint32_t stream,
                                 bool *out_found)
{
    const struct avi_stream *of = &avi_of(sync->file)->streams[stream];
    struct slice bytes = {0};
    *out_found = false;
    if (sync->super[stream] >= of->super_count)
        return NULL;
    TRY(window_peek(&sync->window,
                    of->super_index +
                        SUPER_BYTES * (uint64_t)sync->super[stream],
                    SUPER_BYTES, &bytes));
    if (bytes.size < SUPER_BYTES)
        return NULL;
    sync->super[stream]++;
    uint64_t at = le64_load(bytes.data);
    TRY(window_peek(&sync->window, at, STANDARD_HEAD, &bytes));
    *out_found = true;
    sync->at[stream] = sync->end[stream] = 0;
    if (bytes.size < STANDARD_HEAD || bytes.data[8] != 2)
        return NULL; /* not two words an entry: an index of fields, say */
    uint64_t count = le32_load(bytes.data + 12);
    uint64_t most = (sync->file->source->size - at - STANDARD_HEAD) /
                    STANDARD_BYTES;
    sync->base[stream] = le64_load(bytes.data + 20);
    sync->at[stream] = at + STANDARD_HEAD;
    sync->end[stream] = sync->at[stream] +
                        STANDARD_BYTES * (count < most ? count : most);
    return NULL;
}

static dits_error *find_in_standard(struct avi_sync *sync, uint32_t stream,
                                    const struct chunk *chunk, bool *out_sync)
{
    bool found = true;
    while (found) {
        while (sync->at[stream] < sync->end[stream]) {
            struct slice entry = {0};
            uint64_t offset = 0;
            TRY(window_peek(&sync->window, sync->at[stream], STANDARD_BYTES,
                            &entry));
            if (entry.size < STANDARD_BYTES ||
                __builtin_add_overflow(sync->base[stream],
                                       le32_load(entry.data), &offset) ||
                offset > chunk->body)
                return NULL;
            sync->at[stream] += STANDARD_BYTES;
            *out_sync = (le32_load(entry.data + 4) & 0x80000000u) == 0;
            if (offset == chunk->body)
                return NULL;
            *out_sync = false;
        }
        TRY(next_standard(sync, stream, &found));
    }
    return NULL;
}

dits_error *avi_sync_find(struct avi_sync *sync, uint32_t stream,
                          const struct chunk *chunk, bool *out_sync)
{
    bool found = false;
    *out_sync = false;
    TRY(find_in_idx1(sync, chunk, out_sync, &found));
    return found ? NULL : find_in_standard(sync, stream, chunk, out_sync);
}
