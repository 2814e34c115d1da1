#include "media/wrap/gzip.h"

#include "base/cursor.h"
#include "base/mem.h"
#include "media/limits.h"
#include "media/window.h"
#include "media/wrap/plain_reader.h"

/* RFC 1952, 2.3.1: bits of FLG. Those above are reserved and 0. */
enum {
    FLAG_HEADER_CRC = 2,
    FLAG_EXTRA = 4,
    FLAG_NAME = 8,
    FLAG_COMMENT = 16,
    FLAGS_KNOWN = 31,
};

enum {
    TRAILER_BYTES = 8,
    PIECE_BYTES = 64 * 1024,
    HEADER_MAX = 4096, /* with a name and a comment; a longer one is refused */
};

/* Past a text that ends in a zero byte. */
static dits_error *skip_text(struct cursor *in)
{
    uint8_t byte = 0;
    do {
        TRY(cursor_u8(in, &byte));
    } while (byte != 0);
    return NULL;
}

static dits_error *skip_extra(struct cursor *in)
{
    uint16_t size = 0;
    TRY(cursor_le16(in, &size));
    return cursor_skip(in, size);
}

/* Past what the flags say is there, in this order. */
static dits_error *skip_optional(struct cursor *in, uint8_t flags)
{
    if ((flags & FLAG_EXTRA) != 0)
        TRY(skip_extra(in));
    if ((flags & FLAG_NAME) != 0)
        TRY(skip_text(in));
    if ((flags & FLAG_COMMENT) != 0)
        TRY(skip_text(in));
    return (flags & FLAG_HEADER_CRC) != 0 ? cursor_skip(in, 2) : NULL;
}

/* How long the header is that `bytes` start with. Errors: CORRUPT. */
static dits_error *parse_header(struct slice bytes, size_t *out_size)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    uint16_t magic = 0;
    uint8_t method = 0;
    uint8_t flags = 0;
    TRY(cursor_le16(&in, &magic));
    TRY(cursor_u8(&in, &method));
    TRY(cursor_u8(&in, &flags));
    if (magic != 0x8b1f || method != 8 || flags > FLAGS_KNOWN)
        return error_new(DITS_E_CORRUPT, "no header of gzip");
    TRY(cursor_skip(&in, 6)); /* time, level, system */
    TRY(skip_optional(&in, flags));
    *out_size = bytes.size - cursor_left(&in);
    return NULL;
}

static dits_error *beyond_limits(void)
{
    return error_new(DITS_E_CORRUPT, "a member unpacks to too much");
}

/* Unpack the stream at member->offset to see where it ends. */
static dits_error *measure(struct source *source, uint64_t max_plain,
                           uint8_t *piece, struct wrap_member *member)
{
    CLEANUP(plain_reader_release) struct plain_reader reader = {0};
    uint64_t offset = member->offset;
    TRY(plain_reader_init(&reader, source, offset, source->size - offset));
    while (!reader.ended) {
        size_t size = 0;
        TRY(plain_reader_read(&reader, PIECE_BYTES, piece, &size));
        member->plain_size += size;
        if (member->plain_size > max_plain ||
            !wrap_allows(reader.coded_used, member->plain_size))
            return beyond_limits();
    }
    member->coded_size = reader.coded_used;
    if (source->size - offset - member->coded_size < TRAILER_BYTES)
        return error_new(DITS_E_CORRUPT, "a member of gzip is cut off");
    return NULL;
}

/* The member at `*offset`, which moves behind it. */
static dits_error *add_member(struct window *window, uint64_t *offset,
                              uint8_t *piece, struct wrap *wrap)
{
    struct slice head = {0};
    size_t header = 0;
    TRY(window_peek(window, *offset, HEADER_MAX, &head));
    TRY(parse_header(head, &header));
    struct wrap_member member = {.offset = *offset + header,
                                 .method = WRAP_DEFLATE};
    TRY(measure(window->source, LIMIT_WRAP_PLAIN - wrap->plain_size, piece,
                &member));
    TRY(wrap_add(wrap, &member));
    *offset = member.offset + member.coded_size + TRAILER_BYTES;
    return NULL;
}

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

dits_error *gzip_open(struct source *source, struct wrap *out)
{
    CLEANUP(window_release) struct window window = {.source = source};
    CLEANUP(free_bytes) uint8_t *piece = mem_new_array(uint8_t, PIECE_BYTES);
    uint64_t offset = 0;
    dits_error *err = NULL;
    if (piece == NULL)
        return error_nomem();
    out->kind = WRAP_GZIP;
    while (err == NULL && offset < source->size &&
           out->count < LIMIT_WRAP_MEMBERS)
        err = add_member(&window, &offset, piece, out);
    if (!dits_error_has(err, DITS_E_CORRUPT) || out->count == 0)
        return err;
    dits_error_free(err); /* an answer: what follows is not gzip */
    return NULL;
}
