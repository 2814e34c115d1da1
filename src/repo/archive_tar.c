/* The pax format of POSIX.1-2001: ustar, and records where it has no room. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/archive.h"

enum {
    BLOCK = 512,
    RECORD = 20 * BLOCK, /* what tar reads at a time: archives end at one */
    NAME_ROOM = 100,
    PREFIX_ROOM = 155,
    /* Fields of a header. */
    AT_MODE = 100,
    AT_UID = 108,
    AT_GID = 116,
    AT_SIZE = 124,
    AT_MTIME = 136,
    AT_CHECKSUM = 148,
    AT_TYPE = 156,
    AT_LINK = 157,
    AT_MAGIC = 257,
    AT_OWNER = 265,
    AT_GROUP = 297,
    AT_PREFIX = 345,
};

/* The most that eleven octal digits hold. */
#define NUMBER_MAX INT64_C(077777777777)

static const uint8_t zeros[BLOCK];

struct tar {
    struct archive_out *out;
    int64_t time;
    uint64_t size; /* of the member at hand */
    struct buf records;
};

/* A header that is being filled in. */
struct header {
    uint8_t bytes[BLOCK];
};

static void put_octal(struct header *header, size_t at, size_t width,
                      uint64_t value)
{
    for (size_t i = width - 1; i-- > 0; value >>= 3)
        header->bytes[at + i] = (uint8_t)('0' + (value & 7));
}

