#include "support/mxf_builder.h"

#include <string.h>

#define LABEL(bytes) slice_of(bytes, sizeof(bytes) - 1)

#define PICTURE_KEY                                        \
    "\x06\x0e\x2b\x34\x01\x02\x01\x01\x0d\x01\x03\x01\x15" \
    "\x01\x05\x01"
#define SOUND_KEY                                          \
    "\x06\x0e\x2b\x34\x01\x02\x01\x01\x0d\x01\x03\x01\x16" \
    "\x01\x01\x01"

enum { FILE_PACKAGE = 0x50, RATE = 25 };

static dits_error *put_be(struct buf *out, uint64_t value, unsigned bytes)
{
    while (bytes-- > 0)
        TRY(buf_put_u8(out, (uint8_t)(value >> (8 * bytes))));
    return NULL;
}

static dits_error *put_klv(struct buf *out, const char *key, struct slice value)
{
    TRY(buf_put(out, key, 16));
    TRY(buf_put_u8(out, 0x83));
    TRY(put_be(out, value.size, 3));
    return value.size == 0 ? NULL : buf_put(out, value.data, value.size);
}

/* The property `tag`: a number of `bytes` bytes. */
static dits_error *put_number(struct buf *out, unsigned tag, uint64_t value,
                              unsigned bytes)
{
    TRY(put_be(out, tag, 2));
    TRY(put_be(out, bytes, 2));
    return put_be(out, value, bytes);
}

static dits_error *put_bytes(struct buf *out, unsigned tag, struct slice value)
{
    TRY(put_be(out, tag, 2));
    TRY(put_be(out, value.size, 2));
    return buf_put(out, value.data, value.size);
}

/* A reference to, or the id of, the set that the builder calls `id`. */
static dits_error *put_id(struct buf *out, unsigned tag, unsigned id)
{
    TRY(put_be(out, tag, 2));
    TRY(put_be(out, 16, 2));
    TRY(put_be(out, 0, 8));
    return put_be(out, id, 8);
}

static dits_error *put_ids(struct buf *out, unsigned tag, unsigned first,
                           unsigned count)
{
    TRY(put_be(out, tag, 2));
    TRY(put_be(out, 8 + 16 * count, 2));
    TRY(put_be(out, count, 4));
    TRY(put_be(out, 16, 4));
    for (unsigned i = 0; i < count; i++) {
        TRY(put_be(out, 0, 8));
        TRY(put_be(out, first + i, 8));
    }
    return NULL;
}

static dits_error *put_text(struct buf *out, unsigned tag, const char *text)
{
    TRY(put_be(out, tag, 2));
    TRY(put_be(out, 2 * strlen(text), 2));
    for (; *text != '\0'; text++)
        TRY(put_be(out, (uint8_t)*text, 2));
    return NULL;
}

static dits_error *put_umid(struct buf *out, unsigned tag, unsigned id)
{
    TRY(put_be(out, tag, 2));
    TRY(put_be(out, 32, 2));
    for (unsigned i = 0; i < 32; i++)
        TRY(buf_put_u8(out, (uint8_t)id));
    return NULL;
}

/* The set of `type`, called `id`, with `body`, which is emptied. */
static dits_error *end_set(struct buf *out, unsigned type, unsigned id,
                           struct buf *body)
{
    char key[] = "\x06\x0e\x2b\x34\x02\x53\x01\x01\x0d\x01\x01\x01\x01\x01\0\0";
    key[14] = (char)type;
    TRY(put_id(body, 0x3c0a, id));
    TRY(put_klv(out, key, buf_slice(body)));
    buf_clear(body);
    return NULL;
}

/* Ids: a track, then its sequence. */
static dits_error *put_track(struct buf *out, unsigned id, unsigned number,
                             struct slice definition)
{
    CLEANUP(buf_release) struct buf body = {0};
    TRY(put_number(&body, 0x4801, id, 4));
    TRY(put_number(&body, 0x4804, number, 4));
    TRY(put_number(&body, 0x4b01, (uint64_t)RATE << 32 | 1, 8));
    TRY(put_number(&body, 0x4b02, 0, 8));
    TRY(put_text(&body, 0x4802, "track"));
    TRY(put_id(&body, 0x4803, id + 0x100));
    TRY(end_set(out, 0x3b, id, &body));
    TRY(put_bytes(&body, 0x0201, definition));
    TRY(put_number(&body, 0x0202, 3, 8));
    return end_set(out, 0x0f, id + 0x100, &body);
}

