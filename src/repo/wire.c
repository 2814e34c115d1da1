#include "repo/wire.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/object.h"
#include "repo/ref_name.h"

enum {
    NAME_MAX_BYTES = 1100,
    REASON_MAX_BYTES = 4096,
    REF_BYTES = 1 + 2 * OID_SIZE + 3, /* of a ref, beside its name */
    CHUNK_MISSING = 0,
    CHUNK_THERE = 1,
};

/* --- ids and flags --- */

dits_error *wire_put_ids(struct wire_ids ids, struct buf *out)
{
    TRY(buf_put_varint(out, ids.count));
    return buf_put(out, ids.items, ids.count * OID_SIZE);
}

dits_error *wire_take_ids(struct cursor *in, struct wire_ids *out)
{
    struct slice bytes = {0};
    uint64_t count = 0;
    TRY(cursor_varint(in, &count));
    if (count > WIRE_MAX_IDS)
        return error_new(DITS_E_CORRUPT, "too many ids in one request");
    TRY(cursor_slice(in, (size_t)count * OID_SIZE, &bytes));
    *out = (struct wire_ids){(const void *)bytes.data, (size_t)count};
    return NULL;
}

dits_error *wire_ids_decode(struct slice bytes, struct wire_ids *out)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    TRY(wire_take_ids(&in, out));
    return cursor_end(&in);
}

dits_error *wire_flags_encode(const bool *flags, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i += 8) {
        unsigned byte = 0;
        for (size_t k = 0; k < 8 && i + k < count; k++)
            byte |= flags[i + k] ? 1u << k : 0;
        TRY(buf_put_u8(out, (uint8_t)byte));
    }
    return NULL;
}

dits_error *wire_flags_decode(struct slice bytes, size_t count, bool *out)
{
    unsigned rest = count % 8;
    if (bytes.size != (count + 7) / 8 ||
        (rest > 0 && bytes.data[bytes.size - 1] >> rest != 0))
        return error_new(DITS_E_CORRUPT,
                         "another number of answers than of questions");
    for (size_t i = 0; i < count; i++)
        out[i] = (bytes.data[i / 8] >> i % 8 & 1) != 0;
    return NULL;
}

/* --- texts --- */

static dits_error *take_text(struct cursor *in, size_t max, char **out)
{
    struct slice text = {0};
    TRY(object_take_bytes(in, max, &text));
    if (!text_is_utf8(text.data, text.size))
        return error_new(DITS_E_CORRUPT, "a text that is not UTF-8");
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7f)
            return error_new(DITS_E_CORRUPT, "a text of more than one line");
    return text_copy_part((const char *)text.data, text.size, out);
}

static dits_error *put_text(const char *text, struct buf *out)
{
    return object_put_bytes(out, text, strlen(text));
}

static dits_error *take_name(struct cursor *in, char **out)
{
    CLEANUP(text_free) char *name = NULL;
    TRY(take_text(in, NAME_MAX_BYTES, &name));
    if (!ref_name_is_full(name))
        return error_new(DITS_E_CORRUPT, "no ref may be named '%s'", name);
    *out = MOVE(name);
    return NULL;
}

static dits_error *take_kind(struct cursor *in, enum chunk_kind *out)
{
    uint8_t kind = 0;
    TRY(cursor_u8(in, &kind));
    if (kind != CHUNK_COMMIT && kind != CHUNK_TAG)
        return error_new(DITS_E_CORRUPT, "a ref that leads to no commit");
    *out = (enum chunk_kind)kind;
    return NULL;
}

static dits_error *take_bool(struct cursor *in, bool *out)
{
    uint8_t value = 0;
    TRY(cursor_u8(in, &value));
    if (value > 1)
        return error_new(DITS_E_CORRUPT, "neither yes nor no");
    *out = value == 1;
    return NULL;
}

/* --- refs --- */

dits_error *wire_after_encode(const char *after, struct buf *out)
{
    return put_text(after, out);
}

dits_error *wire_after_decode(struct slice bytes, char **out)
{
    CLEANUP(text_free) char *after = NULL;
    struct cursor in = cursor_over(bytes.data, bytes.size);
    TRY(take_text(&in, NAME_MAX_BYTES, &after));
    TRY(cursor_end(&in));
    *out = MOVE(after);
    return NULL;
}

