#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"
#include "repo/arrival.h"
#include "repo/bundle.h"

enum {
    NAMED_NEEDS = 5 /* of the missing prerequisites, in a message */
};

void bundle_release(struct bundle *bundle)
{
    fs_close(&bundle->file);
    bundle_list_release(&bundle->list);
    mem_free(bundle->packs);
    *bundle = (struct bundle){0};
}

/* Header and list, with its checksum, as they are. */
static dits_error *read_head(struct bundle *bundle, struct buf *head)
{
    uint8_t header[BUNDLE_HEADER_SIZE];
    void *at = NULL;
    size_t size = 0;
    size_t list_size = 0;
    enum bundle_version version = BUNDLE_PLAIN;
    TRY(fs_read_some(&bundle->file, 0, sizeof(header), header, &size));
    if (size < sizeof(header))
        return error_new(DITS_E_INVALID, "it is no bundle of Dits");
    TRY(bundle_header_decode(header, &list_size, &version));
    size = sizeof(header) + list_size + BUNDLE_CHECKSUM_SIZE;
    if (size + BUNDLE_TRAILER_SIZE > bundle->size)
        return error_hint(
            error_new(DITS_E_CORRUPT, "the end of the bundle is missing"),
            "It was not copied whole, or is damaged. Copy it again.");
    TRY(buf_extend(head, size, &at));
    TRY(fs_read_at(&bundle->file, 0, size, at));
    const uint8_t *list = head->data + sizeof(header);
    if (le64_load(list + list_size) != hash_checksum(list, list_size))
        return error_new(DITS_E_CORRUPT, "the list of refs is damaged");
    return bundle_list_decode(slice_of(list, list_size), version,
                              &bundle->list);
}

/* The table at the end, which tells where the packs are. */
static dits_error *read_table(struct bundle *bundle, const struct buf *head)
{
    CLEANUP(buf_release) struct buf table = {0};
    uint8_t end[BUNDLE_TRAILER_SIZE];
    struct bundle_trailer trailer = {0};
    struct dits_oid hash = {0};
    void *at = NULL;
    uint64_t last = bundle->size - sizeof(end);
    TRY(fs_read_at(&bundle->file, last, sizeof(end), end));
    TRY(bundle_trailer_decode(end, &trailer));
    size_t size = (size_t)trailer.pack_count * BUNDLE_ROW_SIZE;
    if (size > last - head->size || trailer.pack_count > BUNDLE_MAX_PACKS)
        return error_new(DITS_E_CORRUPT, "more packs than there is room for");
    TRY(buf_extend(&table, size, &at));
    TRY(fs_read_at(&bundle->file, last - size, size, at));
    bundle_hash(buf_slice(head), buf_slice(&table), &hash);
    if (!dits_oid_equal(&hash, &trailer.hash))
        return error_new(DITS_E_CORRUPT, "the bundle is not what its end says");
    bundle->packs =
        mem_new_array(struct pack_part, (size_t)trailer.pack_count + 1);
    if (bundle->packs == NULL)
        return error_nomem();
    bundle->pack_count = trailer.pack_count;
    return bundle_table_decode(buf_slice(&table), head->size, last - size,
                               bundle->packs);
}

dits_error *bundle_open_file(struct fs_file *file, struct bundle *out)
{
    CLEANUP(bundle_release) struct bundle bundle = {.file = *file};
    CLEANUP(buf_release) struct buf head = {0};
    struct fs_stat stat = {0};
    *file = (struct fs_file){0};
    TRY(fs_stat_file(&bundle.file, &stat));
    if (stat.kind != FS_REGULAR)
        return error_new(DITS_E_INVALID, "it is no file");
    bundle.size = stat.size;
    TRY(read_head(&bundle, &head));
    TRY(read_table(&bundle, &head));
    *out = MOVE(bundle);
    return NULL;
}

