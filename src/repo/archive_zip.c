/*
 * Zip with names in UTF-8, written without going back. A file's sum stands
 * behind it, in a data descriptor; so that who reads without going forth knows
 * where a file ends, all content is deflated: what does not shrink, in stored
 * blocks. Sizes and places of 4 GiB and more are in zip64 fields.
 */
#include <string.h>

#include "base/compress.h"
#include "base/le.h"
#include "base/mem.h"
#include "repo/archive.h"
#include "repo/calendar.h"

enum {
    VERSION = 20,
    VERSION_ZIP64 = 45,
    MADE_ON_UNIX = 3 << 8,
    FLAG_DESCRIPTOR = 1 << 3,
    FLAG_UTF8 = 1 << 11,
    METHOD_STORED = 0,
    METHOD_DEFLATE = 8,
    EXTRA_ZIP64 = 0x0001,
    EXTRA_TIME = 0x5455,
    TIME_IS_MTIME = 1,
    DOS_FOLDER = 0x10,
    NAME_MAX_BYTES = 65535,
    BLOCK_BYTES = 65535,      /* of a stored block */
    PACKED_BYTES = 64 * 1024, /* deflated at a time */
};

#define SIGN_LOCAL 0x04034b50u
#define SIGN_CENTRAL 0x02014b50u
#define SIGN_DESCRIPTOR 0x08074b50u
#define SIGN_END 0x06054b50u
#define SIGN_END64 0x06064b50u
#define SIGN_LOCATOR 0x07064b50u

#define FIELD32_MAX 0xffffffffu
#define FIELD16_MAX 0xffffu

/* Files of so many bytes get room for large sizes before it is known what they
 * shrink or grow to. */
#define LARGE_BYTES 0xf0000000u

static const struct deflate_params params = {.level = 6, .memory = 8};

struct zip {
    struct archive_out *out;
    uint32_t dos_time; /* date and time */
    int64_t time;
    const char *comment; /* borrowed */
    struct buf central;
    uint64_t count;
    struct buf scratch;

    /* The member at hand. */
    struct archive_entry entry; /* its name is in `name` */
    struct buf name;
    uint64_t offset; /* of its header */
    uint64_t start;  /* of its bytes */
    uint64_t packed_size;
    uint32_t sum;
    bool has_data;             /* deflated, with a descriptor */
    bool has_begun;            /* some of it was seen */
    bool is_large;             /* by zip64 */
    struct deflater *deflater; /* NULL: stored blocks */
};

/* In steps of two seconds, from 1980 to 2107. */
static uint32_t dos_time_of(int64_t time)
{
    struct civil when = civil_from_seconds(time);
    if (when.year < 1980)
        when = (struct civil){.year = 1980, .month = 1, .day = 1};
    if (when.year > 2107)
        when = (struct civil){.year = 2107, .month = 12, .day = 31};
    return (uint32_t)(when.year - 1980) << 25 | (uint32_t)when.month << 21 |
           (uint32_t)when.day << 16 | (uint32_t)when.hour << 11 |
           (uint32_t)when.minute << 5 | (uint32_t)when.second / 2;
}

static uint32_t field32(uint64_t value)
{
    return value < FIELD32_MAX ? (uint32_t)value : FIELD32_MAX;
}

static bool time_fits(const struct zip *zip)
{
    return zip->time >= INT32_MIN && zip->time <= INT32_MAX;
}

static dits_error *put_time(const struct zip *zip, struct buf *out)
{
    if (!time_fits(zip))
        return NULL;
    TRY(buf_put_le16(out, EXTRA_TIME));
    TRY(buf_put_le16(out, 5));
    TRY(buf_put_u8(out, TIME_IS_MTIME));
    return buf_put_le32(out, (uint32_t)(int32_t)zip->time);
}

/* The fields that a local and a central header share, from version to time. */
static void store_start(const struct zip *zip, uint8_t *at)
{
    bool is_large = zip->is_large || zip->offset >= FIELD32_MAX;
    le16_store(at, is_large ? VERSION_ZIP64 : VERSION);
    le16_store(at + 2,
               (uint16_t)(FLAG_UTF8 | (zip->has_data ? FLAG_DESCRIPTOR : 0)));
    le16_store(at + 4, zip->has_data ? METHOD_DEFLATE : METHOD_STORED);
    le32_store(at + 6, zip->dos_time);
}

/* Room for the sizes, which stand in the descriptor. */
static dits_error *put_room(const struct zip *zip, struct buf *out)
{
    static const uint8_t room[20] = {EXTRA_ZIP64, 0, 16, 0};
    return zip->is_large ? buf_put(out, room, sizeof(room)) : NULL;
}