static size_t refs_that_fit(const struct transport_refs *refs, size_t first)
{
    size_t bytes = 0;
    size_t i = first;
    for (; i < refs->count && bytes < WIRE_PART_BYTES; i++)
        bytes += REF_BYTES + strlen(refs->items[i].name);
    return i - first;
}

dits_error *wire_refs_encode(const struct transport_refs *refs, size_t first,
                             struct buf *out)
{
    size_t count = refs_that_fit(refs, first);
    TRY(buf_put_u8(out, first + count < refs->count));
    TRY(put_text(refs->head != NULL ? refs->head : "", out));
    TRY(buf_put(out, refs->head_id.hash, OID_SIZE));
    TRY(buf_put_varint(out, count));
    for (size_t i = first; i < first + count; i++) {
        const struct transport_ref *ref = &refs->items[i];
        TRY(buf_put_u8(out, (uint8_t)ref->kind));
        TRY(buf_put(out, ref->id.hash, OID_SIZE));
        TRY(buf_put(out, ref->commit.hash, OID_SIZE));
        TRY(put_text(ref->name, out));
    }
    return NULL;
}

static dits_error *take_ref(struct cursor *in, struct transport_refs *refs)
{
    CLEANUP(text_free) char *name = NULL;
    struct transport_ref ref = {0};
    TRY(take_kind(in, &ref.kind));
    TRY(cursor_oid(in, &ref.id));
    TRY(cursor_oid(in, &ref.commit));
    TRY(take_name(in, &name));
    if (refs->count > 0 && strcmp(refs->items[refs->count - 1].name, name) >= 0)
        return error_new(DITS_E_CORRUPT, "refs out of order");
    if (ref.kind == CHUNK_COMMIT && !dits_oid_equal(&ref.id, &ref.commit))
        return error_new(DITS_E_CORRUPT, "'%s' leads to two commits", name);
    struct transport_ref *items =
        array_grown(refs->items, refs->count, &refs->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    refs->items = items;
    ref.owned_name = MOVE(name);
    ref.name = ref.owned_name;
    refs->items[refs->count++] = ref;
    return NULL;
}

/* Each page says it; they are asked for one after the other. */
static dits_error *take_head(struct cursor *in, struct transport_refs *refs)
{
    CLEANUP(text_free) char *head = NULL;
    TRY(take_text(in, NAME_MAX_BYTES, &head));
    if (head[0] != '\0' && !ref_name_is_full(head))
        return error_new(DITS_E_CORRUPT, "no ref may be named '%s'", head);
    text_free(&refs->head);
    if (head[0] != '\0')
        refs->head = MOVE(head);
    return cursor_oid(in, &refs->head_id);
}

dits_error *wire_refs_decode(struct slice bytes, struct transport_refs *refs,
                             bool *out_more)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    uint64_t count = 0;
    TRY(take_bool(&in, out_more));
    TRY(take_head(&in, refs));
    TRY(cursor_varint(&in, &count));
    if (count == 0 && *out_more)
        return error_new(DITS_E_CORRUPT, "a page without refs");
    for (uint64_t i = 0; i < count; i++)
        TRY(take_ref(&in, refs));
    return cursor_end(&in);
}

/* --- plan --- */

void wire_wish_release(struct wire_wish *wish)
{
    bundle_list_release(&wish->refs);
}

dits_error *wire_wish_encode(const struct transport_wish *wish, struct buf *out)
{
    const struct wire_ids haves = {wish->haves, wish->have_count};
    TRY(buf_put_u8(out, wish->follow_tags));
    TRY(buf_put_varint(out, wish->depth));
    TRY(wire_put_ids(haves, out));
    TRY(buf_put_varint(out, wish->ref_count));
    for (size_t i = 0; i < wish->ref_count; i++) {
        TRY(buf_put_u8(out, (uint8_t)wish->refs[i].kind));
        TRY(buf_put(out, wish->refs[i].id.hash, OID_SIZE));
        TRY(put_text(wish->refs[i].name, out));
    }
    return NULL;
}

