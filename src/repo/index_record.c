/* The journal's half of index_format.h: small changes behind a whole index. */
#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "repo/index_format.h"

static const uint8_t journal_magic[8] = "\x89"
                                        "DIJ\r\n\x1a\n";

enum {
    VERSION = 2,
    OLDEST_VERSION = 1,  /* knew no flags */
    FLAG_DROPPED = 0x80, /* beside the mode */
    HEADER_BYTES = 32,
    RECORD_HEADER_BYTES = 56,
    CHECKSUM_BYTES = 8,
};

dits_error *index_journal_begin(uint64_t generation, struct buf *out,
                                uint64_t *out_checksum)
{
    void *start = NULL;
    buf_clear(out);
    TRY(buf_extend(out, HEADER_BYTES, &start));
    uint8_t *at = start;
    memset(at, 0, HEADER_BYTES);
    memcpy(at, journal_magic, sizeof(journal_magic));
    le32_store(at + 8, VERSION);
    le64_store(at + 16, generation);
    *out_checksum = hash_checksum(at, 24);
    le64_store(at + 24, *out_checksum);
    return NULL;
}

dits_error *index_journal_parse(struct cursor *in, uint64_t *out_generation,
                                uint64_t *out_checksum, bool *out_is_old)
{
    struct slice header = {0};
    TRY(cursor_slice(in, HEADER_BYTES, &header));
    const uint8_t *at = header.data;
    if (memcmp(at, journal_magic, sizeof(journal_magic)) != 0)
        return error_new(DITS_E_CORRUPT, "not a journal of an index");
    uint32_t version = le32_load(at + 8);
    if (version < OLDEST_VERSION || version > VERSION)
        return error_hint(error_new(DITS_E_UNSUPPORTED,
                                    "index journal of version %" PRIu32,
                                    version),
                          "It was written by a newer dits. Update dits.");
    if (le32_load(at + 12) != 0 || le64_load(at + 24) != hash_checksum(at, 24))
        return error_new(DITS_E_CORRUPT,
                         "the checksum of the index journal is wrong");
    *out_is_old = version < VERSION;
    *out_generation = le64_load(at + 16);
    *out_checksum = le64_load(at + 24);
    return NULL;
}

dits_error *index_change_encode(const struct index_entry *entry,
                                struct buf *out)
{
    size_t length = strlen(entry->path);
    if (length > INDEX_PATH_MAX)
        return error_new(DITS_E_LIMIT, "the path '%.40s…' is too long",
                         entry->path);
    uint8_t flags = entry->is_dropped ? FLAG_DROPPED : 0;
    TRY(buf_put_u8(out, (uint8_t)(entry->mode | flags)));
    TRY(buf_put_le32(out, (uint32_t)length));
    TRY(buf_put(out, entry->path, length));
    if (entry->mode == 0)
        return NULL;
    TRY(buf_put(out, entry->asset.hash, OID_SIZE));
    TRY(buf_put(out, entry->content.hash, OID_SIZE));
    TRY(buf_put_le64(out, entry->size));
    TRY(buf_put_le64(out, (uint64_t)entry->mtime_ns));
    TRY(buf_put_le64(out, (uint64_t)entry->ctime_ns));
    return buf_put_le64(out, entry->inode);
}

static dits_error *parse_state(struct cursor *in, struct index_entry *out)
{
    uint64_t mtime = 0;
    uint64_t ctime = 0;
    TRY(cursor_oid(in, &out->asset));
    TRY(cursor_oid(in, &out->content));
    TRY(cursor_le64(in, &out->size));
    TRY(cursor_le64(in, &mtime));
    TRY(cursor_le64(in, &ctime));
    TRY(cursor_le64(in, &out->inode));
    out->mtime_ns = (int64_t)mtime;
    out->ctime_ns = (int64_t)ctime;
    return NULL;
}

dits_error *index_change_parse(struct cursor *in, struct buf *path,
                               struct index_entry *entry)
{
    struct slice name = {0};
    uint8_t mode = 0;
    uint32_t length = 0;
    *entry = (struct index_entry){0};
    TRY(cursor_u8(in, &mode));
    TRY(cursor_le32(in, &length));
    TRY(cursor_slice(in, length, &name));
    bool is_dropped = (mode & FLAG_DROPPED) != 0;
    mode &= (uint8_t)~FLAG_DROPPED;
    if (mode > TREE_SYMLINK || (mode == 0 && is_dropped) || length == 0 ||
        length > INDEX_PATH_MAX || memchr(name.data, 0, length) != NULL)
        return error_new(DITS_E_CORRUPT, "a change of the index is malformed");
    if (mode != 0)
        TRY(parse_state(in, entry));
    buf_clear(path);
    TRY(buf_put(path, name.data, name.size));
    entry->mode = (enum tree_mode)mode;
    entry->is_dropped = is_dropped;
    entry->path = buf_text(path);
    return NULL;
}

dits_error *index_record_encode(const struct index_record *record,
                                struct buf *out, uint64_t *out_checksum)
{
    size_t start = out->size;
    if (record->changes.size > UINT32_MAX)
        return error_new(DITS_E_LIMIT, "too many changes for the journal");
    TRY(buf_put_le64(out, record->previous));
    TRY(buf_put_le32(out, (uint32_t)record->changes.size));
    TRY(buf_put_le32(out, record->change_count));
    TRY(buf_put_le64(out, record->operation));
    TRY(buf_put(out, record->tree.hash, OID_SIZE));
    TRY(buf_put(out, record->changes.data, record->changes.size));
    *out_checksum = hash_checksum(out->data + start, out->size - start);
    return buf_put_le64(out, *out_checksum);
}

dits_error *index_record_parse(struct cursor *in, uint64_t previous,
                               struct index_record *out, uint64_t *out_checksum,
                               bool *out_whole)
{
    struct cursor ahead = *in;
    struct slice header = {0};
    struct slice whole = {0};
    *out_whole = false;
    if (cursor_left(in) < RECORD_HEADER_BYTES + CHECKSUM_BYTES)
        return NULL;
    TRY(cursor_slice(&ahead, RECORD_HEADER_BYTES, &header));
    size_t size = le32_load(header.data + 8);
    if (cursor_left(&ahead) < size + CHECKSUM_BYTES ||
        le64_load(header.data) != previous)
        return NULL;

    ahead = *in;
    TRY(cursor_slice(&ahead, RECORD_HEADER_BYTES + size, &whole));
    uint64_t checksum = 0;
    TRY(cursor_le64(&ahead, &checksum));
    if (checksum != hash_checksum(whole.data, whole.size))
        return NULL;

    *out = (struct index_record){
        .previous = previous,
        .change_count = le32_load(header.data + 12),
        .operation = le64_load(header.data + 16),
        .changes = slice_of(header.data + RECORD_HEADER_BYTES, size),
    };
    memcpy(out->tree.hash, header.data + 24, OID_SIZE);
    *out_checksum = checksum;
    *out_whole = true;
    *in = ahead;
    return NULL;
}
