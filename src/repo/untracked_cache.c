#include "repo/untracked_cache.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/side_file.h"

#define FILE_NAME "untracked"

static const struct side_file frame = {
    .magic = {0x89, 'D', 'U', 'C', '\r', '\n', 0x1a, '\n'},
    .version = 1,
    .what = "cache of what is untracked",
};

enum { FOLDER_BYTES_MIN = 5 * 8 + UNTRACKED_HASH_SIZE + 4 + 1 };

void untracked_cache_release(struct untracked_cache *cache)
{
    mem_free(cache->folders);
    buf_release(&cache->bytes);
    *cache = (struct untracked_cache){0};
}

const struct untracked_folder *untracked_cache_find(
    const struct untracked_cache *cache, const char *path, size_t *out_at)
{
    size_t low = 0;
    size_t high = cache->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = path_compare(cache->folders[middle].path, path);
        if (order == 0) {
            *out_at = middle;
            return &cache->folders[middle];
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

dits_error *untracked_folder_put(const struct untracked_folder *folder,
                                 struct buf *out)
{
    TRY(buf_put_le64(out, folder->stat.device));
    TRY(buf_put_le64(out, folder->stat.inode));
    TRY(buf_put_le64(out, folder->stat.size));
    TRY(buf_put_le64(out, (uint64_t)folder->stat.mtime_ns));
    TRY(buf_put_le64(out, (uint64_t)folder->stat.ctime_ns));
    TRY(buf_put(out, folder->tracked, UNTRACKED_HASH_SIZE));
    TRY(buf_put_le32(out, (uint32_t)folder->names.size));
    TRY(buf_put(out, folder->path, strlen(folder->path) + 1));
    return buf_put(out, folder->names.data, folder->names.size);
}

/* Names go to the system as they are: each is one part of a path. */
static dits_error *check_names(struct slice names)
{
    for (size_t at = 0; at < names.size;) {
        const uint8_t *name = names.data + at + 1;
        size_t left = names.size - at - 1;
        const uint8_t *end = left > 0 ? memchr(name, 0, left) : NULL;
        if (end == NULL || end == name || names.data[at] > FS_OTHER ||
            memchr(name, '/', (size_t)(end - name)) != NULL ||
            strcmp((const char *)name, ".") == 0 ||
            strcmp((const char *)name, "..") == 0)
            return error_new(DITS_E_CORRUPT, "a malformed name");
        at += (size_t)(end - name) + 2;
    }
    return NULL;
}

dits_error *untracked_folder_get(struct cursor *in,
                                 struct untracked_folder *out)
{
    uint64_t numbers[5];
    uint32_t size = 0;
    struct slice path = {0};
    for (size_t i = 0; i < 5; i++)
        TRY(cursor_le64(in, &numbers[i]));
    *out = (struct untracked_folder){
        .stat = {.kind = FS_FOLDER,
                 .device = numbers[0],
                 .inode = numbers[1],
                 .size = numbers[2],
                 .mtime_ns = (int64_t)numbers[3],
                 .ctime_ns = (int64_t)numbers[4]},
    };
    TRY(cursor_bytes(in, UNTRACKED_HASH_SIZE, out->tracked));
    TRY(cursor_le32(in, &size));
    const uint8_t *end =
        cursor_left(in) > 0 ? memchr(in->at, 0, cursor_left(in)) : NULL;
    if (end == NULL || size > UNTRACKED_NAMES_MAX)
        return error_new(DITS_E_CORRUPT, "a malformed folder");
    TRY(cursor_slice(in, (size_t)(end - in->at) + 1, &path));
    TRY(cursor_slice(in, size, &out->names));
    out->path = (const char *)path.data;
    return check_names(out->names);
}

dits_error *untracked_cache_encode(const struct untracked_cache *cache,
                                   struct buf *out)
{
    buf_clear(out);
    TRY(side_file_begin(&frame, out));
    TRY(buf_put_le64(out, (uint64_t)cache->written_ns));
    TRY(buf_put_le64(out, cache->device));
    TRY(buf_put_le32(out, cache->verdict));
    TRY(buf_put_le32(out, (uint32_t)cache->count));
    for (size_t i = 0; i < cache->count; i++)
        TRY(untracked_folder_put(&cache->folders[i], out));
    return side_file_end(out);
}

static dits_error *get_folders(struct cursor *in, uint32_t count,
                               struct untracked_cache *cache)
{
    if (count > cursor_left(in) / FOLDER_BYTES_MIN)
        return error_new(DITS_E_CORRUPT, "more folders than there can be");
    if (count == 0)
        return cursor_end(in);
    cache->folders = mem_new_array(struct untracked_folder, count);
    if (cache->folders == NULL)
        return error_nomem();
    for (; cache->count < count; cache->count++) {
        struct untracked_folder *folder = &cache->folders[cache->count];
        TRY(untracked_folder_get(in, folder));
        if (cache->count > 0 &&
            path_compare(folder[-1].path, folder->path) >= 0)
            return error_new(DITS_E_CORRUPT, "folders out of order");
    }
    return cursor_end(in);
}

dits_error *untracked_cache_parse(struct buf *bytes,
                                  struct untracked_cache *out)
{
    CLEANUP(untracked_cache_release)
    struct untracked_cache cache = {.bytes = MOVE(*bytes)};
    struct cursor in = {0};
    uint64_t written = 0;
    uint32_t verdict = 0;
    uint32_t count = 0;
    TRY(side_file_open(&frame, buf_slice(&cache.bytes), &in));
    TRY(cursor_le64(&in, &written));
    TRY(cursor_le64(&in, &cache.device));
    TRY(cursor_le32(&in, &verdict));
    TRY(cursor_le32(&in, &count));
    if (verdict > UNTRACKED_UNTOLD)
        return error_new(DITS_E_CORRUPT, "no such verdict");
    cache.written_ns = (int64_t)written;
    cache.verdict = (enum untracked_verdict)verdict;
    TRY(get_folders(&in, count, &cache));
    *out = MOVE(cache);
    return NULL;
}

dits_error *untracked_cache_read(const dits_repo *repo,
                                 struct untracked_cache *out, bool *out_found)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    *out_found = false;
    TRY(fs_join(repo->private_dir, FILE_NAME, &path));
    if (!fs_exists(path))
        return NULL;
    dits_error *err = fs_read_all(path, UNTRACKED_CACHE_MAX, &bytes);
    if (err == NULL)
        err = untracked_cache_parse(&bytes, out);
    *out_found = err == NULL;
    if (dits_error_has(err, DITS_E_NOMEM))
        return err;
    dits_error_free(err); /* then folders are listed */
    return NULL;
}

dits_error *untracked_cache_write(const dits_repo *repo,
                                  const struct untracked_cache *cache)
{
    CLEANUP(buf_release) struct buf bytes = buf_limited(UNTRACKED_CACHE_MAX);
    TRY(untracked_cache_encode(cache, &bytes));
    return side_file_swap(repo->private_dir, FILE_NAME, buf_slice(&bytes));
}