static dits_error *put_picture_descriptor(struct buf *out, bool is_clip)
{
    CLEANUP(buf_release) struct buf body = {0};
    char container[] = "\x06\x0e\x2b\x34\x04\x01\x01\x02"
                       "\x0d\x01\x03\x01\x02\x04\x60\x01";
    container[15] = is_clip ? 2 : 1;
    TRY(put_number(&body, 0x3006, 0x10, 4));
    TRY(put_bytes(&body, 0x3004, slice_of(container, 16)));
    TRY(put_bytes(&body, 0x3201,
                  LABEL("\x06\x0e\x2b\x34\x04\x01\x01\x03"
                        "\x04\x01\x02\x02\x01\x04\x03\x00")));
    TRY(put_number(&body, 0x3203, 320, 4));
    TRY(put_number(&body, 0x3202, 240, 4));
    TRY(put_number(&body, 0x320c, 0, 1));
    TRY(put_number(&body, 0x320e, (uint64_t)4 << 32 | 3, 8));
    TRY(put_number(&body, 0x3301, 8, 4));
    TRY(put_number(&body, 0x3302, 2, 4));
    TRY(put_number(&body, 0x3308, 2, 4));
    TRY(put_bytes(&body, 0x3219,
                  LABEL("\x06\x0e\x2b\x34\x04\x01\x01\x06"
                        "\x04\x01\x01\x01\x03\x03\x00\x00")));
    TRY(put_number(&body, 0x8001, 10000000, 4));
    return end_set(out, 0x51, 0x61, &body);
}

static dits_error *put_sound_descriptor(struct buf *out)
{
    CLEANUP(buf_release) struct buf body = {0};
    TRY(put_number(&body, 0x3006, 0x11, 4));
    TRY(put_bytes(&body, 0x3004,
                  LABEL("\x06\x0e\x2b\x34\x04\x01\x01\x01"
                        "\x0d\x01\x03\x01\x02\x06\x01\x00")));
    TRY(put_number(&body, 0x3d03, (uint64_t)100 << 32 | 1, 8));
    TRY(put_number(&body, 0x3d01, 16, 4));
    TRY(put_number(&body, 0x3d07, 2, 4));
    TRY(put_number(&body, 0x3d0a, 4, 2));
    return end_set(out, 0x48, 0x62, &body);
}

static dits_error *put_packages(struct buf *out, bool has_sound)
{
    CLEANUP(buf_release) struct buf body = {0};
    TRY(put_umid(&body, 0x4401, 0x40));
    TRY(put_text(&body, 0x4402, "show"));
    TRY(put_ids(&body, 0x4403, 0x20, 1));
    TRY(end_set(out, 0x36, 0x40, &body));
    TRY(put_id(&body, 0x4803, 0x21));
    TRY(end_set(out, 0x3b, 0x20, &body));
    TRY(put_number(&body, 0x1501, 1800, 8));
    TRY(put_number(&body, 0x1502, 30, 2));
    TRY(put_number(&body, 0x1503, 1, 1));
    TRY(end_set(out, 0x14, 0x21, &body));
    TRY(put_umid(&body, 0x4401, FILE_PACKAGE));
    TRY(put_ids(&body, 0x4403, 0x10, has_sound ? 2 : 1));
    TRY(put_id(&body, 0x4701, 0x60));
    TRY(end_set(out, 0x37, FILE_PACKAGE, &body));
    TRY(put_umid(&body, 0x2701, FILE_PACKAGE));
    TRY(put_number(&body, 0x3f07, 1, 4));
    TRY(end_set(out, 0x23, 0x70, &body));
    TRY(put_bytes(&body, 0x3004,
                  LABEL("\x06\x0e\x2b\x34\x04\x01\x01\x03"
                        "\x0d\x01\x03\x01\x02\x7f\x01\x00")));
    TRY(put_ids(&body, 0x3f01, 0x61, 2));
    return end_set(out, 0x44, 0x60, &body);
}

