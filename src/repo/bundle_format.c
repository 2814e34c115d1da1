#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/object.h"
#include "repo/bundle.h"
#include "repo/ref_name.h"
#include "repo/shallow_format.h"

#define HASH_CONTEXT "dits 2026-11 bundle v1"

enum {
    VERSION = 1,
    VERSION_CUT = 2, /* with commits at which the history was cut */
    MAGIC_SIZE = 8,
    SUBJECT_MAX = 1024,
    NAME_BYTES_MAX = 1100,
    /* Header. */
    AT_VERSION = 8,
    AT_LIST_SIZE = 12,
    AT_HEADER_CHECKSUM = 16,
    /* Row of the table. */
    AT_PACK_NAME = 8,
    /* Trailer. */
    AT_PACK_COUNT = 0,
    AT_HASH = 8,
    AT_TRAILER_CHECKSUM = 40,
    AT_TRAILER_MAGIC = 48,
};

/* Like PNG's: bytes that a transfer as text changes. */
static const uint8_t header_magic[MAGIC_SIZE] = {0x8d, 'D',  'B',  'N',
                                                 '\r', '\n', 0x1a, '\n'};
static const uint8_t trailer_magic[MAGIC_SIZE] = {0x8d, 'D',  'B',  'E',
                                                  '\r', '\n', 0x1a, '\n'};

void bundle_list_release(struct bundle_list *list)
{
    for (size_t i = 0; i < list->need_count; i++)
        mem_free(list->needs[i].subject);
    for (size_t i = 0; i < list->ref_count; i++)
        mem_free(list->refs[i].name);
    mem_free(list->needs);
    mem_free(list->refs);
    oid_map_release(&list->cuts);
    *list = (struct bundle_list){0};
}

dits_error *bundle_list_add_need(struct bundle_list *list,
                                 const struct dits_oid *id,
                                 struct slice subject)
{
    CLEANUP(text_free) char *copy = NULL;
    size_t length = subject.size < SUBJECT_MAX ? subject.size : SUBJECT_MAX;
    while (length > 0 && !text_is_utf8(subject.data, length))
        length--; /* a character that was cut */
    TRY(text_copy_part((const char *)subject.data, length, &copy));
    struct bundle_need *needs = array_grown(
        list->needs, list->need_count, &list->need_capacity, sizeof(*needs));
    if (needs == NULL)
        return error_nomem();
    list->needs = needs;
    struct bundle_need need = {.id = *id, .subject = MOVE(copy)};
    list->needs[list->need_count++] = need;
    return NULL;
}

dits_error *bundle_list_add_ref(struct bundle_list *list, const char *name,
                                const struct dits_oid *id, enum chunk_kind kind)
{
    CLEANUP(text_free) char *name_copy = NULL;
    TRY(text_copy(name, &name_copy));
    struct bundle_ref *refs = array_grown(list->refs, list->ref_count,
                                          &list->ref_capacity, sizeof(*refs));
    if (refs == NULL)
        return error_nomem();
    list->refs = refs;
    struct bundle_ref copy = {.name = MOVE(name_copy), .id = *id, .kind = kind};
    list->refs[list->ref_count++] = copy;
    return NULL;
}

static int compare_needs(const void *a, const void *b)
{
    const struct bundle_need *x = a;
    const struct bundle_need *y = b;
    return oid_compare(&x->id, &y->id);
}

static int compare_refs(const void *a, const void *b)
{
    const struct bundle_ref *x = a;
    const struct bundle_ref *y = b;
    return strcmp(x->name, y->name);
}

void bundle_list_sort(struct bundle_list *list)
{
    if (list->need_count > 1)
        qsort(list->needs, list->need_count, sizeof(*list->needs),
              compare_needs);
    if (list->ref_count > 1)
        qsort(list->refs, list->ref_count, sizeof(*list->refs), compare_refs);
}

static dits_error *put_refs(const struct bundle_list *list, struct buf *out)
{
    TRY(buf_put_varint(out, list->ref_count));
    for (size_t i = 0; i < list->ref_count; i++) {
        const struct bundle_ref *ref = &list->refs[i];
        TRY(buf_put_u8(out, (uint8_t)ref->kind));
        TRY(buf_put(out, ref->id.hash, OID_SIZE));
        TRY(object_put_bytes(out, ref->name, strlen(ref->name)));
    }
    return NULL;
}

