#include "store/quarantine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"

enum { OFFSET_DIGITS = 8 };

/* "PACK-OFFSET", both in hex; anything else is not ours. */
static bool parse_name(const char *name, struct damaged_copy *out)
{
    size_t pack_digits = OID_HEX_SIZE - 1;
    if (strlen(name) != pack_digits + 1 + OFFSET_DIGITS ||
        name[pack_digits] != '-' ||
        !oid_parse_prefix(name, pack_digits, &out->pack))
        return false;
    char *end = NULL;
    unsigned long offset = strtoul(name + pack_digits + 1, &end, 16);
    out->offset = (uint32_t)offset;
    return *end == '\0' && offset <= UINT32_MAX;
}

static bool same_copy(const struct damaged_copy *a,
                      const struct damaged_copy *b)
{
    return a->offset == b->offset && dits_oid_equal(&a->pack, &b->pack);
}

static bool listed(const struct quarantine *quarantine,
                   const struct damaged_copy *copy)
{
    size_t count = atomic_load(&quarantine->count);
    for (size_t i = 0; i < count; i++)
        if (same_copy(&quarantine->copies[i], copy))
            return true;
    return false;
}

/* With the mutex held, or before anybody else knows of it. */
static dits_error *remember(struct quarantine *quarantine,
                            const struct damaged_copy *copy)
{
    size_t count = atomic_load(&quarantine->count);
    struct damaged_copy *copies = array_grown(
        quarantine->copies, count, &quarantine->capacity, sizeof(*copies));
    if (copies == NULL)
        return error_nomem();
    quarantine->copies = copies;
    quarantine->copies[count] = *copy;
    atomic_store(&quarantine->count, count + 1);
    return NULL;
}

static dits_error *read_name(const char *name, void *payload)
{
    struct damaged_copy copy = {0};
    return parse_name(name, &copy) ? remember(payload, &copy) : NULL;
}

dits_error *quarantine_open(const dits_context *context, const char *folder,
                            struct quarantine *out)
{
    out->context = context;
    (void)pthread_mutex_init(&out->mutex, NULL);
    TRY(text_copy(folder, &out->folder));
    return fs_exists(folder) ? fs_list(folder, read_name, out) : NULL;
}

void quarantine_release(struct quarantine *quarantine)
{
    if (quarantine->context == NULL)
        return;
    text_free(&quarantine->folder);
    mem_free(quarantine->copies);
    (void)pthread_mutex_destroy(&quarantine->mutex);
}

bool quarantine_has(struct quarantine *quarantine, const char *pack,
                    uint32_t offset)
{
    struct damaged_copy copy = {.offset = offset};
    if (atomic_load_explicit(&quarantine->count, memory_order_relaxed) == 0)
        return false;
    (void)oid_parse(pack, &copy.pack);
    POOL_LOCKED(&quarantine->mutex);
    return listed(quarantine, &copy);
}

bool quarantine_has_pack(struct quarantine *quarantine, const char *pack)
{
    struct dits_oid name = {0};
    (void)oid_parse(pack, &name);
    POOL_LOCKED(&quarantine->mutex);
    size_t count = atomic_load(&quarantine->count);
    for (size_t i = 0; i < count; i++)
        if (dits_oid_equal(&quarantine->copies[i].pack, &name))
            return true;
    return false;
}

static dits_error *write_record(const struct quarantine *quarantine,
                                const char *pack, const struct frame *frame,
                                const char *reason)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    char id[OID_HEX_SIZE];
    dits_oid_hex(&frame->id, id);
    TRY(buf_printf(&path, "%s/%s-%08" PRIx32, quarantine->folder, pack,
                   frame->offset));
    TRY(buf_printf(&text,
                   "chunk %s\nkind %s\nsize %" PRIu32
                   "\npack %s\noffset %" PRIu32 "\nreason %s\n",
                   id, chunk_kind_name(frame->kind), frame->plain_size, pack,
                   frame->offset, reason));
    TRY(fs_make_dirs(quarantine->folder));
    TRY(fs_open(buf_text(&path), FS_CREATE_NEW, &file));
    return fs_write_at(&file, 0, text.data, text.size);
}

void quarantine_add(struct quarantine *quarantine, const char *pack,
                    const struct frame *frame, const char *reason)
{
    struct damaged_copy copy = {.offset = frame->offset};
    char id[OID_HEX_SIZE];
    (void)oid_parse(pack, &copy.pack);
    dits_oid_hex(&frame->id, id);

    POOL_LOCKED(&quarantine->mutex);
    if (listed(quarantine, &copy))
        return;
    log_warn(quarantine->context,
             "%s %s is damaged in pack '%s' (%s); run 'dits fsck'",
             chunk_kind_name(frame->kind), id, pack, reason);
    dits_error_free(remember(quarantine, &copy)); /* best effort */
    dits_error_free(write_record(quarantine, pack, frame, reason)); /* too */
}

void quarantine_forget(struct quarantine *quarantine, const char *pack)
{
    struct dits_oid name = {0};
    (void)oid_parse(pack, &name);
    POOL_LOCKED(&quarantine->mutex);
    size_t count = atomic_load(&quarantine->count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct damaged_copy *copy = &quarantine->copies[i];
        if (!dits_oid_equal(&copy->pack, &name)) {
            quarantine->copies[kept++] = *copy;
            continue;
        }
        CLEANUP(buf_release) struct buf path = {0};
        dits_error *err = buf_printf(&path, "%s/%s-%08" PRIx32,
                                     quarantine->folder, pack, copy->offset);
        if (err == NULL)
            err = fs_remove(buf_text(&path));
        dits_error_free(err); /* best effort: a record of nothing */
    }
    atomic_store(&quarantine->count, kept);
}