/* The primer, with a name for the highest luminance, and the sets. */
static dits_error *put_metadata(struct buf *out, const struct mxf_test *test)
{
    CLEANUP(buf_release) struct buf body = {0};
    TRY(put_be(&body, (uint64_t)1 << 32 | 18, 8));
    TRY(put_be(&body, 0x8001, 2));
    TRY(buf_put(&body,
                "\x06\x0e\x2b\x34\x01\x01\x01\x0e"
                "\x04\x20\x04\x01\x01\x03\x00\x00",
                16));
    TRY(put_klv(out,
                "\x06\x0e\x2b\x34\x02\x05\x01\x01"
                "\x0d\x01\x02\x01\x01\x05\x01\x00",
                buf_slice(&body)));
    buf_clear(&body);
    TRY(put_text(&body, 0x3c01, "Maker"));
    TRY(end_set(out, 0x30, 0x30, &body));
    TRY(put_packages(out, !test->is_clip));
    TRY(put_track(out, 0x10, 0x15010501,
                  LABEL("\x06\x0e\x2b\x34\x04\x01\x01\x01"
                        "\x01\x03\x02\x02\x01\x00\x00\x00")));
    TRY(put_track(out, 0x11, 0x16010101,
                  LABEL("\x06\x0e\x2b\x34\x04\x01\x01\x01"
                        "\x01\x03\x02\x02\x02\x00\x00\x00")));
    TRY(put_picture_descriptor(out, test->is_clip));
    TRY(put_sound_descriptor(out));
    if (!test->is_encrypted)
        return NULL;
    return put_klv(out,
                   "\x06\x0e\x2b\x34\x02\x53\x01\x01"
                   "\x0d\x01\x04\x01\x02\x02\x00\x00",
                   buf_slice(&body));
}

static size_t picture_size(const struct mxf_test *test, unsigned number)
{
    return test->has_constant ? 50 : 40 + 10 * (size_t)number;
}

static dits_error *put_index(struct buf *out, const struct mxf_test *test)
{
    static const int8_t temporal[] = {0, 1, -1};
    static const uint8_t flags[] = {0x80, 0x22, 0x33};
    CLEANUP(buf_release) struct buf body = {0};
    uint64_t offset = 0;
    TRY(put_number(&body, 0x3f07, 1, 4));
    TRY(put_number(&body, 0x3f0c, 0, 8));
    TRY(put_number(&body, 0x3f0d, 3, 8));
    TRY(put_number(&body, 0x3f05, test->has_constant ? 50 : 0, 4));
    if (!test->has_constant) {
        TRY(put_be(&body, 0x3f0a, 2));
        TRY(put_be(&body, 8 + 3 * 11, 2));
        TRY(put_be(&body, (uint64_t)3 << 32 | 11, 8));
    }
    for (unsigned i = 0; !test->has_constant && i < 3; i++) {
        TRY(buf_put_u8(&body, (uint8_t)temporal[i]));
        TRY(buf_put_u8(&body, 0));
        TRY(buf_put_u8(&body, flags[i]));
        TRY(put_be(&body, offset, 8));
        offset += picture_size(test, i) + (test->is_clip ? 0 : 56);
    }
    return put_klv(out,
                   "\x06\x0e\x2b\x34\x02\x53\x01\x01"
                   "\x0d\x01\x02\x01\x01\x10\x01\x00",
                   buf_slice(&body));
}

struct partition {
    uint8_t kind;
    uint32_t body_sid;
    uint64_t previous;
    uint64_t footer;
    struct slice metadata;
    struct slice index;
};

