#include "media/wrap/zip.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "media/limits.h"
#include "media/window.h"
#include "media/wrap/zip_record.h"

/* What is known of an entry before its local header was seen. */
struct entries {
    size_t count;
    struct zip_entry *list;
};

static void entries_release(struct entries *entries)
{
    mem_free(entries->list);
}

static dits_error *contradiction(const char *what)
{
    return error_new(DITS_E_CORRUPT, "a zip file with %s", what);
}

/* The entries of the central directory, which is `end->directory_size` long. */
static dits_error *read_directory(struct window *window,
                                  const struct zip_end *end,
                                  struct entries *out)
{
    uint64_t offset = end->directory_offset;
    uint64_t left = end->directory_size;
    if (end->count == 0)
        return contradiction("no entry");
    if (end->count > LIMIT_WRAP_MEMBERS ||
        end->count > left / ZIP_MIN_ENTRY_BYTES)
        return contradiction("too many entries");
    out->list = mem_new_array(struct zip_entry, (size_t)end->count);
    if (out->list == NULL)
        return error_nomem();
    while (out->count < end->count) {
        uint64_t size = 0;
        TRY(zip_read_entry(window, offset, left, &out->list[out->count],
                           &size));
        out->count++;
        offset += size;
        left -= size;
    }
    return left == 0 ? NULL : contradiction("more directory than entries");
}

static int compare_offsets(const void *a, const void *b)
{
    const struct zip_entry *left = a;
    const struct zip_entry *right = b;
    return left->header_offset < right->header_offset
               ? -1
               : left->header_offset > right->header_offset;
}

static enum wrap_method method_of(const struct zip_entry *entry)
{
    if ((entry->flags & ZIP_ENCRYPTED) != 0)
        return WRAP_OPAQUE;
    if (entry->method == ZIP_STORED)
        return WRAP_STORED;
    return entry->method == ZIP_DEFLATED &&
                   wrap_allows(entry->coded_size, entry->plain_size)
               ? WRAP_DEFLATE
               : WRAP_OPAQUE;
}

/* Entries in file order must have room for their bytes up to the next one. */
static dits_error *add_members(struct window *directory_window,
                               const struct entries *entries,
                               uint64_t directory, struct wrap *out)
{
    CLEANUP(window_release)
    struct window headers = {.source = directory_window->source};
    for (size_t i = 0; i < entries->count; i++) {
        const struct zip_entry *entry = &entries->list[i];
        uint64_t end = i + 1 < entries->count
                           ? entries->list[i + 1].header_offset
                           : directory;
        uint64_t offset = 0;
        TRY(zip_check_local(&headers, directory_window, entry, end, &offset));
        if (entry->coded_size > end - offset)
            return contradiction("entries that overlap");
        struct wrap_member member = {
            .offset = offset,
            .coded_size = entry->coded_size,
            .plain_size = entry->plain_size,
            .method = method_of(entry),
        };
        if (member.method == WRAP_STORED &&
            member.coded_size != member.plain_size)
            return contradiction("a stored entry of two sizes");
        if (member.method == WRAP_DEFLATE &&
            member.plain_size > LIMIT_WRAP_PLAIN - out->plain_size)
            return contradiction("more than may be unpacked");
        TRY(wrap_add(out, &member));
    }
    return NULL;
}

dits_error *zip_open(struct source *source, struct wrap *out)
{
    CLEANUP(window_release) struct window window = {.source = source};
    CLEANUP(entries_release) struct entries entries = {0};
    struct zip_end end = {0};
    TRY(zip_find_end(&window, &end));
    TRY(read_directory(&window, &end, &entries));
    qsort(entries.list, entries.count, sizeof(*entries.list), compare_offsets);
    out->kind = WRAP_ZIP;
    return add_members(&window, &entries, end.directory_offset, out);
}