dits_error *bundle_open(const char *path, struct bundle *out)
{
    struct fs_file file = {0};
    TRY(fs_open(path, FS_READ, &file));
    TRY_CONTEXT(bundle_open_file(&file, out), "cannot read '%s'", path);
    return NULL;
}

dits_error *bundle_read(const struct bundle *bundle,
                        struct pack_part_reading reading)
{
    reading.file = &bundle->file;
    for (size_t i = 0; i < bundle->pack_count; i++)
        TRY(pack_part_read(&reading, &bundle->packs[i]));
    return NULL;
}

static dits_error *missing_needs(const struct bundle *bundle, const bool *found)
{
    CLEANUP(buf_release) struct buf names = {0};
    size_t missing = 0;
    for (size_t i = 0; i < bundle->list.need_count; i++) {
        const struct bundle_need *need = &bundle->list.needs[i];
        char hex[OID_HEX_SIZE];
        if (found[i] || missing++ >= NAMED_NEEDS)
            continue;
        dits_oid_hex(&need->id, hex);
        TRY(buf_printf(&names, "%s%.12s (%s)", missing > 1 ? ", " : "", hex,
                       need->subject));
    }
    if (missing == 0)
        return NULL;
    return error_hint(
        error_new(DITS_E_CONFLICT,
                  "the bundle goes on from %zu commit%s that %s not here: %s%s",
                  missing, missing > 1 ? "s" : "", missing > 1 ? "are" : "is",
                  buf_text(&names), missing > NAMED_NEEDS ? " ..." : ""),
        "Import the bundle before this one first, or have one made without "
        "'^' and '..'.");
}

static void free_flags(bool **flags)
{
    mem_free(*flags);
}

dits_error *bundle_check_needs(dits_repo *repo, const struct bundle *bundle)
{
    size_t count = bundle->list.need_count;
    if (count == 0)
        return NULL;
    CLEANUP(free_flags) bool *found = mem_new_array(bool, count);
    if (found == NULL)
        return error_nomem();
    TRY(arrival_find_needs(repo, &bundle->list, found));
    return missing_needs(bundle, found);
}

dits_error *dits_bundle_each_ref(const char *path, dits_bundle_ref_fn *fn,
                                 void *payload)
{
    CLEANUP(bundle_release) struct bundle bundle = {0};
    TRY(bundle_open(path, &bundle));
    for (size_t i = 0; i < bundle.list.ref_count; i++) {
        const struct dits_bundle_ref ref = {.name = bundle.list.refs[i].name,
                                            .after = bundle.list.refs[i].id};
        TRY(fn(&ref, payload));
    }
    return NULL;
}

/* What is in it, counted while it is checked. */
static dits_error *count_chunk(const struct frame *frame, bool *out,
                               void *payload)
{
    struct dits_bundle_result *result = payload;
    result->chunks++;
    result->commits += frame->kind == CHUNK_COMMIT;
    *out = true;
    return NULL;
}

static dits_error *drop_chunk(const struct frame *frame, const void *stored,
                              void *payload)
{
    (void)frame;
    (void)stored;
    (void)payload;
    return NULL;
}

dits_error *dits_bundle_verify(dits_repo *repo, const char *path,
                               struct dits_bundle_result *out)
{
    CLEANUP(bundle_release) struct bundle bundle = {0};
    struct dits_bundle_result result = {0};
    struct pack_part_reading reading = {
        .context = repo->context,
        .wants = count_chunk,
        .take = drop_chunk,
        .payload = &result,
    };
    TRY(bundle_open(path, &bundle));
    TRY_CONTEXT(bundle_read(&bundle, reading), "cannot use '%s'", path);
    TRY(bundle_check_needs(repo, &bundle));
    result.refs = bundle.list.ref_count;
    result.prerequisites = bundle.list.need_count;
    result.cuts = bundle.list.cuts.count;
    result.obliterated = bundle_list_gone(&bundle.list);
    result.bytes = bundle.size;
    if (out != NULL)
        *out = result;
    return NULL;
}