static dits_error *put_partition(struct buf *out,
                                 const struct partition *partition)
{
    CLEANUP(buf_release) struct buf body = {0};
    char key[] = "\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\0\x04\0";
    key[13] = (char)partition->kind;
    TRY(put_be(&body, (uint64_t)1 << 48 | (uint64_t)2 << 32 | 1, 8));
    TRY(put_be(&body, out->size, 8));
    TRY(put_be(&body, partition->previous, 8));
    TRY(put_be(&body, partition->footer, 8));
    TRY(put_be(&body, partition->metadata.size, 8));
    TRY(put_be(&body, partition->index.size, 8));
    TRY(put_be(&body, partition->index.size > 0 ? 2 : 0, 4));
    TRY(put_be(&body, 0, 8));
    TRY(put_be(&body, partition->body_sid, 4));
    TRY(buf_put(&body,
                "\x06\x0e\x2b\x34\x04\x01\x01\x01"
                "\x0d\x01\x02\x01\x01\x01\x09\x00",
                16));
    TRY(put_be(&body, 16, 8));
    TRY(put_klv(out, key, buf_slice(&body)));
    if (partition->metadata.size > 0)
        TRY(buf_put(out, partition->metadata.data, partition->metadata.size));
    if (partition->index.size > 0)
        TRY(buf_put(out, partition->index.data, partition->index.size));
    return NULL;
}

static dits_error *put_essence(struct buf *out, const struct mxf_test *test)
{
    CLEANUP(buf_release) struct buf clip = {0};
    uint8_t bytes[64] = {0};
    for (unsigned i = 0; i < 3; i++) {
        struct slice picture = {0};
        memset(bytes, 'A' + (int)i, sizeof(bytes));
        picture = slice_of(bytes, picture_size(test, i));
        if (test->is_clip) {
            TRY(buf_put(&clip, picture.data, picture.size));
            continue;
        }
        TRY(put_klv(out, PICTURE_KEY, picture));
        TRY(put_klv(out, SOUND_KEY, slice_of(bytes, 16)));
    }
    return test->is_clip ? put_klv(out, PICTURE_KEY, buf_slice(&clip)) : NULL;
}

/* The file without its run-in: offsets count from the header partition. */
static dits_error *build(struct buf *out, const struct mxf_test *test,
                         uint64_t footer)
{
    CLEANUP(buf_release) struct buf metadata = {0};
    CLEANUP(buf_release) struct buf index = {0};
    if (!test->has_no_tracks)
        TRY(put_metadata(&metadata, test));
    TRY(put_index(&index, test));
    struct partition header = {.kind = 2,
                               .body_sid = 1,
                               .footer = footer,
                               .metadata = buf_slice(&metadata)};
    TRY(put_partition(out, &header));
    TRY(put_klv(out,
                "\x06\x0e\x2b\x34\x01\x01\x01\x02"
                "\x03\x01\x02\x10\x01\x00\x00\x00",
                LABEL("\0\0\0\0")));
    TRY(put_essence(out, test));
    if (test->has_no_footer)
        return NULL;
    struct partition last = {
        .kind = 4, .footer = out->size, .index = buf_slice(&index)};
    uint64_t at = out->size;
    TRY(put_partition(out, &last));
    CLEANUP(buf_release) struct buf rows = {0};
    TRY(put_be(&rows, 1, 4));
    TRY(put_be(&rows, 0, 8));
    TRY(put_be(&rows, 0, 4));
    TRY(put_be(&rows, at, 8));
    TRY(put_be(&rows, 20 + 24 + 4, 4));
    return put_klv(out,
                   "\x06\x0e\x2b\x34\x02\x05\x01\x01"
                   "\x0d\x01\x02\x01\x01\x11\x01\x00",
                   buf_slice(&rows));
}

dits_error *mxf_build(struct buf *out, const struct mxf_test *test)
{
    CLEANUP(buf_release) struct buf file = {0};
    TRY(build(&file, test, 0));
    for (size_t i = 0; i < test->run_in; i++)
        TRY(buf_put_u8(out, '.'));
    return buf_put(out, file.data, file.size);
}

size_t mxf_build_first_value(struct slice file)
{
    const uint8_t *at = memmem(file.data, file.size, PICTURE_KEY, 16);
    return at == NULL ? 0 : (size_t)(at - file.data) + 20;
}
