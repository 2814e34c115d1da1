#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "object/object.h"
#include "object/person.h"

enum { NAME_MAX_BYTES = 4096 };

void tag_release(struct tag *tag)
{
    mem_free(tag->name);
    person_release(&tag->tagger);
    mem_free(tag->message);
    buf_release(&tag->signature);
    *tag = (struct tag){0};
}

static bool is_name(struct slice name)
{
    return name.size > 0 && name.size <= NAME_MAX_BYTES &&
           text_is_utf8(name.data, name.size);
}

dits_error *tag_encode(const struct tag *tag, struct buf *out)
{
    struct slice name = slice_of_text(tag->name != NULL ? tag->name : "");
    struct slice message =
        slice_of_text(tag->message != NULL ? tag->message : "");
    if (!is_name(name))
        return error_new(DITS_E_INVALID, "a tag has no proper name");
    TRY(message_check(message, DITS_E_INVALID));

    TRY(object_begin(out, CHUNK_TAG));
    TRY(buf_put(out, tag->target.hash, OID_SIZE));
    TRY(buf_put_u8(out, (uint8_t)tag->target_kind));
    TRY(object_put_bytes(out, name.data, name.size));
    TRY(person_encode(&tag->tagger, out));
    TRY(object_put_bytes(out, message.data, message.size));
    TRY(signature_encode(&tag->signature, out));
    return object_end(out);
}

static dits_error *decode_target(struct cursor *in, struct tag *tag)
{
    uint8_t kind = 0;
    TRY(cursor_oid(in, &tag->target));
    TRY(cursor_u8(in, &kind));
    if (kind == CHUNK_DATA || kind == CHUNK_LIST || kind >= CHUNK_KIND_COUNT)
        return error_new(DITS_E_CORRUPT, "a tag of something of kind %u", kind);
    tag->target_kind = (enum chunk_kind)kind;
    return NULL;
}

static dits_error *decode_name(struct cursor *in, struct tag *tag)
{
    struct slice name = {0};
    TRY(object_take_bytes(in, NAME_MAX_BYTES, &name));
    if (!is_name(name))
        return error_new(DITS_E_CORRUPT, "a tag has no proper name");
    return text_copy_part((const char *)name.data, name.size, &tag->name);
}

dits_error *tag_decode(struct slice bytes, struct tag *out)
{
    CLEANUP(tag_release) struct tag tag = {0};
    struct cursor in = {0};
    TRY(object_open(CHUNK_TAG, bytes, &in));
    TRY(decode_target(&in, &tag));
    TRY(decode_name(&in, &tag));
    TRY(person_decode(&in, &tag.tagger));
    TRY(message_decode(&in, &tag.message));
    TRY(signature_decode(&in, &tag.signature));
    TRY(cursor_end(&in));
    *out = MOVE(tag);
    return NULL;
}

dits_error *tag_store(struct store_writer *writer, const struct tag *tag,
                      struct dits_oid *out_id)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(tag_encode(tag, &bytes));
    return store_writer_put(writer, CHUNK_TAG, bytes.data, bytes.size, out_id);
}

dits_error *tag_load(struct store *store, const struct dits_oid *id,
                     struct tag *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY_CONTEXT(store_read(store, CHUNK_TAG, id, &bytes), "cannot read a tag");
    return tag_decode(buf_slice(&bytes), out);
}
