#include "support/wrap_files.h"

#include <inttypes.h>
#include <string.h>

static dits_error *read_at(struct source *self, uint64_t offset, size_t size,
                           void *out)
{
    const struct bytes_source *bytes = (const struct bytes_source *)self;
    if (offset > self->size || size > self->size - offset)
        return error_new(DITS_E_INVALID, "read outside of the source");
    memcpy(out, bytes->data + offset, size);
    return NULL;
}

struct bytes_source bytes_source_over(const void *data, size_t size)
{
    return (struct bytes_source){.source = {.size = size, .read_at = read_at},
                                 .data = data};
}

dits_error *wrap_put_text(struct buf *out, size_t size, uint64_t seed)
{
    uint64_t state = seed;
    size_t end = out->size + size;
    for (unsigned i = 0; out->size < end; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        TRY(buf_printf(out,
                       "<Clip ObjectID=\"%u\"><Start>%" PRIu64
                       "</Start><Name>shot %u</Name></Clip>\n",
                       i, state >> 30, (unsigned)(state >> 55)));
    }
    return NULL;
}

dits_error *wrap_put_deflated(struct buf *out, struct deflate_params params,
                              struct slice plain)
{
    CLEANUP(deflater_freep) struct deflater *deflater = NULL;
    struct deflate_io io = {.in = plain.data, .in_size = plain.size};
    bool ended = false;
    TRY(deflater_new(params, &deflater));
    while (!ended) {
        uint8_t piece[1000];
        io.out = piece;
        io.out_size = sizeof(piece);
        TRY(deflater_run(deflater, &io, true, &ended));
        TRY(buf_put(out, piece, sizeof(piece) - io.out_size));
    }
    return NULL;
}

/* Bits from the lowest of each byte up. */
struct bits {
    struct buf *out;
    unsigned held;
    unsigned count;
};

static dits_error *put_bit(struct bits *bits, unsigned bit)
{
    bits->held |= bit << bits->count;
    if (++bits->count < 8)
        return NULL;
    TRY(buf_put_u8(bits->out, (uint8_t)bits->held));
    bits->held = 0;
    bits->count = 0;
    return NULL;
}

dits_error *wrap_put_foreign(struct buf *out, struct slice plain)
{
    struct bits bits = {.out = out};
    TRY(put_bit(&bits, 1)); /* the last block, of fixed codes */
    TRY(put_bit(&bits, 1));
    TRY(put_bit(&bits, 0));
    for (size_t i = 0; i < plain.size; i++)
        for (unsigned bit = 8; bit > 0; bit--)
            TRY(put_bit(&bits, (0x30u + plain.data[i]) >> (bit - 1) & 1));
    for (unsigned i = 0; i < 7 || bits.count > 0; i++) /* end: 7 zeros */
        TRY(put_bit(&bits, 0));
    return NULL;
}

dits_error *wrap_put_gzip(struct buf *out, struct deflate_params params,
                          struct slice plain)
{
    TRY(buf_put(out, "\x1f\x8b\x08\x08\0\0\0\0\0\x03name", 15));
    TRY(wrap_put_deflated(out, params, plain));
    TRY(buf_put_le32(out, 0)); /* of no interest here */
    return buf_put_le32(out, (uint32_t)plain.size);
}

void zip_maker_release(struct zip_maker *zip)
{
    buf_release(&zip->directory);
}

/* Method, time, CRC, and sizes as both records have them. */
static dits_error *put_common(struct buf *out, const struct zip_member *member,
                              bool sizes)
{
    uint32_t coded = member->wide ? UINT32_MAX : (uint32_t)member->coded.size;
    uint32_t plain = member->wide ? UINT32_MAX : (uint32_t)member->plain_size;
    TRY(buf_put_le16(out, 20));
    TRY(buf_put_le16(out, (uint16_t)member->flags));
    TRY(buf_put_le16(out, (uint16_t)member->method));
    TRY(buf_put_le32(out, 0));
    TRY(buf_put_le32(out, 0));
    TRY(buf_put_le32(out, sizes ? coded : 0));
    TRY(buf_put_le32(out, sizes ? plain : 0));
    TRY(buf_put_le16(out, (uint16_t)strlen(member->name)));
    return buf_put_le16(out, member->wide ? 20 : 0);
}

static dits_error *put_wide(struct buf *out, const struct zip_member *member)
{
    if (!member->wide)
        return NULL;
    TRY(buf_put_le16(out, 1));
    TRY(buf_put_le16(out, 16));
    TRY(buf_put_le64(out, member->plain_size));
    return buf_put_le64(out, member->coded.size);
}

static dits_error *put_entry(struct zip_maker *zip,
                             const struct zip_member *member, size_t offset)
{
    struct buf *out = &zip->directory;
    TRY(buf_put_le32(out, 0x02014b50));
    TRY(buf_put_le16(out, 20));
    TRY(put_common(out, member, true));
    TRY(buf_put(out, "\0\0\0\0\0\0\0\0\0\0", 10));
    TRY(buf_put_le32(out, (uint32_t)offset));
    TRY(buf_put_text(out, member->name));
    zip->count++;
    return put_wide(out, member);
}

dits_error *zip_maker_add(struct zip_maker *zip,
                          const struct zip_member *member)
{
    struct buf *out = zip->file;
    size_t offset = out->size;
    bool later = (member->flags & 8) != 0;
    TRY(put_entry(zip, member, offset));
    TRY(buf_put_le32(out, 0x04034b50));
    TRY(put_common(out, member, !later || member->wide));
    TRY(buf_put_text(out, member->name));
    TRY(put_wide(out, member));
    TRY(buf_put(out, member->coded.data, member->coded.size));
    if (!later)
        return NULL;
    TRY(buf_put_le32(out, 0x08074b50));
    TRY(buf_put_le32(out, 0));
    TRY(buf_put_le32(out, (uint32_t)member->coded.size));
    return buf_put_le32(out, (uint32_t)member->plain_size);
}

/* The records of zip64: the end, and where it is. */
static dits_error *put_end64(struct zip_maker *zip, size_t offset)
{
    struct buf *out = zip->file;
    size_t end = out->size;
    TRY(buf_put_le32(out, 0x06064b50));
    TRY(buf_put_le64(out, 44));
    TRY(buf_put_le32(out, 0x002d002d));
    TRY(buf_put_le64(out, 0)); /* disks */
    TRY(buf_put_le64(out, zip->count));
    TRY(buf_put_le64(out, zip->count));
    TRY(buf_put_le64(out, zip->directory.size));
    TRY(buf_put_le64(out, offset));
    TRY(buf_put_le32(out, 0x07064b50));
    TRY(buf_put_le32(out, 0));
    TRY(buf_put_le64(out, end));
    return buf_put_le32(out, 1);
}

dits_error *zip_maker_finish(struct zip_maker *zip, bool wide)
{
    struct buf *out = zip->file;
    size_t offset = out->size;
    uint16_t count = wide ? UINT16_MAX : (uint16_t)zip->count;
    TRY(buf_put(out, zip->directory.data, zip->directory.size));
    if (wide)
        TRY(put_end64(zip, offset));
    TRY(buf_put_le32(out, 0x06054b50));
    TRY(buf_put_le32(out, 0));
    TRY(buf_put_le16(out, count));
    TRY(buf_put_le16(out, count));
    TRY(buf_put_le32(out, wide ? UINT32_MAX : (uint32_t)zip->directory.size));
    TRY(buf_put_le32(out, wide ? UINT32_MAX : (uint32_t)offset));
    TRY(buf_put_le16(out, 7));
    return buf_put_text(out, "comment");
}
