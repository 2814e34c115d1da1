#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"
#include "store/pack_scan.h"

enum {
    MAX_KEPT = 200,
    END_BYTES = 16 << 10, /* read at once: most small packs end in them */
};

dits_error *frame_list_add(struct frame_list *list, const struct frame *frame)
{
    if (list->count >= PACK_MAX_ENTRIES)
        return error_new(DITS_E_LIMIT, "too many chunks in one pack");
    struct frame *rows =
        array_grown(list->rows, list->count, &list->capacity, sizeof(*rows));
    if (rows == NULL)
        return error_nomem();
    list->rows = rows;
    list->rows[list->count++] = *frame;
    return NULL;
}

void frame_list_release(struct frame_list *list)
{
    mem_free(list->rows);
    *list = (struct frame_list){0};
}

static void table_free(struct pack_table *table)
{
    if (table == NULL)
        return;
    pack_index_release(&table->index);
    buf_release(&table->bytes);
    fs_unmap(table->map, table->map_size);
    mem_free(table);
}

static void table_freep(struct pack_table **table)
{
    table_free(*table);
}

/* The index file, if it is whole and belongs to this pack. */
static dits_error *map_index(const struct pack *pack, struct pack_table *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    TRY(fs_open(pack->index_path, FS_READ, &file));
    TRY(fs_stat_file(&file, &stat));
    if (stat.size == 0 || stat.size > PACK_INDEX_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "an index of a strange size");
    out->map_size = (size_t)stat.size;
    TRY(fs_map(&file, out->map_size, &out->map));
    TRY(pack_index_parse(out->map, out->map_size, &out->index));

    char name[OID_HEX_SIZE];
    dits_oid_hex(&out->index.name, name);
    if (strcmp(name, pack->name) != 0)
        return error_new(DITS_E_CORRUPT, "the index of another pack");
    return NULL;
}

/* Why the file of a pack cannot be used: perhaps its tier is away. */
static dits_error *explain(const struct pack *pack, dits_error *err)
{
    if (err == NULL || pack->tier == NULL || dits_error_has(err, DITS_E_NOMEM))
        return err;
    dits_error *offline = tier_check(pack->tier);
    if (offline == NULL)
        return err;
    dits_error_free(err); /* that is why */
    return offline;
}

/*
 * The same while it is open: a server may have forgotten a file that was moved
 * on elsewhere. Then it has to be opened anew.
 */
static dits_error *explain_read(struct pack *pack, dits_error *err)
{
    if (dits_error_has(err, DITS_E_NOT_FOUND))
        atomic_store(&pack->replaced, true);
    return explain(pack, err);
}

static dits_error *open_file(const struct pack *pack, struct fs_file *out)
{
    if (pack->path == NULL)
        return tier_check(pack->tier);
    return explain(pack, fs_open(pack->path, FS_READ, out));
}

/* Open the file and keep it, unless many are kept already. */
static dits_error *open_and_keep(struct pack *pack, struct pack_use *out)
{
    POOL_LOCKED(&pack->mutex);
    int handle = atomic_load_explicit(&pack->handle, memory_order_acquire);
    if (handle != 0) {
        out->file.handle = handle;
        return NULL;
    }
    TRY(open_file(pack, &out->file));
    out->ours = atomic_fetch_add(pack->kept, 1) >= MAX_KEPT;
    if (out->ours)
        atomic_fetch_sub(pack->kept, 1);
    else
        atomic_store_explicit(&pack->handle, out->file.handle,
                              memory_order_release);
    return NULL;
}

dits_error *pack_use(struct pack *pack, struct pack_use *out)
{
    int handle = atomic_load_explicit(&pack->handle, memory_order_acquire);
    if (handle == 0)
        return open_and_keep(pack, out);
    out->file.handle = handle;
    return NULL;
}

void pack_use_end(struct pack_use *use)
{
    if (use->ours)
        fs_close(&use->file);
}

/* The end of a pack, read in one go. */
struct pack_end {
    uint8_t bytes[END_BYTES];
    uint64_t begin; /* where in the file */
    size_t size;
};

