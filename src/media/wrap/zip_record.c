#include "media/wrap/zip_record.h"

#include <string.h>

#include "base/cursor.h"
#include "base/le.h"

/* APPNOTE 4.3: signatures of the records. */
#define SIGNATURE_LOCAL 0x04034b50u
#define SIGNATURE_ENTRY 0x02014b50u
#define SIGNATURE_END 0x06054b50u
#define SIGNATURE_END64 0x06064b50u
#define SIGNATURE_LOCATOR64 0x07064b50u

enum {
    LOCAL_BYTES = 30,
    END_BYTES = 22,
    END64_BYTES = 56,
    LOCATOR64_BYTES = 20,
    EXTRA_ZIP64 = 1,
    COMMENT_MAX = 4096, /* looked through for the end record */
};

static dits_error *refuse(const char *what)
{
    return error_new(DITS_E_CORRUPT, "a zip file with %s", what);
}

/* The start of a record; CORRUPT unless it has this signature. */
static dits_error *read_record(struct window *window, uint64_t offset,
                               uint32_t signature, size_t size, uint8_t *out)
{
    TRY(window_read(window, offset, size, out));
    if (le32_load(out) != signature)
        return refuse("a record where it should not be");
    return NULL;
}

/* Where the end record is: its comment reaches to the end of the file. */
static dits_error *find_end_record(struct window *window, uint64_t *out)
{
    uint64_t size = window->source->size;
    uint64_t tail = END_BYTES + COMMENT_MAX;
    struct slice seen = {0};
    TRY(window_peek(window, size < tail ? 0 : size - tail, (size_t)tail,
                    &seen)); /* so that all of it is at hand */
    for (uint64_t comment = 0; comment <= COMMENT_MAX; comment++) {
        uint8_t record[END_BYTES];
        if (size < END_BYTES + comment)
            break;
        uint64_t offset = size - END_BYTES - comment;
        TRY(window_read(window, offset, sizeof(record), record));
        if (le32_load(record) == SIGNATURE_END &&
            le16_load(record + 20) == comment) {
            *out = offset;
            return NULL;
        }
    }
    return refuse("no end");
}

/*
 * APPNOTE 4.3.14 and 4.3.15: where there is a locator before the end record,
 * the numbers are in the larger record that it points to, which lies directly
 * before it.
 */
static dits_error *read_end64(struct window *window, uint64_t end_offset,
                              uint64_t *out_offset, struct zip_end *out)
{
    uint8_t locator[LOCATOR64_BYTES];
    uint8_t record[END64_BYTES];
    if (end_offset < LOCATOR64_BYTES)
        return refuse("no locator");
    uint64_t locator_offset = end_offset - LOCATOR64_BYTES;
    TRY(read_record(window, locator_offset, SIGNATURE_LOCATOR64,
                    sizeof(locator), locator));
    uint64_t offset = le64_load(locator + 8);
    if (le32_load(locator + 4) != 0 || le32_load(locator + 16) > 1)
        return refuse("several disks");
    if (offset > locator_offset || locator_offset - offset < END64_BYTES)
        return refuse("a wrong locator");
    TRY(read_record(window, offset, SIGNATURE_END64, sizeof(record), record));
    if (le64_load(record + 4) != locator_offset - offset - 12)
        return refuse("an end record of another size");
    if (le32_load(record + 16) != 0 || le32_load(record + 20) != 0 ||
        le64_load(record + 24) != le64_load(record + 32))
        return refuse("several disks");
    out->count = le64_load(record + 32);
    out->directory_size = le64_load(record + 40);
    out->directory_offset = le64_load(record + 48);
    *out_offset = offset;
    return NULL;
}

dits_error *zip_find_end(struct window *window, struct zip_end *out)
{
    uint8_t record[END_BYTES];
    uint64_t offset = 0;
    TRY(find_end_record(window, &offset));
    TRY(window_read(window, offset, sizeof(record), record));
    uint16_t count = le16_load(record + 10);
    uint32_t size = le32_load(record + 12);
    uint32_t directory = le32_load(record + 16);
    if (count == UINT16_MAX || size == UINT32_MAX || directory == UINT32_MAX) {
        TRY(read_end64(window, offset, &offset, out));
        if ((count != UINT16_MAX && count != out->count) ||
            (size != UINT32_MAX && size != out->directory_size) ||
            (directory != UINT32_MAX && directory != out->directory_offset))
            return refuse("two different ends");
    } else {
        *out = (struct zip_end){count, directory, size};
        if (le32_load(record + 4) != 0 || le16_load(record + 8) != count)
            return refuse("several disks");
    }
    if (out->directory_offset > offset ||
        offset - out->directory_offset != out->directory_size)
        return refuse("a directory that is not before its end");
    return NULL;
}

/* A number that is in the extra field where the record has all ones. */
static dits_error *take_wide(struct cursor *wide, bool is_wide, uint64_t *value)
{
    return is_wide ? cursor_le64(wide, value) : NULL;
}

/* APPNOTE 4.5.3: the wide numbers, in this order, each only where needed. */
static dits_error *parse_zip64(struct slice field, struct zip_entry *entry)
{
    struct cursor in = cursor_over(field.data, field.size);
    TRY(take_wide(&in, entry->plain_size == UINT32_MAX, &entry->plain_size));
    TRY(take_wide(&in, entry->coded_size == UINT32_MAX, &entry->coded_size));
    return take_wide(&in, entry->header_offset == UINT32_MAX,
                     &entry->header_offset);
}

