#include "store/pack_format.h"

#include <inttypes.h>
#include <string.h>

#include "base/compress.h"
#include "base/hash.h"
#include "base/le.h"

enum {
    /* Frame header. */
    AT_KIND = 4,
    AT_CODEC = 5,
    AT_FLAGS = 6,
    AT_SUITE = 7,
    AT_PLAIN_SIZE = 8,
    AT_STORED_SIZE = 12,
    AT_ID = 16,
    AT_FRAME_CHECKSUM = 48,
    /* Pack header. */
    AT_VERSION = 8,
    AT_HEADER_CHECKSUM = 16,
    /* Trailer. */
    AT_FRAMES_END = 0,
    AT_INDEX_SIZE = 8,
    AT_NAME = 16,
    AT_TRAILER_CHECKSUM = 48,
    AT_TRAILER_MAGIC = 56,
    /* All of them. */
    MAGIC_SIZE = 8,
    FRAME_MAGIC_SIZE = 4,
};

/* Like PNG's: bytes that a transfer as text changes. */
static const uint8_t header_magic[MAGIC_SIZE] = {0x8d, 'D',  'P',  'K',
                                                 '\r', '\n', 0x1a, '\n'};
static const uint8_t trailer_magic[MAGIC_SIZE] = {0x8d, 'D',  'P',  'E',
                                                  '\r', '\n', 0x1a, '\n'};
static const uint8_t frame_magic[FRAME_MAGIC_SIZE] = {0xf5, 'F', '\r', '\n'};

uint64_t frame_span(const struct frame *frame)
{
    return (uint64_t)FRAME_HEADER_SIZE + frame->stored_size;
}

dits_error *frame_check(const struct frame *frame)
{
    if (frame->flags != 0)
        return error_new(DITS_E_UNSUPPORTED,
                         "a chunk that is encrypted or of a later version");
    if (frame->codec > FRAME_ZSTD || frame->kind >= CHUNK_KIND_COUNT)
        return error_new(DITS_E_UNSUPPORTED, "a chunk of kind %u, codec %u",
                         (unsigned)frame->kind, (unsigned)frame->codec);
    if (frame->plain_size == 0 || frame->plain_size > CHUNK_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "a chunk of %" PRIu32 " bytes",
                         frame->plain_size);

    bool fits = frame->codec == FRAME_PLAIN
                    ? frame->stored_size == frame->plain_size
                    : frame->stored_size > 0 &&
                          frame->stored_size < frame->plain_size;
    if (!fits)
        return error_new(DITS_E_CORRUPT,
                         "%" PRIu32 " bytes stored for a chunk of %" PRIu32,
                         frame->stored_size, frame->plain_size);
    return NULL;
}

void frame_encode(const struct frame *frame, uint8_t out[FRAME_HEADER_SIZE])
{
    memcpy(out, frame_magic, FRAME_MAGIC_SIZE);
    out[AT_KIND] = frame->kind;
    out[AT_CODEC] = frame->codec;
    out[AT_FLAGS] = frame->flags;
    out[AT_SUITE] = 0;
    le32_store(out + AT_PLAIN_SIZE, frame->plain_size);
    le32_store(out + AT_STORED_SIZE, frame->stored_size);
    memcpy(out + AT_ID, frame->id.hash, OID_SIZE);
    le64_store(out + AT_FRAME_CHECKSUM, hash_checksum(out, AT_FRAME_CHECKSUM));
}

dits_error *frame_decode(const uint8_t bytes[FRAME_HEADER_SIZE],
                         struct frame *out)
{
    if (memcmp(bytes, frame_magic, FRAME_MAGIC_SIZE) != 0)
        return error_new(DITS_E_CORRUPT, "no chunk starts here");
    if (le64_load(bytes + AT_FRAME_CHECKSUM) !=
        hash_checksum(bytes, AT_FRAME_CHECKSUM))
        return error_new(DITS_E_CORRUPT, "the header of a chunk is damaged");

    struct frame frame = {
        .offset = out->offset,
        .plain_size = le32_load(bytes + AT_PLAIN_SIZE),
        .stored_size = le32_load(bytes + AT_STORED_SIZE),
        .kind = bytes[AT_KIND],
        .codec = bytes[AT_CODEC],
        .flags = bytes[AT_FLAGS] | bytes[AT_SUITE],
    };
    memcpy(frame.id.hash, bytes + AT_ID, OID_SIZE);
    TRY(frame_check(&frame));
    *out = frame;
    return NULL;
}

