#include "repo/shallow_format.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repo/side_file.h"

static const struct side_file frame = {
    .magic = {0x89, 'D', 'T', 'C', '\r', '\n', 0x1a, '\n'},
    .version = 1,
    .what = "boundary",
};

static int compare_ids(const void *a, const void *b)
{
    return oid_compare(a, b);
}

static void free_ids(struct dits_oid **ids)
{
    mem_free(*ids);
}

dits_error *shallow_sorted(const struct oid_map *commits, struct dits_oid **out)
{
    *out = NULL;
    if (commits->count == 0)
        return NULL;
    struct dits_oid *ids = mem_new_array(struct dits_oid, commits->count);
    if (ids == NULL)
        return error_nomem();
    memcpy(ids, commits->ids, commits->count * sizeof(*ids));
    qsort(ids, commits->count, sizeof(*ids), compare_ids);
    *out = ids;
    return NULL;
}

dits_error *shallow_put_ids(const struct oid_map *commits, struct buf *out)
{
    CLEANUP(free_ids) struct dits_oid *ids = NULL;
    TRY(shallow_sorted(commits, &ids));
    for (size_t i = 0; i < commits->count; i++)
        TRY(buf_put(out, ids[i].hash, OID_SIZE));
    return NULL;
}

dits_error *shallow_take_ids(struct cursor *in, uint64_t count,
                             struct oid_map *out)
{
    for (uint64_t i = 0; i < count; i++) {
        struct dits_oid id = {0};
        TRY(cursor_oid(in, &id));
        if (i > 0 && oid_compare(&out->ids[i - 1], &id) >= 0)
            return error_new(DITS_E_CORRUPT, "the boundary is out of order");
        TRY(oid_map_add(out, &id, NULL, NULL));
    }
    return NULL;
}

dits_error *shallow_encode(const struct oid_map *commits, struct buf *out)
{
    buf_clear(out);
    TRY(side_file_begin(&frame, out));
    TRY(buf_put_le64(out, commits->count));
    TRY(shallow_put_ids(commits, out));
    return side_file_end(out);
}

dits_error *shallow_decode(struct slice bytes, struct oid_map *out)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    struct cursor in = {0};
    uint64_t count = 0;
    dits_error *err = side_file_open(&frame, bytes, &in);
    if (dits_error_has(err, DITS_E_UNSUPPORTED))
        return error_hint(err, "It was written by a newer dits. Update dits.");
    TRY(err);
    TRY(cursor_le64(&in, &count));
    if (cursor_left(&in) % OID_SIZE != 0 ||
        count != cursor_left(&in) / OID_SIZE)
        return error_new(DITS_E_CORRUPT, "the boundary is cut off");
    TRY(shallow_take_ids(&in, count, &commits));
    *out = MOVE(commits);
    return NULL;
}