dits_error *bundle_list_encode(const struct bundle_list *list, struct buf *out)
{
    TRY(buf_put_varint(out, list->need_count));
    for (size_t i = 0; i < list->need_count; i++) {
        const struct bundle_need *need = &list->needs[i];
        TRY(buf_put(out, need->id.hash, OID_SIZE));
        TRY(object_put_bytes(out, need->subject, strlen(need->subject)));
    }
    TRY(put_refs(list, out));
    if (list->cuts.count > 0)
        TRY(buf_put_varint(out, list->cuts.count));
    TRY(shallow_put_ids(&list->cuts, out));
    if (out->size > BUNDLE_LIST_MAX_BYTES)
        return error_new(DITS_E_LIMIT, "too many refs for one bundle");
    return NULL;
}

static dits_error *take_need(struct cursor *in, struct bundle_list *list)
{
    struct dits_oid id = {0};
    struct slice subject = {0};
    const struct bundle_need *last =
        list->need_count > 0 ? &list->needs[list->need_count - 1] : NULL;
    TRY(cursor_oid(in, &id));
    TRY(object_take_bytes(in, SUBJECT_MAX, &subject));
    if (!text_is_utf8(subject.data, subject.size))
        return error_new(DITS_E_CORRUPT, "a subject that is not UTF-8");
    if (last != NULL && oid_compare(&last->id, &id) >= 0)
        return error_new(DITS_E_CORRUPT, "prerequisites out of order");
    return bundle_list_add_need(list, &id, subject);
}

static bool may_be_carried(const char *name)
{
    return ref_name_is_full(name) && (text_starts_with(name, REF_BRANCHES) ||
                                      text_starts_with(name, REF_TAGS));
}

static dits_error *take_ref(struct cursor *in, struct bundle_list *list)
{
    CLEANUP(text_free) char *name = NULL;
    struct dits_oid id = {0};
    struct slice text = {0};
    uint8_t kind = 0;
    const struct bundle_ref *last =
        list->ref_count > 0 ? &list->refs[list->ref_count - 1] : NULL;
    TRY(cursor_u8(in, &kind));
    TRY(cursor_oid(in, &id));
    TRY(object_take_bytes(in, NAME_BYTES_MAX, &text));
    if (!text_is_utf8(text.data, text.size))
        return error_new(DITS_E_CORRUPT, "the name of a ref is not UTF-8");
    TRY(text_copy_part((const char *)text.data, text.size, &name));
    if (!may_be_carried(name))
        return error_new(DITS_E_CORRUPT, "no ref may be named '%s'", name);
    bool is_tag = text_starts_with(name, REF_TAGS);
    if (kind != CHUNK_COMMIT && (kind != CHUNK_TAG || !is_tag))
        return error_new(DITS_E_CORRUPT, "'%s' leads to no commit", name);
    if (last != NULL && strcmp(last->name, name) >= 0)
        return error_new(DITS_E_CORRUPT, "refs out of order");
    return bundle_list_add_ref(list, name, &id, (enum chunk_kind)kind);
}

static dits_error *take_cuts(struct cursor *in, struct bundle_list *list)
{
    uint64_t count = 0;
    TRY(cursor_varint(in, &count));
    if (count == 0)
        return error_new(DITS_E_CORRUPT, "a boundary without commits");
    return shallow_take_ids(in, count, &list->cuts);
}

/* Counts are not believed: each item is read before there is room for it. */
dits_error *bundle_list_decode(struct slice bytes, bool is_cut,
                               struct bundle_list *out)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    struct cursor in = cursor_over(bytes.data, bytes.size);
    uint64_t count = 0;
    TRY(cursor_varint(&in, &count));
    for (uint64_t i = 0; i < count; i++)
        TRY(take_need(&in, &list));
    TRY(cursor_varint(&in, &count));
    for (uint64_t i = 0; i < count; i++)
        TRY(take_ref(&in, &list));
    if (is_cut)
        TRY(take_cuts(&in, &list));
    TRY(cursor_end(&in));
    if (list.ref_count == 0)
        return error_new(DITS_E_CORRUPT, "a bundle without refs");
    *out = MOVE(list);
    return NULL;
}

