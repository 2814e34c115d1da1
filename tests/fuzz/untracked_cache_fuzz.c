/*
 * What is untracked in folders, of any bytes: as they are, and with the
 * checksum put right.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "repo/untracked_cache.h"

enum { CHECKSUM_BYTES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every name is one part of a path, and every folder is found again. */
static void check_folders(const struct untracked_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++) {
        const struct untracked_folder *folder = &cache->folders[i];
        size_t at = cache->count;
        if (untracked_cache_find(cache, folder->path, &at) != folder || at != i)
            abort();
        for (size_t n = 0; n < folder->names.size;) {
            const char *name = (const char *)folder->names.data + n + 1;
            if (*name == '\0' || strchr(name, '/') != NULL)
                abort();
            n += strlen(name) + 2;
        }
    }
}

static dits_error *check(const uint8_t *data, size_t size, bool put_right)
{
    CLEANUP(untracked_cache_release) struct untracked_cache cache = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    TRY(buf_put(&bytes, data, size));
    if (put_right && size >= CHECKSUM_BYTES)
        le64_store(bytes.data + size - CHECKSUM_BYTES,
                   hash_checksum(bytes.data, size - CHECKSUM_BYTES));
    TRY(untracked_cache_parse(&bytes, &cache));
    check_folders(&cache);
    /* What is accepted is the one form there is of it. */
    TRY(untracked_cache_encode(&cache, &again));
    if (!slice_equal(buf_slice(&again), buf_slice(&cache.bytes)))
        abort();
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(check(data, size, false));
    dits_error_free(check(data, size, true));
    return 0;
}