static dits_error *put_local(struct zip *zip)
{
    uint8_t head[30];
    struct buf *extra = &zip->scratch;
    uint32_t size = zip->has_data ? (zip->is_large ? FIELD32_MAX : 0)
                                  : (uint32_t)zip->packed_size;
    buf_clear(extra);
    TRY(put_time(zip, extra));
    TRY(put_room(zip, extra));
    le32_store(head, SIGN_LOCAL);
    store_start(zip, head + 4);
    le32_store(head + 14, zip->has_data ? 0 : zip->sum);
    le32_store(head + 18, size);
    le32_store(head + 22, size);
    le16_store(head + 26, (uint16_t)zip->name.size);
    le16_store(head + 28, (uint16_t)extra->size);
    TRY(archive_out_put(zip->out, head, sizeof(head)));
    TRY(archive_out_put(zip->out, zip->name.data, zip->name.size));
    return archive_out_put(zip->out, extra->data, extra->size);
}

static uint32_t attributes(char mode)
{
    switch (mode) {
    case 'd':
        return 0040755u << 16 | DOS_FOLDER;
    case 'l':
        return 0120777u << 16;
    case 'x':
        return 0100755u << 16;
    default:
        return 0100644u << 16;
    }
}

/*
 * The fields that do not fit, those alone, in this order. A large file has both
 * sizes there in any case: readers know by it how its descriptor looks.
 */
static dits_error *put_large(const struct zip *zip, uint64_t size,
                             struct buf *out)
{
    bool has_offset = zip->offset >= FIELD32_MAX;
    if (!zip->is_large && !has_offset)
        return NULL;
    TRY(buf_put_le16(out, EXTRA_ZIP64));
    TRY(buf_put_le16(
        out, (uint16_t)((zip->is_large ? 16 : 0) + (has_offset ? 8 : 0))));
    if (zip->is_large) {
        TRY(buf_put_le64(out, size));
        TRY(buf_put_le64(out, zip->packed_size));
    }
    return has_offset ? buf_put_le64(out, zip->offset) : NULL;
}

static dits_error *add_central(struct zip *zip)
{
    uint8_t row[46] = {0}; /* no comment, first disk, content not known */
    struct buf *extra = &zip->scratch;
    uint64_t size = zip->has_data ? zip->entry.size : zip->packed_size;
    buf_clear(extra);
    TRY(put_time(zip, extra));
    TRY(put_large(zip, size, extra));
    le32_store(row, SIGN_CENTRAL);
    le16_store(row + 4, MADE_ON_UNIX | VERSION_ZIP64);
    store_start(zip, row + 6);
    le32_store(row + 16, zip->sum);
    le32_store(row + 20,
               zip->is_large ? FIELD32_MAX : (uint32_t)zip->packed_size);
    le32_store(row + 24, zip->is_large ? FIELD32_MAX : (uint32_t)size);
    le16_store(row + 28, (uint16_t)zip->name.size);
    le16_store(row + 30, (uint16_t)extra->size);
    le32_store(row + 38, attributes(zip->entry.mode));
    le32_store(row + 42, field32(zip->offset));
    TRY(buf_put(&zip->central, row, sizeof(row)));
    TRY(buf_put(&zip->central, zip->name.data, zip->name.size));
    zip->count++;
    return extra->size > 0 ? buf_put(&zip->central, extra->data, extra->size)
                           : NULL;
}

/* Folders, symlinks and empty files, whose sum is known beforehand. */
static dits_error *put_small(struct zip *zip)
{
    const char *target = zip->entry.mode == 'l' ? zip->entry.target : "";
    zip->packed_size = strlen(target);
    zip->sum = deflate_crc32(0, target, (size_t)zip->packed_size);
    TRY(put_local(zip));
    return archive_out_put(zip->out, target, (size_t)zip->packed_size);
}

static dits_error *zip_entry(void *self, const struct archive_entry *entry)
{
    struct zip *zip = self;
    buf_clear(&zip->name);
    TRY(buf_put_text(&zip->name, entry->name));
    if (zip->name.size > NAME_MAX_BYTES)
        return error_new(DITS_E_LIMIT, "zip has no names as long as '%.60s...'",
                         entry->name);
    zip->entry = *entry;
    zip->entry.name = NULL;
    zip->offset = zip->out->offset;
    zip->has_data = entry->size > 0;
    zip->has_begun = false;
    zip->is_large = entry->size >= LARGE_BYTES;
    zip->sum = 0;
    if (!zip->has_data)
        return put_small(zip);
    TRY(put_local(zip));
    zip->start = zip->out->offset;
    return NULL;
}

static dits_error *put_deflated(struct zip *zip, const void *data, size_t size,
                                bool finish)
{
    uint8_t packed[PACKED_BYTES];
    struct deflate_io io = {.in = data, .in_size = size};
    bool ended = false;
    do {
        io.out = packed;
        io.out_size = sizeof(packed);
        TRY(deflater_run(zip->deflater, &io, finish, &ended));
        TRY(archive_out_put(zip->out, packed, sizeof(packed) - io.out_size));
    } while (finish ? !ended : io.in_size > 0);
    return NULL;
}