/* From the end where it reaches so far, else from the file. */
static dits_error *read_part(const struct fs_file *file,
                             const struct pack_end *end, uint64_t offset,
                             size_t size, void *out)
{
    if (offset < end->begin)
        return fs_read_at(file, offset, size, out);
    memcpy(out, end->bytes + (offset - end->begin), size);
    return NULL;
}

/* The index at the end of the pack. */
static dits_error *read_footer(const struct fs_file *file, uint64_t size,
                               struct pack_table *out)
{
    uint8_t header[PACK_HEADER_SIZE];
    struct pack_end end = {.size = END_BYTES};
    struct pack_trailer trailer = {0};
    if (size < PACK_HEADER_SIZE + PACK_TRAILER_SIZE)
        return error_new(DITS_E_CORRUPT, "the pack is cut off");
    if (end.size > size)
        end.size = (size_t)size;
    end.begin = size - end.size;
    TRY(fs_read_at(file, end.begin, end.size, end.bytes));
    TRY(read_part(file, &end, 0, sizeof(header), header));
    TRY(pack_header_decode(header));
    TRY(pack_trailer_decode(end.bytes + end.size - PACK_TRAILER_SIZE, size,
                            &trailer));
    if (trailer.index_size > PACK_INDEX_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "an index of a strange size");

    void *at = NULL;
    TRY(buf_extend(&out->bytes, (size_t)trailer.index_size, &at));
    TRY(read_part(file, &end, trailer.frames_end, (size_t)trailer.index_size,
                  at));
    return pack_index_parse(out->bytes.data, out->bytes.size, &out->index);
}

static dits_error *collect(const struct frame *frame, void *payload)
{
    return frame_list_add(payload, frame);
}

/* The index as the frames themselves give it. No row: `*out` stays empty. */
static dits_error *scan_frames(const struct pack *pack,
                               const struct fs_file *file, uint64_t size,
                               struct pack_table *out)
{
    CLEANUP(frame_list_release) struct frame_list found = {0};
    struct pack_scan scan = {
        .context = pack->context,
        .file = file,
        .file_size = size,
        .on_frame = collect,
        .payload = &found,
    };
    uint64_t frames_end = 0;
    TRY(pack_scan(&scan, &frames_end));
    if (found.count == 0)
        return NULL;

    struct dits_oid name = {0};
    (void)oid_parse(pack->name, &name);
    buf_release(&out->bytes);
    TRY(pack_index_build(found.rows, found.count, frames_end, &name,
                         &out->bytes));
    return pack_index_parse(out->bytes.data, out->bytes.size, &out->index);
}

/* Best effort: without the file the next process does the same again. */
static void save_index(const struct pack *pack, const struct pack_table *table)
{
    dits_error *err =
        fs_replace(pack->index_path, table->bytes.data, table->bytes.size);
    if (err != NULL)
        log_debug(pack->context, "cannot write '%s'", pack->index_path);
    dits_error_free(err);
}

/* From the pack: its own index, or its frames. */
static dits_error *load_from_pack(struct pack *pack, bool trust_footer,
                                  struct pack_table *out)
{
    CLEANUP(pack_use_end) struct pack_use use = {0};
    struct fs_stat stat = {0};
    TRY(pack_use(pack, &use));
    TRY(fs_stat_file(&use.file, &stat));
    dits_error *err = trust_footer
                          ? read_footer(&use.file, stat.size, out)
                          : error_new(DITS_E_CORRUPT, "not to be trusted");
    if (err == NULL) {
        if (out->bytes.size > PACK_INLINE_INDEX_BYTES || pack->tier != NULL)
            save_index(pack, out);
        return NULL;
    }
    if (!dits_error_has(err, DITS_E_CORRUPT))
        return err;
    log_warn(pack->context,
             "the index of pack '%s' is damaged and was made anew (%s)",
             pack->name, dits_error_message(err));
    dits_error_free(err);

    TRY(scan_frames(pack, &use.file, stat.size, out));
    if (out->index.count > 0)
        save_index(pack, out);
    return NULL;
}

static dits_error *load_table(struct pack *pack, struct pack_table *out)
{
    dits_error *err = map_index(pack, out);
    if (err == NULL || dits_error_has(err, DITS_E_NOMEM))
        return err;
    dits_error_free(err); /* small packs have none; else it is made anew */
    pack_index_release(&out->index);
    return load_from_pack(pack, true, out);
}