/* The checksum counts itself as blanks. */
static void seal(struct header *header)
{
    unsigned sum = 0;
    memset(header->bytes + AT_CHECKSUM, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += header->bytes[i];
    put_octal(header, AT_CHECKSUM, 7, sum);
    header->bytes[AT_CHECKSUM + 6] = 0;
}

static void begin_header(const struct tar *tar, struct header *header,
                         char type, unsigned mode)
{
    memset(header->bytes, 0, BLOCK);
    header->bytes[AT_TYPE] = (uint8_t)type;
    put_octal(header, AT_MODE, 8, mode);
    put_octal(header, AT_UID, 8, 0);
    put_octal(header, AT_GID, 8, 0);
    put_octal(header, AT_SIZE, 12, 0);
    if (tar->time >= 0 && tar->time <= NUMBER_MAX)
        put_octal(header, AT_MTIME, 12, (uint64_t)tar->time);
    else
        put_octal(header, AT_MTIME, 12, 0);
    memcpy(header->bytes + AT_MAGIC, "ustar\00000", 8);
    memcpy(header->bytes + AT_OWNER, "root", 4);
    memcpy(header->bytes + AT_GROUP, "root", 4);
}

static dits_error *pad(struct tar *tar, uint64_t size)
{
    size_t over = (size_t)(size % BLOCK);
    return over > 0 ? archive_out_put(tar->out, zeros, BLOCK - over) : NULL;
}

/* "LENGTH key=value\n", where the length counts its own digits. */
static dits_error *add_record(struct tar *tar, const char *key,
                              const char *value)
{
    size_t rest = strlen(key) + strlen(value) + 3;
    size_t length = rest + 1;
    char digits[24];
    while (rest + (size_t)snprintf(digits, sizeof(digits), "%zu", length) !=
           length)
        length++;
    return buf_printf(&tar->records, "%s %s=%s\n", digits, key, value);
}

/* The records before a member ('x') or before all of them ('g'). */
static dits_error *put_records(struct tar *tar, char type, const char *name)
{
    struct header header;
    size_t size = tar->records.size;
    if (size == 0)
        return NULL;
    begin_header(tar, &header, type, 0644);
    memcpy(header.bytes, name, strlen(name));
    put_octal(&header, AT_SIZE, 12, size);
    seal(&header);
    TRY(archive_out_put(tar->out, header.bytes, BLOCK));
    TRY(archive_out_put(tar->out, tar->records.data, size));
    TRY(pad(tar, size));
    buf_clear(&tar->records);
    return NULL;
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/*
 * Where to part a name so that both parts fit: the start of the second, or
 * NULL. A folder's last slash stays with its name.
 */
static const char *part_name(const char *name, size_t length)
{
    if (length <= NAME_ROOM)
        return name;
    for (const char *slash = strchr(name, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        size_t before = (size_t)(slash - name);
        size_t after = length - before - 1;
        if (before > PREFIX_ROOM)
            break;
        if (before > 0 && after > 0 && after <= NAME_ROOM)
            return slash + 1;
    }
    return NULL;
}

/* In two parts, or in a record and, cut, here. */
static dits_error *put_name(struct tar *tar, struct header *header,
                            const char *name)
{
    size_t length = strlen(name);
    const char *base = part_name(name, length);
    if (base == NULL || !is_ascii(name))
        TRY(add_record(tar, "path", name));
    if (base == NULL) {
        memcpy(header->bytes, name, NAME_ROOM);
        return NULL;
    }
    if (base > name)
        memcpy(header->bytes + AT_PREFIX, name, (size_t)(base - name) - 1);
    memcpy(header->bytes, base, length - (size_t)(base - name));
    return NULL;
}

static dits_error *put_target(struct tar *tar, struct header *header,
                              const char *target)
{
    size_t length = strlen(target);
    if (length > NAME_ROOM || !is_ascii(target))
        TRY(add_record(tar, "linkpath", target));
    memcpy(header->bytes + AT_LINK, target,
           length < NAME_ROOM ? length : NAME_ROOM);
    return NULL;
}

static dits_error *put_numbers(struct tar *tar, struct header *header,
                               uint64_t size)
{
    char text[24];
    if (size > (uint64_t)NUMBER_MAX) {
        (void)snprintf(text, sizeof(text), "%" PRIu64, size);
        TRY(add_record(tar, "size", text));
    } else {
        put_octal(header, AT_SIZE, 12, size);
    }
    if (tar->time >= 0 && tar->time <= NUMBER_MAX)
        return NULL;
    (void)snprintf(text, sizeof(text), "%" PRId64, tar->time);
    return add_record(tar, "mtime", text);
}

static char type_of(char mode)
{
    switch (mode) {
    case 'd':
        return '5';
    case 'l':
        return '2';
    default:
        return '0';
    }
}

static dits_error *tar_entry(void *self, const struct archive_entry *entry)
{
    struct tar *tar = self;
    struct header header;
    char type = type_of(entry->mode);
    unsigned mode = entry->mode == 'l'   ? 0777
                    : entry->mode == 'f' ? 0644
                                         : 0755;
    tar->size = entry->size;
    begin_header(tar, &header, type, mode);
    TRY(put_name(tar, &header, entry->name));
    if (entry->mode == 'l')
        TRY(put_target(tar, &header, entry->target));
    TRY(put_numbers(tar, &header, entry->size));
    TRY(put_records(tar, 'x', "pax_header"));
    seal(&header);
    return archive_out_put(tar->out, header.bytes, BLOCK);
}

static dits_error *tar_data(void *self, const void *data, size_t size)
{
    struct tar *tar = self;
    return archive_out_put(tar->out, data, size);
}

static dits_error *tar_end(void *self)
{
    struct tar *tar = self;
    return pad(tar, tar->size);
}

static dits_error *tar_finish(void *self)
{
    struct tar *tar = self;
    TRY(archive_out_put(tar->out, zeros, BLOCK));
    TRY(archive_out_put(tar->out, zeros, BLOCK));
    while (tar->out->offset % RECORD != 0)
        TRY(archive_out_put(tar->out, zeros, BLOCK));
    return NULL;
}

static void tar_free(void *self)
{
    struct tar *tar = self;
    if (tar != NULL)
        buf_release(&tar->records);
    mem_free(tar);
}

static void tar_freep(struct tar **tar)
{
    tar_free(*tar);
}

static dits_error *tar_begin(const struct archive_head *head,
                             struct archive_out *out, void **self)
{
    CLEANUP(tar_freep) struct tar *tar = mem_new(struct tar);
    if (tar == NULL)
        return error_nomem();
    tar->out = out;
    tar->time = head->time;
    if (head->comment[0] != '\0') {
        TRY(add_record(tar, "comment", head->comment));
        TRY(put_records(tar, 'g', "pax_global_header"));
    }
    *self = MOVE(tar);
    return NULL;
}

const struct archive_format archive_tar = {
    .begin = tar_begin,
    .entry = tar_entry,
    .data = tar_data,
    .end = tar_end,
    .finish = tar_finish,
    .free = tar_free,
};
