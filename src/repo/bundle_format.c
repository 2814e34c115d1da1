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
    MAGIC_SIZE = 8,
    SUBJECT_MAX = 1024,
    NAME_BYTES_MAX = 1100,
    GONE_TEXT_MAX = 4096, /* of who, or why */
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

static void gone_release(struct bundle_gone *gone)
{
    person_release(&gone->who);
    mem_free(gone->reason);
    oid_map_release(&gone->assets);
}

void bundle_list_release(struct bundle_list *list)
{
    for (size_t i = 0; i < list->need_count; i++)
        mem_free(list->needs[i].subject);
    for (size_t i = 0; i < list->ref_count; i++)
        mem_free(list->refs[i].name);
    for (size_t i = 0; i < list->gone_count; i++)
        gone_release(&list->gone[i]);
    mem_free(list->needs);
    mem_free(list->refs);
    mem_free(list->gone);
    oid_map_release(&list->cuts);
    *list = (struct bundle_list){0};
}

/* No more than `max` bytes of it, in whole characters. */
static dits_error *copy_cut(struct slice text, size_t max, char **out)
{
    size_t length = text.size < max ? text.size : max;
    while (length > 0 && !text_is_utf8(text.data, length))
        length--; /* a character that was cut */
    return text_copy_part((const char *)text.data, length, out);
}

dits_error *bundle_list_add_need(struct bundle_list *list,
                                 const struct dits_oid *id,
                                 struct slice subject)
{
    CLEANUP(text_free) char *copy = NULL;
    TRY(copy_cut(subject, SUBJECT_MAX, &copy));
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

dits_error *bundle_list_add_gone(struct bundle_list *list,
                                 const struct obliteration *done,
                                 struct oid_map *assets)
{
    CLEANUP(gone_release)
    struct bundle_gone copy = {.who = {.time = done->who->time}};
    TRY(copy_cut(slice_of_text(done->who->name), GONE_TEXT_MAX,
                 &copy.who.name));
    TRY(copy_cut(slice_of_text(done->who->email), GONE_TEXT_MAX,
                 &copy.who.email));
    TRY(copy_cut(slice_of_text(done->reason), GONE_TEXT_MAX, &copy.reason));
    struct bundle_gone *gone = array_grown(list->gone, list->gone_count,
                                           &list->gone_capacity, sizeof(*gone));
    if (gone == NULL)
        return error_nomem();
    list->gone = gone;
    copy.assets = MOVE(*assets);
    list->gone[list->gone_count++] = MOVE(copy);
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

static dits_error *put_gone(const struct bundle_list *list, struct buf *out)
{
    TRY(buf_put_varint(out, list->gone_count));
    for (size_t i = 0; i < list->gone_count; i++) {
        const struct bundle_gone *gone = &list->gone[i];
        const char *const texts[] = {gone->who.name, gone->who.email,
                                     gone->reason};
        TRY(buf_put_le64(out, (uint64_t)gone->who.time));
        for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++)
            TRY(object_put_bytes(out, texts[j], strlen(texts[j])));
        TRY(buf_put_varint(out, gone->assets.count));
        TRY(shallow_put_ids(&gone->assets, out));
    }
    return NULL;
}

enum bundle_version bundle_list_version(const struct bundle_list *list)
{
    if (list->gone_count > 0)
        return BUNDLE_GONE;
    return list->cuts.count > 0 ? BUNDLE_CUT : BUNDLE_PLAIN;
}

uint64_t bundle_list_gone(const struct bundle_list *list)
{
    uint64_t count = 0;
    for (size_t i = 0; i < list->gone_count; i++)
        count += list->gone[i].assets.count;
    return count;
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
    enum bundle_version version = bundle_list_version(list);
    if (version >= BUNDLE_CUT)
        TRY(buf_put_varint(out, list->cuts.count));
    TRY(shallow_put_ids(&list->cuts, out));
    if (version >= BUNDLE_GONE)
        TRY(put_gone(list, out));
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
    if (!ref_name_is_full(name))
        return error_new(DITS_E_CORRUPT, "no ref may be named '%s'", name);
    bool is_tag = text_starts_with(name, REF_TAGS);
    if (kind != CHUNK_COMMIT && (kind != CHUNK_TAG || !is_tag))
        return error_new(DITS_E_CORRUPT, "'%s' leads to no commit", name);
    if (last != NULL && strcmp(last->name, name) >= 0)
        return error_new(DITS_E_CORRUPT, "refs out of order");
    return bundle_list_add_ref(list, name, &id, (enum chunk_kind)kind);
}

typedef dits_error *take_fn(struct cursor *in, struct bundle_list *list);

/* Counts are not believed: each item is read before there is room for it. */
static dits_error *take_each(struct cursor *in, take_fn *fn,
                             struct bundle_list *list)
{
    uint64_t count = 0;
    TRY(cursor_varint(in, &count));
    for (uint64_t i = 0; i < count; i++)
        TRY(fn(in, list));
    return NULL;
}

static dits_error *take_cuts(struct cursor *in, bool may_be_none,
                             struct bundle_list *list)
{
    uint64_t count = 0;
    TRY(cursor_varint(in, &count));
    if (count == 0 && !may_be_none)
        return error_new(DITS_E_CORRUPT, "a boundary without commits");
    return shallow_take_ids(in, count, &list->cuts);
}

static dits_error *take_text(struct cursor *in, char **out)
{
    struct slice text = {0};
    TRY(object_take_bytes(in, GONE_TEXT_MAX, &text));
    if (!text_is_utf8(text.data, text.size) ||
        (text.size > 0 && memchr(text.data, 0, text.size) != NULL))
        return error_new(DITS_E_CORRUPT, "who obliterated, or why, is no text");
    return text_copy_part((const char *)text.data, text.size, out);
}

static dits_error *take_one_gone(struct cursor *in, struct bundle_list *list)
{
    CLEANUP(gone_release) struct bundle_gone gone = {0};
    uint64_t value = 0;
    TRY(cursor_le64(in, &value));
    gone.who.time = (int64_t)value;
    TRY(take_text(in, &gone.who.name));
    TRY(take_text(in, &gone.who.email));
    TRY(take_text(in, &gone.reason));
    TRY(cursor_varint(in, &value));
    if (value == 0)
        return error_new(DITS_E_CORRUPT, "an obliteration of nothing");
    TRY(shallow_take_ids(in, value, &gone.assets));
    const struct obliteration done = {.who = &gone.who, .reason = gone.reason};
    return bundle_list_add_gone(list, &done, &gone.assets);
}

static dits_error *take_gone(struct cursor *in, struct bundle_list *list)
{
    TRY(take_each(in, take_one_gone, list));
    return list->gone_count > 0
               ? NULL
               : error_new(DITS_E_CORRUPT, "a list without obliterations");
}

dits_error *bundle_list_decode_any(struct slice bytes,
                                   enum bundle_version version,
                                   struct bundle_list *out)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    struct cursor in = cursor_over(bytes.data, bytes.size);
    TRY(take_each(&in, take_need, &list));
    TRY(take_each(&in, take_ref, &list));
    if (version >= BUNDLE_CUT)
        TRY(take_cuts(&in, version >= BUNDLE_GONE, &list));
    if (version >= BUNDLE_GONE)
        TRY(take_gone(&in, &list));
    TRY(cursor_end(&in));
    *out = MOVE(list);
    return NULL;
}