static dits_error *take_wished(struct cursor *in, struct bundle_list *list)
{
    CLEANUP(text_free) char *name = NULL;
    enum chunk_kind kind = CHUNK_COMMIT;
    struct dits_oid id = {0};
    TRY(take_kind(in, &kind));
    TRY(cursor_oid(in, &id));
    TRY(take_name(in, &name));
    return bundle_list_add_ref(list, name, &id, kind);
}

dits_error *wire_wish_decode(struct slice bytes, struct wire_wish *out)
{
    CLEANUP(wire_wish_release) struct wire_wish wish = {0};
    struct cursor in = cursor_over(bytes.data, bytes.size);
    uint64_t count = 0;
    TRY(take_bool(&in, &wish.follow_tags));
    TRY(cursor_varint(&in, &wish.depth));
    TRY(wire_take_ids(&in, &wish.haves));
    TRY(cursor_varint(&in, &count));
    for (uint64_t i = 0; i < count; i++)
        TRY(take_wished(&in, &wish.refs));
    TRY(cursor_end(&in));
    *out = MOVE(wish);
    return NULL;
}

dits_error *wire_list_encode(const struct bundle_list *list, struct buf *out)
{
    TRY(buf_put_u8(out, (uint8_t)bundle_list_version(list)));
    return bundle_list_encode(list, out);
}

dits_error *wire_list_decode(struct cursor *in, struct bundle_list *out)
{
    struct slice rest = {0};
    uint8_t version = 0;
    TRY(cursor_u8(in, &version));
    if (version < BUNDLE_PLAIN || version > BUNDLE_GONE)
        return error_new(DITS_E_UNSUPPORTED, "a list of version %u", version);
    TRY(cursor_slice(in, cursor_left(in), &rest));
    return bundle_list_decode_any(rest, (enum bundle_version)version, out);
}

/* --- chunks --- */

dits_error *wire_question_encode(const struct wire_question *question,
                                 struct buf *out)
{
    TRY(buf_put_le32(out, question->room));
    TRY(wire_put_ids(question->ids, out));
    TRY(wire_put_ids(question->stops, out));
    return wire_put_ids(question->cuts, out);
}

dits_error *wire_question_decode(struct slice bytes, struct wire_question *out)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    TRY(cursor_le32(&in, &out->room));
    TRY(wire_take_ids(&in, &out->ids));
    TRY(wire_take_ids(&in, &out->stops));
    TRY(wire_take_ids(&in, &out->cuts));
    return cursor_end(&in);
}

bool wire_frame_fits(const struct frame *frame)
{
    return frame_span(frame) <= EXCHANGE_MAX_BODY - 1024;
}

dits_error *wire_put_chunk(const struct frame *frame, const void *stored,
                           struct buf *out)
{
    uint8_t header[FRAME_HEADER_SIZE];
    frame_encode(frame, header);
    TRY(buf_put_u8(out, CHUNK_THERE));
    TRY(buf_put(out, header, sizeof(header)));
    return buf_put(out, stored, frame->stored_size);
}

dits_error *wire_put_missing(const struct dits_oid *id, struct buf *out)
{
    TRY(buf_put_u8(out, CHUNK_MISSING));
    return buf_put(out, id->hash, OID_SIZE);
}

dits_error *wire_take_frame(struct cursor *in, struct frame *out,
                            struct slice *out_stored)
{
    uint8_t header[FRAME_HEADER_SIZE];
    struct frame frame = {0};
    TRY(cursor_bytes(in, sizeof(header), header));
    TRY(frame_decode(header, &frame));
    TRY(cursor_slice(in, frame.stored_size, out_stored));
    *out = frame;
    return NULL;
}

dits_error *wire_take_chunk(struct cursor *in, struct wire_chunk *out)
{
    *out = (struct wire_chunk){0};
    bool is_there = false;
    TRY(take_bool(in, &is_there));
    out->is_missing = !is_there;
    return is_there ? wire_take_frame(in, &out->frame, &out->stored)
                    : cursor_oid(in, &out->frame.id);
}

/* --- uploads --- */

dits_error *wire_piece_encode(const struct wire_piece *piece, struct buf *out)
{
    TRY(buf_put(out, piece->upload.bytes, WIRE_KEY_SIZE));
    TRY(buf_put_le64(out, piece->offset));
    return buf_put(out, piece->frames.data, piece->frames.size);
}

