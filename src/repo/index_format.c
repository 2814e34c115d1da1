#include "repo/index_format.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"

static const uint8_t index_magic[8] = "\x89"
                                      "DIX\r\n\x1a\n";

enum {
    VERSION = 2,
    OLDEST_VERSION = 1, /* knew no flags */
    HEADER_BYTES = INDEX_HEADER_SIZE,
    ENTRY_BYTES = 104,
    TRAILER_BYTES = OID_SIZE,
    FLAG_DROPPED = 1,
};

static void put_header(uint8_t *at, const struct index_header *header,
                       uint32_t count, uint64_t pool_size)
{
    memcpy(at, index_magic, sizeof(index_magic));
    le32_store(at + 8, VERSION);
    le32_store(at + 12, count);
    le64_store(at + 16, header->generation);
    le64_store(at + 24, header->operation);
    le64_store(at + 32, pool_size);
    memcpy(at + 40, header->tree.hash, OID_SIZE);
}

static void put_entry(uint8_t *at, const struct index_entry *entry,
                      uint32_t path_length)
{
    memcpy(at, entry->asset.hash, OID_SIZE);
    memcpy(at + 32, entry->content.hash, OID_SIZE);
    le64_store(at + 64, entry->size);
    le64_store(at + 72, (uint64_t)entry->mtime_ns);
    le64_store(at + 80, (uint64_t)entry->ctime_ns);
    le64_store(at + 88, entry->inode);
    le32_store(at + 96, path_length);
    at[100] = (uint8_t)entry->mode;
    at[101] = entry->is_dropped ? FLAG_DROPPED : 0;
}

static dits_error *measure_pool(const struct index_entry *entries, size_t count,
                                uint64_t *out)
{
    *out = 0;
    if (count > UINT32_MAX)
        return error_new(DITS_E_LIMIT, "%zu files in one index", count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(entries[i].path);
        if (length > INDEX_PATH_MAX)
            return error_new(DITS_E_LIMIT, "the path '%.40s…' is too long",
                             entries[i].path);
        *out += length + 1;
    }
    return NULL;
}

dits_error *index_format_encode(const struct index_header *header,
                                const struct index_entry *entries, size_t count,
                                struct buf *out)
{
    uint64_t pool_size = 0;
    void *start = NULL;
    TRY(measure_pool(entries, count, &pool_size));
    size_t pool_offset = HEADER_BYTES + count * ENTRY_BYTES;
    buf_clear(out);
    TRY(buf_extend(out, pool_offset + pool_size + TRAILER_BYTES, &start));

    uint8_t *bytes = start;
    uint8_t *pool = bytes + pool_offset;
    memset(bytes, 0, pool_offset);
    put_header(bytes, header, (uint32_t)count, pool_size);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(entries[i].path);
        put_entry(bytes + HEADER_BYTES + i * ENTRY_BYTES, &entries[i],
                  (uint32_t)length);
        memcpy(pool, entries[i].path, length + 1);
        pool += length + 1;
    }
    struct dits_oid checksum;
    hash_bytes(bytes, out->size - TRAILER_BYTES, &checksum);
    memcpy(pool, checksum.hash, OID_SIZE);
    return NULL;
}

dits_error *index_header_parse(const uint8_t *data, struct index_header *out)
{
    if (memcmp(data, index_magic, sizeof(index_magic)) != 0)
        return error_new(DITS_E_CORRUPT, "not an index");
    uint32_t version = le32_load(data + 8);
    if (version < OLDEST_VERSION || version > VERSION)
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "index of version %" PRIu32, version),
            "It was written by a newer dits. Update dits.");
    out->is_old = version < VERSION;
    out->generation = le64_load(data + 16);
    out->operation = le64_load(data + 24);
    memcpy(out->tree.hash, data + 40, OID_SIZE);
    return NULL;
}

/* Check magic, version, sizes and the checksum of the whole. */
static dits_error *parse_frame(const uint8_t *data, size_t size,
                               struct index_header *out, uint32_t *out_count,
                               uint64_t *out_pool_size)
{
    if (size < HEADER_BYTES + TRAILER_BYTES)
        return error_new(DITS_E_CORRUPT, "not an index");
    TRY(index_header_parse(data, out));
    uint64_t count = le32_load(data + 12);
    uint64_t pool_size = le64_load(data + 32);
    uint64_t left = size - HEADER_BYTES - TRAILER_BYTES;
    if (left / ENTRY_BYTES < count || left - count * ENTRY_BYTES != pool_size)
        return error_new(DITS_E_CORRUPT,
                         "%" PRIu64 " entries do not fit the index", count);
    struct dits_oid checksum;
    hash_bytes(data, size - TRAILER_BYTES, &checksum);
    if (memcmp(checksum.hash, data + size - TRAILER_BYTES, OID_SIZE) != 0)
        return error_new(DITS_E_CORRUPT, "the checksum of the index is wrong");
    *out_count = (uint32_t)count;
    *out_pool_size = pool_size;
    return NULL;
}