dits_error *bundle_list_decode(struct slice bytes, enum bundle_version version,
                               struct bundle_list *out)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    TRY(bundle_list_decode_any(bytes, version, &list));
    if (list.ref_count == 0)
        return error_new(DITS_E_CORRUPT, "a bundle without refs");
    for (size_t i = 0; i < list.ref_count; i++)
        if (!text_starts_with(list.refs[i].name, REF_BRANCHES) &&
            !text_starts_with(list.refs[i].name, REF_TAGS))
            return error_new(DITS_E_CORRUPT, "no ref may be named '%s'",
                             list.refs[i].name);
    *out = MOVE(list);
    return NULL;
}

void bundle_header_encode(size_t list_size, enum bundle_version version,
                          uint8_t out[BUNDLE_HEADER_SIZE])
{
    memset(out, 0, BUNDLE_HEADER_SIZE);
    memcpy(out, header_magic, MAGIC_SIZE);
    le16_store(out + AT_VERSION, (uint16_t)version);
    le32_store(out + AT_LIST_SIZE, (uint32_t)list_size);
    le64_store(out + AT_HEADER_CHECKSUM,
               hash_checksum(out, AT_HEADER_CHECKSUM));
}

dits_error *bundle_header_decode(const uint8_t bytes[BUNDLE_HEADER_SIZE],
                                 size_t *out_list_size,
                                 enum bundle_version *out_version)
{
    if (memcmp(bytes, header_magic, MAGIC_SIZE) != 0)
        return error_new(DITS_E_INVALID, "it is no bundle of Dits");
    if (le64_load(bytes + AT_HEADER_CHECKSUM) !=
        hash_checksum(bytes, AT_HEADER_CHECKSUM))
        return error_new(DITS_E_CORRUPT, "the start of the bundle is damaged");
    uint16_t version = le16_load(bytes + AT_VERSION);
    if (version < BUNDLE_PLAIN || version > BUNDLE_GONE)
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "a bundle of version %u", version),
            "A newer Dits made it. Update Dits to read it.");
    *out_version = (enum bundle_version)version;
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
