#include "repo/shallow_format.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "base/mem.h"

static const uint8_t magic[8] = {0x89, 'D', 'T', 'C', '\r', '\n', 0x1a, '\n'};

enum { VERSION = 1 };

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

dits_error *shallow_encode(const struct oid_map *commits, struct buf *out)
{
    CLEANUP(free_ids) struct dits_oid *ids = NULL;
    TRY(shallow_sorted(commits, &ids));
    buf_clear(out);
    TRY(buf_put(out, magic, sizeof(magic)));
    TRY(buf_put_le32(out, VERSION));
    TRY(buf_put_le32(out, 0));
    TRY(buf_put_le64(out, commits->count));
    for (size_t i = 0; i < commits->count; i++)
        TRY(buf_put(out, ids[i].hash, OID_SIZE));
    return buf_put_le64(out, hash_checksum(out->data, out->size));
}

/* What lies between the magic and the checksum, both of which are right. */
static dits_error *check_frame(struct slice bytes, struct cursor *out)
{
    uint64_t checksum = 0;
    if (bytes.size < sizeof(magic) + sizeof(checksum) ||
        memcmp(bytes.data, magic, sizeof(magic)) != 0)
        return error_new(DITS_E_CORRUPT, "it is no boundary of a history");
    size_t size = bytes.size - sizeof(checksum);
    struct cursor end = cursor_over(bytes.data + size, sizeof(checksum));
    TRY(cursor_le64(&end, &checksum));
    if (checksum != hash_checksum(bytes.data, size))
        return error_new(DITS_E_CORRUPT, "the boundary has a wrong checksum");
    *out = cursor_over(bytes.data + sizeof(magic), size - sizeof(magic));
    return NULL;
}

static dits_error *check_version(struct cursor *in)
{
    uint32_t version = 0;
    uint32_t reserved = 0;
    TRY(cursor_le32(in, &version));
    TRY(cursor_le32(in, &reserved));
    if (version == VERSION && reserved == 0)
        return NULL;
    return error_hint(
        error_new(DITS_E_UNSUPPORTED, "a boundary of version %u", version),
        "It was written by a newer dits. Update dits.");
}

/* Ids rise, so that a set of commits has exactly one file. */
static dits_error *take_ids(struct cursor *in, uint64_t count,
                            struct oid_map *out)
{
    for (uint64_t i = 0; i < count; i++) {
        struct dits_oid id = {0};
        size_t number = 0;
        bool is_new = false;
        TRY(cursor_oid(in, &id));
        if (i > 0 && oid_compare(&out->ids[i - 1], &id) >= 0)
            return error_new(DITS_E_CORRUPT, "the boundary is out of order");
        TRY(oid_map_add(out, &id, &number, &is_new));
    }
    return NULL;
}

dits_error *shallow_decode(struct slice bytes, struct oid_map *out)
{
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    struct cursor in = {0};
    uint64_t count = 0;
    TRY(check_frame(bytes, &in));
    TRY(check_version(&in));
    TRY(cursor_le64(&in, &count));
    if (cursor_left(&in) % OID_SIZE != 0 ||
        count != cursor_left(&in) / OID_SIZE)
        return error_new(DITS_E_CORRUPT, "the boundary is cut off");
    TRY(take_ids(&in, count, &commits));
    *out = MOVE(commits);
    return NULL;
}