/*
 * Whether `b` sorts after `a` and does not need `a` as its folder. Written out,
 * not path_compare(): it runs for each entry whenever an index is opened.
 */
static bool is_in_order(const uint8_t *a, size_t a_length, const uint8_t *b,
                        size_t b_length)
{
    size_t common = a_length < b_length ? a_length : b_length;
    size_t i = 0;
    while (common - i >= 8 && memcmp(a + i, b + i, 8) == 0)
        i += 8;
    while (i < common && a[i] == b[i])
        i++;
    if (i == a_length)
        return b_length > a_length && b[i] != '/';
    if (i == b_length)
        return false;
    return a[i] == '/' || (b[i] != '/' && a[i] < b[i]);
}

static bool is_file_mode(unsigned mode)
{
    return mode == TREE_FILE || mode == TREE_EXECUTABLE || mode == TREE_SYMLINK;
}

static void load_entry(const uint8_t *at, struct index_entry *out)
{
    memcpy(out->asset.hash, at, OID_SIZE);
    memcpy(out->content.hash, at + 32, OID_SIZE);
    out->size = le64_load(at + 64);
    out->mtime_ns = (int64_t)le64_load(at + 72);
    out->ctime_ns = (int64_t)le64_load(at + 80);
    out->inode = le64_load(at + 88);
    out->mode = (enum tree_mode)at[100];
    out->is_dropped = (at[101] & FLAG_DROPPED) != 0;
}

/* Read `count` entries; `pool` is what their paths lie in. */
static dits_error *parse_entries(const uint8_t *at, size_t count, uint8_t flags,
                                 struct slice pool, struct index_entry *out)
{
    const uint8_t *before = NULL;
    size_t before_length = 0;
    for (size_t i = 0; i < count; i++, at += ENTRY_BYTES) {
        size_t length = le32_load(at + 96);
        bool fits = length > 0 && length <= INDEX_PATH_MAX &&
                    length < pool.size && pool.data[length] == '\0' &&
                    memchr(pool.data, 0, length) == NULL;
        if (!fits || !is_file_mode(at[100]) || (at[101] & ~flags) != 0 ||
            (at[102] | at[103]) != 0)
            return error_new(DITS_E_CORRUPT, "entry %zu is malformed", i);
        if (before != NULL &&
            !is_in_order(before, before_length, pool.data, length))
            return error_new(DITS_E_CORRUPT, "entry %zu is out of order", i);

        load_entry(at, &out[i]);
        out[i].path = (const char *)pool.data;
        before = pool.data;
        before_length = length;
        pool = slice_of(pool.data + length + 1, pool.size - length - 1);
    }
    if (pool.size != 0)
        return error_new(DITS_E_CORRUPT, "%zu bytes too many in the index",
                         pool.size);
    return NULL;
}

static void free_entries(struct index_entry **entries)
{
    mem_free(*entries);
}

dits_error *index_format_parse(const void *data, size_t size,
                               struct index_header *out_header,
                               struct index_entry **out_entries,
                               size_t *out_count)
{
    CLEANUP(free_entries) struct index_entry *entries = NULL;
    struct index_header header = {0};
    uint32_t count = 0;
    uint64_t pool_size = 0;
    TRY(parse_frame(data, size, &header, &count, &pool_size));
    if (count > 0) {
        entries = mem_new_array(struct index_entry, count);
        if (entries == NULL)
            return error_nomem();
    }
    const uint8_t *at = (const uint8_t *)data + HEADER_BYTES;
    size_t entry_bytes = (size_t)count * ENTRY_BYTES;
    TRY(parse_entries(at, count, header.is_old ? 0 : FLAG_DROPPED,
                      slice_of(at + entry_bytes, (size_t)pool_size), entries));
    *out_header = header;
    *out_entries = MOVE(entries);
    *out_count = count;
    return NULL;
}