/* A block as it is: its length, and once more with all bits turned round. */
static dits_error *put_stored(struct zip *zip, const uint8_t *data, size_t size,
                              bool is_last)
{
    uint8_t head[5] = {is_last};
    le16_store(head + 1, (uint16_t)size);
    le16_store(head + 3, (uint16_t)~size);
    TRY(archive_out_put(zip->out, head, sizeof(head)));
    return archive_out_put(zip->out, data, size);
}

static dits_error *zip_data(void *self, const void *data, size_t size)
{
    struct zip *zip = self;
    const uint8_t *at = data;
    if (!zip->has_begun && compress_pays(data, size))
        TRY(deflater_new(params, &zip->deflater));
    zip->has_begun = true;
    zip->sum = deflate_crc32(zip->sum, data, size);
    if (zip->deflater != NULL)
        return put_deflated(zip, data, size, false);
    while (size > 0) {
        size_t part = size < BLOCK_BYTES ? size : BLOCK_BYTES;
        TRY(put_stored(zip, at, part, false));
        at += part;
        size -= part;
    }
    return NULL;
}

static dits_error *put_descriptor(struct zip *zip)
{
    uint8_t bytes[24];
    le32_store(bytes, SIGN_DESCRIPTOR);
    le32_store(bytes + 4, zip->sum);
    if (zip->is_large) {
        le64_store(bytes + 8, zip->packed_size);
        le64_store(bytes + 16, zip->entry.size);
        return archive_out_put(zip->out, bytes, 24);
    }
    le32_store(bytes + 8, (uint32_t)zip->packed_size);
    le32_store(bytes + 12, (uint32_t)zip->entry.size);
    return archive_out_put(zip->out, bytes, 16);
}

static dits_error *zip_end(void *self)
{
    struct zip *zip = self;
    if (!zip->has_data)
        return add_central(zip);
    if (zip->deflater != NULL)
        TRY(put_deflated(zip, NULL, 0, true));
    else
        TRY(put_stored(zip, NULL, 0, true));
    deflater_free(MOVE(zip->deflater));
    zip->packed_size = zip->out->offset - zip->start;
    TRY(put_descriptor(zip));
    return add_central(zip);
}

/* Where the table of members is, with room for large numbers. */
static dits_error *put_end64(const struct zip *zip, uint64_t start)
{
    uint8_t bytes[76] = {0};
    le32_store(bytes, SIGN_END64);
    le64_store(bytes + 4, 44); /* of it behind this field */
    le16_store(bytes + 12, MADE_ON_UNIX | VERSION_ZIP64);
    le16_store(bytes + 14, VERSION_ZIP64);
    le64_store(bytes + 24, zip->count);
    le64_store(bytes + 32, zip->count);
    le64_store(bytes + 40, zip->central.size);
    le64_store(bytes + 48, start);
    le32_store(bytes + 56, SIGN_LOCATOR);
    le64_store(bytes + 64, start + zip->central.size);
    le32_store(bytes + 72, 1); /* disk in all */
    return archive_out_put(zip->out, bytes, sizeof(bytes));
}

static dits_error *zip_finish(void *self)
{
    struct zip *zip = self;
    uint8_t end[22] = {0};
    uint64_t start = zip->out->offset;
    uint16_t count = zip->count < FIELD16_MAX ? (uint16_t)zip->count
                                              : FIELD16_MAX;
    size_t length = strlen(zip->comment);
    TRY(archive_out_put(zip->out, zip->central.data, zip->central.size));
    if (count == FIELD16_MAX || start >= FIELD32_MAX ||
        zip->central.size >= FIELD32_MAX)
        TRY(put_end64(zip, start));
    le32_store(end, SIGN_END);
    le16_store(end + 8, count);
    le16_store(end + 10, count);
    le32_store(end + 12, field32(zip->central.size));
    le32_store(end + 16, field32(start));
    le16_store(end + 20, (uint16_t)length);
    TRY(archive_out_put(zip->out, end, sizeof(end)));
    return archive_out_put(zip->out, zip->comment, length);
}

static void zip_free(void *self)
{
    struct zip *zip = self;
    if (zip == NULL)
        return;
    buf_release(&zip->central);
    buf_release(&zip->scratch);
    buf_release(&zip->name);
    deflater_free(zip->deflater);
    mem_free(zip);
}

static dits_error *zip_begin(const struct archive_head *head,
                             struct archive_out *out, void **self)
{
    struct zip *zip = mem_new(struct zip);
    if (zip == NULL)
        return error_nomem();
    zip->out = out;
    zip->time = head->time;
    zip->dos_time = dos_time_of(head->time);
    zip->comment = head->comment;
    *self = zip;
    return NULL;
}

const struct archive_format archive_zip = {
    .begin = zip_begin,
    .entry = zip_entry,
    .data = zip_data,
    .end = zip_end,
    .finish = zip_finish,
    .free = zip_free,
};