static dits_error *pack_path(const char *folder, const char *name,
                             const char *suffix, char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/%s%s", folder, name, suffix));
    return buf_take_text(&path, out);
}

static dits_error *pack_new(const dits_context *context, const char *folder,
                            const char *name, atomic_uint *kept,
                            struct pack **out)
{
    CLEANUP(pack_closep) struct pack *pack = mem_new(struct pack);
    if (pack == NULL)
        return error_nomem();
    (void)pthread_mutex_init(&pack->loading, NULL);
    (void)pthread_mutex_init(&pack->mutex, NULL);
    pack->context = context;
    pack->kept = kept;
    memcpy(pack->name, name, OID_HEX_SIZE);
    TRY(pack_path(folder, name, ".idx", &pack->index_path));
    *out = MOVE(pack);
    return NULL;
}

dits_error *pack_open(const dits_context *context, const char *folder,
                      const char *name, atomic_uint *kept, struct pack **out)
{
    CLEANUP(pack_closep) struct pack *pack = NULL;
    struct fs_stat stat = {0};
    TRY(pack_new(context, folder, name, kept, &pack));
    TRY(pack_path(folder, name, ".pack", &pack->path));
    TRY(fs_stat_path(pack->path, &stat));
    pack->mtime_ns = stat.mtime_ns;
    *out = MOVE(pack);
    return NULL;
}

dits_error *pack_open_copy(const dits_context *context, const char *folder,
                           const struct tier *tier,
                           const struct pack_copy *copy, atomic_uint *kept,
                           struct pack **out)
{
    CLEANUP(pack_closep) struct pack *pack = NULL;
    TRY(pack_new(context, folder, copy->pack, kept, &pack));
    if (tier->path != NULL)
        TRY(tier_pack_path(tier, copy->pack, &pack->path));
    pack->tier = tier;
    pack->mtime_ns = copy->mtime_ns;
    pack->size = copy->size;
    *out = MOVE(pack);
    return NULL;
}

dits_error *pack_stat(const struct pack *pack, struct fs_stat *out)
{
    if (pack->tier == NULL)
        return fs_stat_path(pack->path, out);
    *out = (struct fs_stat){.size = pack->size, .mtime_ns = pack->mtime_ns};
    return NULL;
}

bool pack_name_of(const char *file_name, char *out)
{
    struct dits_oid id = {0};
    size_t digits = OID_HEX_SIZE - 1;
    if (strlen(file_name) != digits + strlen(".pack") ||
        !text_ends_with(file_name, ".pack") ||
        !oid_parse_prefix(file_name, digits, &id))
        return false;
    memcpy(out, file_name, digits);
    out[digits] = '\0';
    return true;
}

dits_error *pack_load(struct pack *pack)
{
    if (atomic_load_explicit(&pack->loaded, memory_order_acquire))
        return NULL;
    POOL_LOCKED(&pack->loading);
    if (atomic_load(&pack->loaded))
        return NULL;
    CLEANUP(table_freep) struct pack_table *table = mem_new(struct pack_table);
    if (table == NULL)
        return error_nomem();
    TRY_CONTEXT(load_table(pack, table), "cannot open pack '%s'", pack->name);
    if (table->index.count > 0)
        atomic_store(&pack->table, MOVE(table));
    atomic_store_explicit(&pack->loaded, true, memory_order_release);
    return NULL;
}

void pack_close(struct pack *pack)
{
    if (pack == NULL)
        return;
    struct pack_table *table = atomic_load(&pack->table);
    while (table != NULL) {
        struct pack_table *older = table->older;
        table_free(table);
        table = older;
    }
    struct fs_file file = {.handle = atomic_load(&pack->handle)};
    fs_close(&file);
    text_free(&pack->path);
    text_free(&pack->index_path);
    (void)pthread_mutex_destroy(&pack->mutex);
    (void)pthread_mutex_destroy(&pack->loading);
    mem_free(pack);
}

void pack_closep(struct pack **pack)
{
    pack_close(*pack);
}

static struct pack_table *table_of(const struct pack *pack)
{
    return atomic_load_explicit(&pack->table, memory_order_acquire);
}

