#include "repo/status_cache.h"

#include <inttypes.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/side_file.h"

#define FILE_NAME "status"

static const uint8_t magic[8] = "\x89"
                                "DSC\r\n\x1a\n";

enum { VERSION = 1, FILE_MAX = 64 << 20, FLAG_FOLDER = 1 };

void status_cache_release(struct status_cache *cache)
{
    mem_free(cache->items);
    buf_release(&cache->bytes);
    *cache = (struct status_cache){0};
}

static dits_error *put_index(const struct index_mark *index, struct buf *out)
{
    TRY(buf_put_le64(out, index->inode));
    TRY(buf_put_le64(out, index->size));
    TRY(buf_put_le64(out, (uint64_t)index->mtime_ns));
    TRY(buf_put_le64(out, (uint64_t)index->ctime_ns));
    TRY(buf_put_le64(out, index->generation));
    TRY(buf_put_le64(out, index->journal_size));
    return buf_put_le64(out, index->journal_checksum);
}

static dits_error *put_head(const struct status_cache *cache, struct buf *out)
{
    TRY(buf_put(out, magic, sizeof(magic)));
    TRY(buf_put_le32(out, VERSION));
    TRY(buf_put_le32(out, (uint32_t)cache->count));
    TRY(buf_put(out, cache->token.watcher, WATCHER_ID_SIZE));
    TRY(buf_put_le64(out, cache->token.number));
    TRY(buf_put(out, cache->rules.hash, OID_SIZE));
    return put_index(&cache->index, out);
}

dits_error *status_cache_encode(const struct status_cache *cache,
                                struct buf *out)
{
    struct dits_oid checksum;
    buf_clear(out);
    TRY(put_head(cache, out));
    for (size_t i = 0; i < cache->count; i++) {
        const struct status_cache_item *item = &cache->items[i];
        TRY(buf_put_u8(out, (uint8_t)item->state));
        TRY(buf_put_u8(out, item->is_folder ? FLAG_FOLDER : 0));
        TRY(buf_put(out, item->path, strlen(item->path) + 1));
    }
    hash_bytes(out->data, out->size, &checksum);
    return buf_put(out, checksum.hash, OID_SIZE);
}

static dits_error *get_index(struct cursor *in, struct index_mark *out)
{
    uint64_t numbers[7];
    for (size_t i = 0; i < 7; i++)
        TRY(cursor_le64(in, &numbers[i]));
    *out = (struct index_mark){
        .inode = numbers[0],
        .size = numbers[1],
        .mtime_ns = (int64_t)numbers[2],
        .ctime_ns = (int64_t)numbers[3],
        .generation = numbers[4],
        .journal_size = numbers[5],
        .journal_checksum = numbers[6],
    };
    return NULL;
}

static dits_error *get_item(struct cursor *in, const char *before,
                            struct status_cache_item *out)
{
    uint8_t state = 0;
    uint8_t flags = 0;
    struct slice path = {0};
    TRY(cursor_u8(in, &state));
    TRY(cursor_u8(in, &flags));
    const uint8_t *end =
        cursor_left(in) > 0 ? memchr(in->at, 0, cursor_left(in)) : NULL;
    if (end == NULL || state > SCAN_UNREADABLE || flags > FLAG_FOLDER)
        return error_new(DITS_E_CORRUPT, "a malformed finding");
    TRY(cursor_slice(in, (size_t)(end - in->at) + 1, &path));
    *out = (struct status_cache_item){
        .path = (const char *)path.data,
        .state = (enum scan_state)state,
        .is_folder = flags != 0,
    };
    if (before != NULL && path_compare(before, out->path) > 0)
        return error_new(DITS_E_CORRUPT, "findings out of order");
    return NULL;
}

static dits_error *get_items(struct cursor *in, struct status_cache *cache)
{
    if (cache->count == 0)
        return cursor_end(in);
    cache->items = mem_new_array(struct status_cache_item, cache->count);
    if (cache->items == NULL)
        return error_nomem();
    for (size_t i = 0; i < cache->count; i++)
        TRY(get_item(in, i > 0 ? cache->items[i - 1].path : NULL,
                     &cache->items[i]));
    return cursor_end(in);
}

/* What stands before the items, and the checksum of it all. */
static dits_error *get_head(struct cursor *in, struct status_cache *cache)
{
    uint8_t first[sizeof(magic)];
    uint32_t version = 0;
    uint32_t count = 0;
    TRY(cursor_bytes(in, sizeof(first), first));
    TRY(cursor_le32(in, &version));
    TRY(cursor_le32(in, &count));
    if (memcmp(first, magic, sizeof(magic)) != 0)
        return error_new(DITS_E_CORRUPT, "not what a status found");
    if (version != VERSION)
        return error_new(DITS_E_UNSUPPORTED, "version %" PRIu32, version);
    if (count > STATUS_CACHE_MAX)
        return error_new(DITS_E_CORRUPT, "%" PRIu32 " findings", count);
    TRY(cursor_bytes(in, WATCHER_ID_SIZE, cache->token.watcher));
    TRY(cursor_le64(in, &cache->token.number));
    TRY(cursor_oid(in, &cache->rules));
    TRY(get_index(in, &cache->index));
    cache->count = count;
    return NULL;
}

dits_error *status_cache_parse(struct buf *bytes, struct status_cache *out)
{
    CLEANUP(status_cache_release)
    struct status_cache cache = {.bytes = MOVE(*bytes)};
    struct dits_oid checksum;
    if (cache.bytes.size < OID_SIZE)
        return error_new(DITS_E_CORRUPT, "not what a status found");
    size_t size = cache.bytes.size - OID_SIZE;
    hash_bytes(cache.bytes.data, size, &checksum);
    if (memcmp(checksum.hash, cache.bytes.data + size, OID_SIZE) != 0)
        return error_new(DITS_E_CORRUPT, "the checksum is wrong");
    struct cursor in = cursor_over(cache.bytes.data, size);
    TRY(get_head(&in, &cache));
    TRY(get_items(&in, &cache));
    *out = MOVE(cache);
    return NULL;
}

dits_error *status_cache_read(const dits_repo *repo, struct status_cache *out,
                              bool *out_found)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    *out_found = false;
    TRY(fs_join(repo->private_dir, FILE_NAME, &path));
    if (!fs_exists(path))
        return NULL;
    dits_error *err = fs_read_all(path, FILE_MAX, &bytes);
    if (err == NULL)
        err = status_cache_parse(&bytes, out);
    *out_found = err == NULL;
    if (dits_error_has(err, DITS_E_NOMEM))
        return err;
    dits_error_free(err); /* then everything is looked at */
    return NULL;
}

dits_error *status_cache_write(const dits_repo *repo,
                               const struct status_cache *cache)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(status_cache_encode(cache, &bytes));
    return side_file_swap(repo->private_dir, FILE_NAME, buf_slice(&bytes));
}