/* Whether a number of the record says that the true one is elsewhere. */
static bool has_wide(const struct zip_entry *entry)
{
    return entry->plain_size == UINT32_MAX || entry->coded_size == UINT32_MAX ||
           entry->header_offset == UINT32_MAX;
}

/* Errors: CORRUPT also when there are two fields of wide numbers. */
static dits_error *parse_extra(struct slice extra, struct zip_entry *entry)
{
    struct cursor in = cursor_over(extra.data, extra.size);
    bool needed = has_wide(entry);
    bool found = false;
    while (cursor_left(&in) >= 4) {
        uint16_t id = 0;
        uint16_t size = 0;
        struct slice field = {0};
        TRY(cursor_le16(&in, &id));
        TRY(cursor_le16(&in, &size));
        TRY(cursor_slice(&in, size, &field));
        if (id != EXTRA_ZIP64)
            continue;
        if (found)
            return refuse("sizes that are given twice");
        found = true;
        TRY(parse_zip64(field, entry));
    }
    return needed && !found ? refuse("sizes that are not given") : NULL;
}

dits_error *zip_read_entry(struct window *window, uint64_t offset,
                           uint64_t left, struct zip_entry *out,
                           uint64_t *out_size)
{
    uint8_t record[ZIP_MIN_ENTRY_BYTES];
    struct slice extra = {0};
    if (left < sizeof(record))
        return refuse("an entry that is cut off");
    TRY(read_record(window, offset, SIGNATURE_ENTRY, sizeof(record), record));
    size_t extra_size = le16_load(record + 30);
    *out = (struct zip_entry){
        .flags = le16_load(record + 8),
        .method = le16_load(record + 10),
        .crc = le32_load(record + 16),
        .coded_size = le32_load(record + 20),
        .plain_size = le32_load(record + 24),
        .name_size = le16_load(record + 28),
        .header_offset = le32_load(record + 42),
        .name_offset = offset + sizeof(record),
    };
    *out_size = sizeof(record) + out->name_size + extra_size +
                le16_load(record + 32);
    if (*out_size > left)
        return refuse("an entry that is cut off");
    if (le16_load(record + 34) != 0)
        return refuse("several disks");
    TRY(window_peek(window, out->name_offset + out->name_size, extra_size,
                    &extra));
    return parse_extra(extra, out);
}

/* Whether both names are the same bytes. */
static dits_error *check_name(struct window *headers, struct window *directory,
                              const struct zip_entry *entry)
{
    uint8_t ours[256];
    uint8_t theirs[256];
    uint64_t local = entry->header_offset + LOCAL_BYTES;
    for (size_t done = 0; done < entry->name_size;) {
        size_t left = entry->name_size - done;
        size_t size = left < sizeof(ours) ? left : sizeof(ours);
        TRY(window_read(directory, entry->name_offset + done, size, ours));
        TRY(window_read(headers, local + done, size, theirs));
        if (memcmp(ours, theirs, size) != 0)
            return refuse("an entry of two names");
        done += size;
    }
    return NULL;
}

/*
 * The sizes of the local header. With a descriptor behind the bytes they may
 * be 0 there, and nothing but the directory says them before.
 */
static dits_error *check_sizes(struct window *window,
                               const struct zip_entry *entry,
                               const uint8_t *record, size_t extra_size)
{
    struct zip_entry local = {
        .coded_size = le32_load(record + 18),
        .plain_size = le32_load(record + 22),
    };
    struct slice extra = {0};
    uint64_t offset = entry->header_offset + LOCAL_BYTES + entry->name_size;
    TRY(window_peek(window, offset, extra_size, &extra));
    TRY(parse_extra(extra, &local));
    bool later = (entry->flags & ZIP_HAS_DESCRIPTOR) != 0;
    bool is_same = local.coded_size == entry->coded_size &&
                   local.plain_size == entry->plain_size &&
                   (later || le32_load(record + 14) == entry->crc);
    bool is_open = local.coded_size == 0 && local.plain_size == 0;
    return is_same || (later && is_open) ? NULL
                                         : refuse("an entry of two sizes");
}

dits_error *zip_check_local(struct window *headers, struct window *directory,
                            const struct zip_entry *entry, uint64_t end,
                            uint64_t *out_offset)
{
    uint8_t record[LOCAL_BYTES];
    uint64_t offset = entry->header_offset;
    if (offset >= end || end - offset < sizeof(record))
        return refuse("entries that overlap");
    TRY(read_record(headers, offset, SIGNATURE_LOCAL, sizeof(record), record));
    size_t name_size = le16_load(record + 26);
    size_t extra_size = le16_load(record + 28);
    uint64_t header = sizeof(record) + name_size + extra_size;
    const unsigned decisive = ZIP_ENCRYPTED | ZIP_HAS_DESCRIPTOR;
    if (((le16_load(record + 6) ^ entry->flags) & decisive) != 0 ||
        le16_load(record + 8) != entry->method || name_size != entry->name_size)
        return refuse("an entry that is described in two ways");
    if (header > end - offset)
        return refuse("entries that overlap");
    TRY(check_name(headers, directory, entry));
    TRY(check_sizes(headers, entry, record, extra_size));
    *out_offset = offset + header;
    return NULL;
}