dits_error *pack_rebuild_index(struct pack *pack)
{
    CLEANUP(table_freep) struct pack_table *table = mem_new(struct pack_table);
    if (table == NULL)
        return error_nomem();
    TRY_CONTEXT(load_from_pack(pack, false, table),
                "cannot make the index of pack '%s' anew", pack->name);
    if (table->index.count == 0)
        return error_new(DITS_E_CORRUPT, "no chunk is left in pack '%s'",
                         pack->name);

    POOL_LOCKED(&pack->mutex);
    table->older = table_of(pack);
    atomic_store_explicit(&pack->table, MOVE(table), memory_order_release);
    atomic_store_explicit(&pack->loaded, true, memory_order_release);
    return NULL;
}

/* After a lookup failed: try again with an index made anew? */
static dits_error *recover(struct pack *pack, dits_error *err)
{
    if (!dits_error_has(err, DITS_E_CORRUPT))
        return err;
    dits_error_free(err); /* told as a warning */
    return pack_rebuild_index(pack);
}

dits_error *pack_find(struct pack *pack, const struct dits_oid *id,
                      bool *out_found, struct frame *out)
{
    *out_found = false;
    TRY(pack_load(pack));
    struct pack_table *table = table_of(pack);
    if (table == NULL)
        return NULL;
    dits_error *err = pack_index_find(&table->index, id, out_found, out);
    if (err == NULL)
        return NULL;
    TRY(recover(pack, err));
    return pack_index_find(&table_of(pack)->index, id, out_found, out);
}

dits_error *pack_keep_index(struct pack *pack)
{
    TRY(pack_load(pack));
    const struct pack_table *table = table_of(pack);
    if (table == NULL)
        return error_new(DITS_E_CORRUPT, "no chunk is left in pack '%s'",
                         pack->name);
    if (table->map == NULL) /* else it is that very file */
        return fs_replace(pack->index_path, table->bytes.data,
                          table->bytes.size);
    return NULL;
}

uint32_t pack_count(const struct pack *pack)
{
    struct pack_table *table = table_of(pack);
    return table == NULL ? 0 : table->index.count;
}

dits_error *pack_at(struct pack *pack, uint32_t i, struct frame *out)
{
    dits_error *err = pack_index_at(&table_of(pack)->index, i, out);
    if (err == NULL)
        return NULL;
    TRY(recover(pack, err));
    if (i >= pack_count(pack))
        return error_new(DITS_E_CONFLICT, "pack '%s' has lost chunks",
                         pack->name);
    return pack_index_at(&table_of(pack)->index, i, out);
}

static int by_offset(const void *a, const void *b)
{
    const struct frame *x = a;
    const struct frame *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

dits_error *pack_frames(struct pack *pack, struct frame_list *out)
{
    TRY(pack_load(pack));
    for (uint32_t i = 0; i < pack_count(pack); i++) {
        struct frame frame = {0};
        TRY_CONTEXT(pack_at(pack, i, &frame), "cannot list pack '%s'",
                    pack->name);
        TRY(frame_list_add(out, &frame));
    }
    if (out->count > 0)
        qsort(out->rows, out->count, sizeof(*out->rows), by_offset);
    return NULL;
}

dits_error *pack_lower_bound(struct pack *pack, const struct dits_oid *id,
                             uint32_t *out)
{
    *out = 0;
    TRY(pack_load(pack));
    struct pack_table *table = table_of(pack);
    if (table == NULL)
        return NULL;
    dits_error *err = pack_index_lower_bound(&table->index, id, out);
    if (err == NULL)
        return NULL;
    TRY(recover(pack, err));
    return pack_index_lower_bound(&table_of(pack)->index, id, out);
}

dits_error *pack_read(struct pack *pack, const struct frame *frame, void *out)
{
    CLEANUP(pack_use_end) struct pack_use use = {0};
    TRY(pack_use(pack, &use));
    return explain_read(pack, frame_read(&use.file, frame, out));
}

dits_error *pack_read_unchecked(struct pack *pack, const struct frame *frame,
                                void *out)
{
    CLEANUP(pack_use_end) struct pack_use use = {0};
    TRY(pack_use(pack, &use));
    return explain_read(pack, frame_read_unchecked(&use.file, frame, out));
}