dits_error *frame_compress(struct frame *frame, const void *data,
                           struct buf *packed)
{
    if (!compress_pays(data, frame->plain_size))
        return NULL;
    TRY(compress_bytes(data, frame->plain_size, packed));
    if (packed->size >= frame->plain_size - frame->plain_size / 32)
        return NULL;
    frame->codec = FRAME_ZSTD;
    frame->stored_size = (uint32_t)packed->size;
    return NULL;
}

static dits_error *unpack(const struct frame *frame, const void *stored,
                          struct buf *plain, const void **out)
{
    void *at = NULL;
    *out = stored;
    if (frame->codec == FRAME_PLAIN)
        return NULL;
    if (!compress_claims(stored, frame->stored_size, frame->plain_size))
        return error_new(DITS_E_CORRUPT, "a chunk unpacks to another size");
    buf_clear(plain);
    TRY(buf_extend(plain, frame->plain_size, &at));
    *out = at;
    return decompress_bytes(stored, frame->stored_size, at, frame->plain_size);
}

dits_error *frame_verify(const struct frame *frame, const void *stored,
                         struct buf *plain)
{
    const void *bytes = NULL;
    struct dits_oid id = {0};
    TRY(unpack(frame, stored, plain, &bytes));
    chunk_id((enum chunk_kind)frame->kind, bytes, frame->plain_size, &id);
    if (!dits_oid_equal(&id, &frame->id))
        return error_new(DITS_E_CORRUPT, "a chunk does not match its id");
    return NULL;
}

size_t frame_search(const uint8_t *bytes, size_t size)
{
    const uint8_t *at =
        size == 0 ? NULL : memmem(bytes, size, frame_magic, FRAME_MAGIC_SIZE);
    return at == NULL ? size : (size_t)(at - bytes);
}

void pack_header_encode(uint8_t out[PACK_HEADER_SIZE])
{
    memset(out, 0, PACK_HEADER_SIZE);
    memcpy(out, header_magic, MAGIC_SIZE);
    le16_store(out + AT_VERSION, PACK_VERSION);
    le64_store(out + AT_HEADER_CHECKSUM,
               hash_checksum(out, AT_HEADER_CHECKSUM));
}

dits_error *pack_header_decode(const uint8_t bytes[PACK_HEADER_SIZE])
{
    if (memcmp(bytes, header_magic, MAGIC_SIZE) != 0)
        return error_hint(
            error_new(DITS_E_CORRUPT, "not a pack"),
            "It may have been transferred as text instead of as binary.");
    if (le64_load(bytes + AT_HEADER_CHECKSUM) !=
        hash_checksum(bytes, AT_HEADER_CHECKSUM))
        return error_new(DITS_E_CORRUPT, "the header of the pack is damaged");
    unsigned version = le16_load(bytes + AT_VERSION);
    if (version != PACK_VERSION)
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "a pack of version %u", version),
            "A newer version of dits wrote it.");
    return NULL;
}

void pack_trailer_encode(const struct pack_trailer *trailer,
                         uint8_t out[PACK_TRAILER_SIZE])
{
    le64_store(out + AT_FRAMES_END, trailer->frames_end);
    le64_store(out + AT_INDEX_SIZE, trailer->index_size);
    memcpy(out + AT_NAME, trailer->name.hash, OID_SIZE);
    le64_store(out + AT_TRAILER_CHECKSUM,
               hash_checksum(out, AT_TRAILER_CHECKSUM));
    memcpy(out + AT_TRAILER_MAGIC, trailer_magic, MAGIC_SIZE);
}

dits_error *pack_trailer_decode(const uint8_t bytes[PACK_TRAILER_SIZE],
                                uint64_t pack_size, struct pack_trailer *out)
{
    struct pack_trailer trailer = {
        .frames_end = le64_load(bytes + AT_FRAMES_END),
        .index_size = le64_load(bytes + AT_INDEX_SIZE),
    };
    memcpy(trailer.name.hash, bytes + AT_NAME, OID_SIZE);
    if (memcmp(bytes + AT_TRAILER_MAGIC, trailer_magic, MAGIC_SIZE) != 0 ||
        le64_load(bytes + AT_TRAILER_CHECKSUM) !=
            hash_checksum(bytes, AT_TRAILER_CHECKSUM))
        return error_new(DITS_E_CORRUPT, "the end of the pack is damaged");
    if (trailer.frames_end < PACK_HEADER_SIZE ||
        trailer.frames_end > PACK_MAX_BYTES || trailer.index_size > pack_size ||
        trailer.frames_end + trailer.index_size + PACK_TRAILER_SIZE !=
            pack_size)
        return error_new(DITS_E_CORRUPT, "the parts of the pack do not add up");
    *out = trailer;
    return NULL;
}
