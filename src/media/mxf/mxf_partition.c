#include "media/mxf/mxf_partition.h"

#include <string.h>

#include "base/array.h"
#include "base/be.h"
#include "base/mem.h"
#include "media/limits.h"

enum {
    PACK_BYTES = 80, /* up to and with the operational pattern */
    RANDOM_ROW = 12, /* of the random index pack: stream, offset */
};

dits_error *mxf_partition_read(struct window *window, const struct mxf_klv *klv,
                               struct mxf_partition *out, bool *out_found)
{
    struct slice bytes = {0};
    *out = (struct mxf_partition){0};
    *out_found = klv->size >= PACK_BYTES;
    if (!*out_found)
        return NULL;
    TRY(window_peek(window, klv->value, PACK_BYTES, &bytes));
    const uint8_t *at = bytes.data;
    out->kind = klv->key[13];
    out->is_closed = klv->key[14] == 2 || klv->key[14] == 4;
    out->end = mxf_klv_end(klv);
    out->previous = be64_load(at + 16);
    out->footer = be64_load(at + 24);
    out->header_bytes = be64_load(at + 32);
    out->index_bytes = be64_load(at + 40);
    out->index_sid = be32_load(at + 48);
    out->body_sid = be32_load(at + 60);
    memcpy(out->operational_pattern, at + 64, 16);
    return NULL;
}

void mxf_partitions_release(struct mxf_partitions *partitions)
{
    mem_free(partitions->list);
    *partitions = (struct mxf_partitions){0};
}

static dits_error *append(struct mxf_partitions *partitions,
                          const struct mxf_partition *partition)
{
    struct mxf_partition *list =
        array_grown(partitions->list, partitions->count, &partitions->capacity,
                    sizeof(*list));
    if (list == NULL)
        return error_nomem();
    partitions->list = list;
    partitions->list[partitions->count++] = *partition;
    return NULL;
}

/* The one at `offset`, if there is one; only once each. */
static dits_error *add_at(struct mxf_partitions *partitions,
                          struct window *window, uint64_t offset,
                          bool *out_found)
{
    struct mxf_klv klv = {0};
    struct mxf_partition partition = {0};
    *out_found = false;
    if (partitions->count >= LIMIT_MXF_PARTITIONS)
        return NULL;
    TRY(mxf_klv_read(window, offset, &klv, out_found));
    *out_found = *out_found && mxf_key_is_partition(klv.key);
    if (*out_found)
        TRY(mxf_partition_read(window, &klv, &partition, out_found));
    return *out_found ? append(partitions, &partition) : NULL;
}

/* ST 377-1, 12: rows of stream id and offset, and the size of it all. */
static dits_error *read_random_index(struct mxf_partitions *partitions,
                                     struct window *window, uint64_t run_in,
                                     bool *out_found)
{
    uint64_t size = window->source->size;
    struct slice bytes = {0};
    struct mxf_klv klv = {0};
    *out_found = false;
    if (size < run_in + 4)
        return NULL;
    TRY(window_peek(window, size - 4, 4, &bytes));
    uint64_t length = be32_load(bytes.data);
    if (length > size - run_in || length < MXF_KEY_BYTES + 5)
        return NULL;
    TRY(mxf_klv_read(window, size - length, &klv, out_found));
    *out_found = *out_found && mxf_key_is_random_index(klv.key);
    uint64_t last = 0;
    for (uint64_t at = klv.value;
         *out_found && mxf_klv_end(&klv) - at >= RANDOM_ROW + 4;
         at += RANDOM_ROW) {
        bool is_there = false;
        TRY(window_peek(window, at, RANDOM_ROW, &bytes));
        uint64_t offset = be64_load(bytes.data + 4);
        if (offset > last && offset < size - run_in)
            TRY(add_at(partitions, window, run_in + offset, &is_there));
        last = offset > last ? offset : last;
    }
    return NULL;
}

/* From the footer back: each has to be before the one that names it. */
static dits_error *follow_chain(struct mxf_partitions *partitions,
                                struct window *window, uint64_t run_in)
{
    uint64_t offset = partitions->list[0].footer;
    bool found = offset > 0 && offset < window->source->size - run_in;
    while (found) {
        TRY(add_at(partitions, window, run_in + offset, &found));
        if (!found)
            return NULL;
        uint64_t previous = partitions->list[partitions->count - 1].previous;
        found = previous > 0 && previous < offset;
        offset = previous;
    }
    return NULL;
}

dits_error *mxf_partitions_find(struct mxf_partitions *partitions,
                                struct window *window, uint64_t run_in)
{
    bool found = false;
    TRY(add_at(partitions, window, run_in, &found));
    if (!found)
        return NULL;
    TRY(read_random_index(partitions, window, run_in, &found));
    return found ? NULL : follow_chain(partitions, window, run_in);
}