dits_error *wire_piece_decode(struct slice bytes, struct wire_piece *out)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    TRY(cursor_bytes(&in, WIRE_KEY_SIZE, out->upload.bytes));
    TRY(cursor_le64(&in, &out->offset));
    return cursor_slice(&in, cursor_left(&in), &out->frames);
}

dits_error *wire_number_encode(uint64_t number, struct buf *out)
{
    return buf_put_le64(out, number);
}

dits_error *wire_number_decode(struct slice bytes, uint64_t *out)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    TRY(cursor_le64(&in, out));
    return cursor_end(&in);
}

/* --- publish --- */

void wire_publication_release(struct wire_publication *publication)
{
    for (size_t i = 0; i < publication->count; i++) {
        mem_free(publication->updates[i].refused);
        if (publication->names != NULL)
            mem_free(publication->names[i]);
    }
    mem_free(publication->updates);
    mem_free(publication->names);
    bundle_list_release(&publication->list);
    *publication = (struct wire_publication){0};
}

dits_error *wire_publication_encode(const struct wire_publication *publication,
                                    struct buf *out)
{
    TRY(buf_put(out, publication->key.bytes, WIRE_KEY_SIZE));
    TRY(buf_put_u8(out, publication->atomic));
    TRY(buf_put_varint(out, publication->count));
    for (size_t i = 0; i < publication->count; i++) {
        const struct transport_update *update = &publication->updates[i];
        bool removes = dits_oid_is_zero(&update->after);
        TRY(buf_put(out, update->before.hash, OID_SIZE));
        TRY(buf_put(out, update->after.hash, OID_SIZE));
        if (!removes)
            TRY(buf_put_u8(out, (uint8_t)update->kind));
        TRY(put_text(update->name, out));
    }
    return wire_list_encode(&publication->list, out);
}

static dits_error *grow(struct wire_publication *publication)
{
    struct transport_update *updates =
        array_grown(publication->updates, publication->count,
                    &publication->capacity, sizeof(*updates));
    if (updates == NULL)
        return error_nomem();
    publication->updates = updates;
    char **names = array_grown(publication->names, publication->count,
                               &publication->name_capacity, sizeof(*names));
    if (names == NULL)
        return error_nomem();
    publication->names = names;
    return NULL;
}

static dits_error *take_update(struct cursor *in,
                               struct wire_publication *publication)
{
    CLEANUP(text_free) char *name = NULL;
    struct transport_update update = {0};
    TRY(cursor_oid(in, &update.before));
    TRY(cursor_oid(in, &update.after));
    if (!dits_oid_is_zero(&update.after))
        TRY(take_kind(in, &update.kind));
    TRY(take_name(in, &name));
    TRY(grow(publication));
    update.name = name;
    publication->names[publication->count] = MOVE(name);
    publication->updates[publication->count++] = update;
    return NULL;
}

dits_error *wire_publication_decode(struct slice bytes,
                                    struct wire_publication *out)
{
    CLEANUP(wire_publication_release) struct wire_publication made = {0};
    struct cursor in = cursor_over(bytes.data, bytes.size);
    uint64_t count = 0;
    TRY(cursor_bytes(&in, WIRE_KEY_SIZE, made.key.bytes));
    TRY(take_bool(&in, &made.atomic));
    TRY(cursor_varint(&in, &count));
    if (count == 0)
        return error_new(DITS_E_CORRUPT, "a publication of nothing");
    for (uint64_t i = 0; i < count; i++)
        TRY(take_update(&in, &made));
    TRY(wire_list_decode(&in, &made.list));
    *out = MOVE(made);
    return NULL;
}

dits_error *wire_verdicts_encode(const struct transport_update *updates,
                                 size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        const char *refused = updates[i].refused;
        TRY(put_text(refused != NULL ? refused : "", out));
    }
    return NULL;
}

dits_error *wire_verdicts_decode(struct slice bytes,
                                 struct transport_update *updates, size_t count)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    for (size_t i = 0; i < count; i++) {
        CLEANUP(text_free) char *refused = NULL;
        TRY(take_text(&in, REASON_MAX_BYTES, &refused));
        text_free(&updates[i].refused);
        if (refused[0] != '\0')
            updates[i].refused = MOVE(refused);
    }
    return cursor_end(&in);
}
