#include "repo/portable.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/mem.h"
#include "repo/staging.h"

enum { WARNINGS_MAX = 10 };

static bool is_device(const char *name, size_t length)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul"};
    static const char *const numbered[] = {"com", "lpt"};
    const char *dot = memchr(name, '.', length);
    size_t stem = dot != NULL ? (size_t)(dot - name) : length;
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
        if (stem == 3 && strncasecmp(name, devices[i], 3) == 0)
            return true;
    for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++)
        if (stem == 4 && strncasecmp(name, numbered[i], 3) == 0 &&
            name[3] >= '1' && name[3] <= '9')
            return true;
    return false;
}

static bool is_reserved_name(const char *name, size_t length)
{
    char last = name[length - 1];
    if (last == '.' || last == ' ' || is_device(name, length))
        return true;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || strchr("<>:\"|?*\\", name[i]))
            return true;
    return false;
}

bool portable_is_reserved(const char *path)
{
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        if (length > 0 && is_reserved_name(path, length))
            return true;
        path += length;
        path += *path == '/';
    }
    return false;
}

/* FNV-1a: only equality matters, and a false alarm is looked at again. */
static uint64_t mix(uint64_t hash, uint8_t byte)
{
    return (hash ^ byte) * UINT64_C(0x100000001b3);
}

static bool is_ascii(const char *path)
{
    for (; *path != '\0'; path++)
        if ((unsigned char)*path >= 0x80)
            return false;
    return true;
}

static const uint64_t start = UINT64_C(0xcbf29ce484222325);

static uint64_t hash_ascii(const char *path)
{
    uint64_t hash = start;
    for (; *path != '\0'; path++)
        hash = mix(hash, (uint8_t)tolower((unsigned char)*path));
    return hash;
}

dits_error *portable_fold_hash(const char *path, uint64_t *out)
{
    uint64_t hash = start;
    if (is_ascii(path)) {
        *out = hash_ascii(path);
        return NULL;
    }
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *)path, 0, &folded,
                     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                         UTF8PROC_CASEFOLD);
    if (size == UTF8PROC_ERROR_NOMEM)
        return error_nomem();
    for (utf8proc_ssize_t i = 0; i < size; i++)
        hash = mix(hash, folded[i]);
    free(folded); /* utf8proc's own */
    *out = hash;
    return NULL;
}

/* A path under its folded hash. */
struct folded {
    uint64_t hash;
    const char *path;
};

static int compare_folded(const void *a, const void *b)
{
    const struct folded *left = a;
    const struct folded *right = b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    return strcmp(left->path, right->path);
}

static void free_folded(struct folded **folded)
{
    mem_free(*folded);
}

/* The first of the sorted `folded` that has `hash`. */
static const struct folded *find(const struct folded *folded, size_t count,
                                 uint64_t hash)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (folded[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && folded[low].hash == hash ? &folded[low] : NULL;
}

static void warn_case(const struct staging *staging, const char *a,
                      const char *b, unsigned *told)
{
    if ((*told)++ < WARNINGS_MAX)
        log_warn(staging->repo->context,
                 "'%s' and '%s' differ only in case: Windows and macOS can "
                 "hold only one of them",
                 a, b);
}

/* Among the new paths themselves, then between them and what is tracked. */
static dits_error *warn_of_case(const struct staging *staging,
                                const struct folded *fresh, size_t count)
{
    unsigned told = 0;
    for (size_t i = 1; i < count; i++)
        if (fresh[i].hash == fresh[i - 1].hash)
            warn_case(staging, fresh[i - 1].path, fresh[i].path, &told);
    for (size_t i = 0; i < index_count(staging->index); i++) {
        const char *path = index_at(staging->index, i)->path;
        uint64_t hash = 0;
        TRY(portable_fold_hash(path, &hash));
        const struct folded *same = find(fresh, count, hash);
        if (same != NULL && strcmp(same->path, path) != 0)
            warn_case(staging, path, same->path, &told);
    }
    return NULL;
}

dits_error *portable_warn(const struct staging *staging)
{
    CLEANUP(free_folded) struct folded *fresh = NULL;
    size_t count = 0;
    unsigned told = 0;
    if (staging->count == 0)
        return NULL;
    fresh = mem_new_array(struct folded, staging->count);
    if (fresh == NULL)
        return error_nomem();
    for (size_t i = 0; i < staging->count; i++) {
        const char *path = staging->items[i].seen->path;
        if (staging->items[i].action != 'A')
            continue;
        if (portable_is_reserved(path) && told++ < WARNINGS_MAX)
            log_warn(staging->repo->context,
                     "Windows cannot hold a file named '%s'", path);
        fresh[count].path = path;
        TRY(portable_fold_hash(path, &fresh[count].hash));
        count++;
    }
    if (count == 0)
        return NULL;
    qsort(fresh, count, sizeof(*fresh), compare_folded);
    return warn_of_case(staging, fresh, count);
}