void bundle_header_encode(size_t list_size, bool is_cut,
                          uint8_t out[BUNDLE_HEADER_SIZE])
{
    memset(out, 0, BUNDLE_HEADER_SIZE);
    memcpy(out, header_magic, MAGIC_SIZE);
    le16_store(out + AT_VERSION, is_cut ? VERSION_CUT : VERSION);
    le32_store(out + AT_LIST_SIZE, (uint32_t)list_size);
    le64_store(out + AT_HEADER_CHECKSUM,
               hash_checksum(out, AT_HEADER_CHECKSUM));
}

dits_error *bundle_header_decode(const uint8_t bytes[BUNDLE_HEADER_SIZE],
                                 size_t *out_list_size, bool *out_is_cut)
{
    if (memcmp(bytes, header_magic, MAGIC_SIZE) != 0)
        return error_new(DITS_E_INVALID, "it is no bundle of Dits");
    if (le64_load(bytes + AT_HEADER_CHECKSUM) !=
        hash_checksum(bytes, AT_HEADER_CHECKSUM))
        return error_new(DITS_E_CORRUPT, "the start of the bundle is damaged");
    uint16_t version = le16_load(bytes + AT_VERSION);
    *out_is_cut = version == VERSION_CUT;
    if (version != VERSION && version != VERSION_CUT)
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "a bundle of version %u", version),
            "A newer Dits made it. Update Dits to read it.");
    *out_list_size = le32_load(bytes + AT_LIST_SIZE);
    if (le16_load(bytes + AT_VERSION + 2) != 0 ||
        *out_list_size > BUNDLE_LIST_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "the start of the bundle is damaged");
    return NULL;
}

void bundle_trailer_encode(const struct bundle_trailer *trailer,
                           uint8_t out[BUNDLE_TRAILER_SIZE])
{
    memset(out, 0, BUNDLE_TRAILER_SIZE);
    le32_store(out + AT_PACK_COUNT, trailer->pack_count);
    memcpy(out + AT_HASH, trailer->hash.hash, OID_SIZE);
    le64_store(out + AT_TRAILER_CHECKSUM,
               hash_checksum(out, AT_TRAILER_CHECKSUM));
    memcpy(out + AT_TRAILER_MAGIC, trailer_magic, MAGIC_SIZE);
}

dits_error *bundle_trailer_decode(const uint8_t bytes[BUNDLE_TRAILER_SIZE],
                                  struct bundle_trailer *out)
{
    if (memcmp(bytes + AT_TRAILER_MAGIC, trailer_magic, MAGIC_SIZE) != 0 ||
        le64_load(bytes + AT_TRAILER_CHECKSUM) !=
            hash_checksum(bytes, AT_TRAILER_CHECKSUM))
        return error_hint(
            error_new(DITS_E_CORRUPT, "the end of the bundle is missing"),
            "It was not copied whole, or is damaged. Copy it again.");
    if (le32_load(bytes + AT_PACK_COUNT + 4) != 0)
        return error_new(DITS_E_CORRUPT, "the end of the bundle is damaged");
    out->pack_count = le32_load(bytes + AT_PACK_COUNT);
    memcpy(out->hash.hash, bytes + AT_HASH, OID_SIZE);
    return NULL;
}

void bundle_hash(struct slice head, struct slice table, struct dits_oid *out)
{
    struct hash hash;
    hash_begin_derived(&hash, HASH_CONTEXT);
    hash_update(&hash, head.data, head.size);
    hash_update(&hash, table.data, table.size);
    hash_finish(&hash, out);
}

dits_error *bundle_table_encode(const struct pack_part *packs, size_t count,
                                struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        TRY(buf_put_le64(out, packs[i].size));
        TRY(buf_put(out, packs[i].name.hash, OID_SIZE));
    }
    return NULL;
}

dits_error *bundle_table_decode(struct slice bytes, uint64_t start,
                                uint64_t end, struct pack_part *packs)
{
    for (size_t at = 0; at < bytes.size; at += BUNDLE_ROW_SIZE, packs++) {
        packs->start = start;
        packs->size = le64_load(bytes.data + at);
        memcpy(packs->name.hash, bytes.data + at + AT_PACK_NAME, OID_SIZE);
        if (packs->size > end - start)
            return error_new(DITS_E_CORRUPT, "a pack goes past the bundle");
        start += packs->size;
    }
    if (start != end)
        return error_new(DITS_E_CORRUPT,
                         "the parts of the bundle do not add up");
    return NULL;
}
