#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "base/le.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/still/picture.h"

/* TIFF 6.0, TIFF Technical Note 1, BigTIFF, DNG 1.6, CinemaDNG 1.1. */
enum {
    MAX_DIRECTORIES = 32,
    TYPE_BYTE = 1,
    TYPE_ASCII = 2,
    TYPE_RATIONAL = 5,
    TYPE_SRATIONAL = 10,
};

/* Bytes of a value of each type. */
static const uint8_t type_sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                     8, 4, 8, 4, 0, 0, 8, 8, 8};

struct tiff {
    struct media_file *file;
    bool is_little;
    bool is_big_tiff;
    uint64_t queue[MAX_DIRECTORIES]; /* directories, each once */
    bool is_gps[MAX_DIRECTORIES];
    unsigned count;
    uint64_t bits;        /* of the largest picture */
    uint64_t compression; /* of the same */
    uint64_t most_pixels; /* of the same */
};

/* An entry, whose values lie at `at`, whether in the entry or elsewhere. */
struct entry {
    uint16_t tag;
    uint16_t type;
    uint64_t count; /* as many as there are bytes for */
    uint64_t at;
};

static uint16_t u16(const struct tiff *tiff, const uint8_t *at)
{
    return tiff->is_little ? le16_load(at) : be16_load(at);
}

static uint32_t u32(const struct tiff *tiff, const uint8_t *at)
{
    return tiff->is_little ? le32_load(at) : be32_load(at);
}

static uint64_t u64(const struct tiff *tiff, const uint8_t *at)
{
    return tiff->is_little ? le64_load(at) : be64_load(at);
}

static bool probe(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return head.size >= 8 && (memcmp(head.data, "II*\0", 4) == 0 ||
                              memcmp(head.data, "MM\0*", 4) == 0 ||
                              memcmp(head.data, "II+\0\x08\0\0\0", 8) == 0 ||
                              memcmp(head.data, "MM\0+\0\x08\0\0", 8) == 0);
}

static void enqueue(struct tiff *tiff, uint64_t offset, bool is_gps)
{
    for (unsigned i = 0; i < tiff->count; i++)
        if (tiff->queue[i] == offset)
            return;
    if (offset == 0 || tiff->count >= MAX_DIRECTORIES)
        return;
    tiff->is_gps[tiff->count] = is_gps;
    tiff->queue[tiff->count++] = offset;
}

static dits_error *peek(const struct tiff *tiff, uint64_t at, size_t size,
                        struct slice *out, bool *out_whole)
{
    TRY(window_peek(&picture_of(tiff->file)->window, at, size, out));
    *out_whole = out->size == size;
    return NULL;
}

/* The value of that index, as a whole number; 0 where there is none. */
static dits_error *number(const struct tiff *tiff, const struct entry *entry,
                          uint64_t index, uint64_t *out)
{
    struct slice bytes = {0};
    bool is_whole = false;
    size_t size = entry->type < sizeof(type_sizes) ? type_sizes[entry->type]
                                                   : 0;
    *out = 0;
    if (index >= entry->count || size == 0)
        return NULL;
    TRY(peek(tiff, entry->at + index * size, size, &bytes, &is_whole));
    if (!is_whole)
        return NULL;
    *out = size == 1   ? bytes.data[0]
           : size == 2 ? u16(tiff, bytes.data)
           : size == 4 ? u32(tiff, bytes.data)
                       : u64(tiff, bytes.data);
    return NULL;
}

static dits_error *rational(const struct tiff *tiff, const struct entry *entry,
                            uint64_t index, int64_t out[2])
{
    struct slice bytes = {0};
    bool is_whole = false;
    out[0] = 0;
    out[1] = 0;
    if (index >= entry->count ||
        (entry->type != TYPE_RATIONAL && entry->type != TYPE_SRATIONAL))
        return NULL;
    TRY(peek(tiff, entry->at + 8 * index, 8, &bytes, &is_whole));
    if (!is_whole)
        return NULL;
    uint32_t num = u32(tiff, bytes.data);
    uint32_t den = u32(tiff, bytes.data + 4);
    bool is_signed = entry->type == TYPE_SRATIONAL;
    out[0] = is_signed ? (int64_t)(int32_t)num : (int64_t)num;
    out[1] = is_signed ? (int64_t)(int32_t)den : (int64_t)den;
    return NULL;
}

static const struct {
    uint16_t tag;
    const char *name;
} texts[] = {
    {270, "description"},     {271, "camera.make"},
    {272, "camera.model"},    {305, "encoder"},
    {315, "artist"},          {700, "xmp"},
    {33432, "copyright"},     {42033, "camera.serial"},
    {42036, "camera.lens"},   {50708, "camera.unique_model"},
    {50735, "camera.serial"}, {51081, "reel"},
    {51105, "camera.label"},
};

static dits_error *add_text(const struct tiff *tiff, const struct entry *entry)
{
    CLEANUP(buf_release) struct buf text = {0};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        bool is_bytes = entry->type == TYPE_ASCII || entry->type == TYPE_BYTE;
        if (texts[i].tag != entry->tag || !is_bytes)
            continue;
        uint64_t size = entry->count < LIMIT_TEXT ? entry->count : LIMIT_TEXT;
        TRY(window_load(&picture_of(tiff->file)->window, entry->at, size,
                        &text));
        return picture_add_text(&tiff->file->facts, texts[i].name,
                                buf_slice(&text));
    }
    return NULL;
}

static dits_error *add_date(const struct tiff *tiff, const struct entry *entry)
{
    struct slice bytes = {0};
    if (entry->type != TYPE_ASCII || entry->count < 19 ||
        facts_find(&tiff->file->facts, "creation_time") != NULL)
        return NULL;
    TRY(window_peek(&picture_of(tiff->file)->window, entry->at, 19, &bytes));
    return picture_add_date(&tiff->file->facts, bytes);
}

/* Degrees, minutes, seconds, or what stands for them: as text, each. */
static dits_error *add_gps(const struct tiff *tiff, const struct entry *entry)
{
    static const char *const names[] = {
        [1] = "location.latitude_ref",  [2] = "location.latitude",
        [3] = "location.longitude_ref", [4] = "location.longitude",
        [6] = "location.altitude",
    };
    struct media_facts *facts = &tiff->file->facts;
    struct slice bytes = {0};
    bool is_whole = false;
    if (entry->tag >= sizeof(names) / sizeof(names[0]) ||
        names[entry->tag] == NULL)
        return NULL;
    size_t before = facts->count;
    if (entry->type == TYPE_ASCII && entry->count > 0) {
        TRY(peek(tiff, entry->at, 1, &bytes, &is_whole));
        TRY(facts_add_text(facts, names[entry->tag], bytes));
    }
    for (uint64_t i = 0; i < 3; i++) {
        int64_t part[2] = {0};
        TRY(rational(tiff, entry, i, part));
        if (part[1] != 0)
            TRY(facts_add_rational(facts, names[entry->tag], part[0], part[1]));
    }
    for (size_t i = before; i < facts->count; i++)
        facts->list[i].is_location = true;
    return NULL;
}

/* TimeCodes of CinemaDNG: 8 bytes as of SMPTE ST 331; FrameRate. */
static dits_error *add_cinema(const struct tiff *tiff,
                              const struct entry *entry)
{
    struct media_facts *facts = &tiff->file->tracks[0].facts;
    struct slice bytes = {0};
    int64_t rate[2] = {0};
    bool is_whole = false;
    char text[16] = "";
    if (entry->tag == 51044)
        TRY(rational(tiff, entry, 0, rate));
    if (rate[0] > 0 && rate[1] > 0)
        TRY(facts_add_rational(facts, "frame_rate", rate[0], rate[1]));
    if (entry->tag != 51043 || entry->type != TYPE_BYTE || entry->count < 8)
        return NULL;
    TRY(peek(tiff, entry->at, 4, &bytes, &is_whole));
    if (!is_whole)
        return NULL;
    (void)snprintf(text, sizeof(text), "%02x:%02x:%02x%c%02x",
                   bytes.data[3] & 0x3fu, bytes.data[2] & 0x7fu,
                   bytes.data[1] & 0x7fu, bytes.data[0] & 0x40u ? ';' : ':',
                   bytes.data[0] & 0x3fu);
    return facts_add_word(facts, "timecode", text);
}

/* What one directory says of its picture. */
struct directory {
    uint64_t width, height, bits, compression, photometric;
    struct entry offsets; /* strips or tiles */
    struct entry sizes;
    struct entry jpeg; /* a preview of old: where, and how long */
    struct entry jpeg_size;
};

static dits_error *use_entry(struct tiff *tiff, const struct entry *entry,
                             struct directory *out)
{
    uint64_t value = 0;
    switch (entry->tag) {
    case 256:
        return number(tiff, entry, 0, &out->width);
    case 257:
        return number(tiff, entry, 0, &out->height);
    case 258:
        return number(tiff, entry, 0, &out->bits);
    case 259:
        return number(tiff, entry, 0, &out->compression);
    case 262:
        return number(tiff, entry, 0, &out->photometric);
    case 273:
    case 324:
        out->offsets = *entry;
        return NULL;
    case 279:
    case 325:
        out->sizes = *entry;
        return NULL;
    case 513:
        out->jpeg = *entry;
        return NULL;
    case 514:
        out->jpeg_size = *entry;
        return NULL;
    case 330:
    case 34665:
    case 34853:
        for (uint64_t i = 0; i < entry->count && i < MAX_DIRECTORIES; i++) {
            TRY(number(tiff, entry, i, &value));
            enqueue(tiff, value, entry->tag == 34853);
        }
        return NULL;
    case 306:
        return add_date(tiff, entry);
    case 51043:
    case 51044:
        return add_cinema(tiff, entry);
    default:
        return add_text(tiff, entry);
    }
}

static dits_error *add_pixels(const struct tiff *tiff,
                              const struct entry *offsets,
                              const struct entry *sizes)
{
    for (uint64_t i = 0; i < offsets->count && i < LIMIT_EXTENTS; i++) {
        uint64_t offset = 0;
        uint64_t size = 0;
        TRY(number(tiff, offsets, i, &offset));
        TRY(number(tiff, sizes, i, &size));
        if (size > 0 && offset >= 8)
            TRY(picture_add(tiff->file, offset, size));
    }
    return NULL;
}

static const struct {
    uint64_t id;
    const char *name;
} compressions[] = {
    {1, "none"},         {2, "ccitt"},       {5, "lzw"},
    {6, "jpeg"},         {7, "jpeg"},        {8, "deflate"},
    {32773, "packbits"}, {32946, "deflate"}, {34892, "lossy-jpeg"},
};

/* The largest picture of the file is the one that the track is. */
static dits_error *use_directory(struct tiff *tiff, const struct directory *of)
{
    struct media_track *track = &tiff->file->tracks[0];
    uint64_t pixels = 0;
    TRY(add_pixels(tiff, &of->offsets, &of->sizes));
    TRY(add_pixels(tiff, &of->jpeg, &of->jpeg_size));
    if (of->width > UINT32_MAX || of->height > UINT32_MAX)
        return NULL;
    pixels = of->width * of->height;
    if (pixels <= tiff->most_pixels)
        return NULL;
    tiff->most_pixels = pixels;
    track->width = (uint32_t)of->width;
    track->height = (uint32_t)of->height;
    tiff->bits = of->bits;
    tiff->compression = of->compression;
    return NULL;
}

static dits_error *add_largest(const struct tiff *tiff)
{
    struct media_facts *facts = &tiff->file->tracks[0].facts;
    if (tiff->bits > 0 && tiff->bits <= 64)
        TRY(facts_add_integer(facts, "bit_depth", (int64_t)tiff->bits));
    for (size_t i = 0; i < sizeof(compressions) / sizeof(compressions[0]); i++)
        if (compressions[i].id == tiff->compression)
            return facts_add_word(facts, "tiff.compression",
                                  compressions[i].name);
    return NULL;
}

/* False where the values are not in the file. */
static bool parse_entry(const struct tiff *tiff, const uint8_t *bytes,
                        uint64_t at, struct entry *out)
{
    size_t value = tiff->is_big_tiff ? 12 : 8;
    out->tag = u16(tiff, bytes);
    out->type = u16(tiff, bytes + 2);
    out->count = tiff->is_big_tiff ? u64(tiff, bytes + 4)
                                   : u32(tiff, bytes + 4);
    uint64_t each = out->type < sizeof(type_sizes) ? type_sizes[out->type] : 0;
    uint64_t end = tiff->file->source->size;
    if (each == 0 || out->count > end / each)
        return false;
    uint64_t size = each * out->count;
    out->at = size <= (tiff->is_big_tiff ? 8u : 4u) ? at + value
              : tiff->is_big_tiff                   ? u64(tiff, bytes + value)
                                                    : u32(tiff, bytes + value);
    return out->at <= end && size <= end - out->at;
}

static dits_error *read_directory(struct tiff *tiff, uint64_t at, bool is_gps)
{
    struct directory directory = {0};
    struct slice bytes = {0};
    bool is_whole = false;
    size_t head = tiff->is_big_tiff ? 8 : 2;
    size_t each = tiff->is_big_tiff ? 20 : 12;
    TRY(peek(tiff, at, head, &bytes, &is_whole));
    uint64_t count = !is_whole           ? 0
                     : tiff->is_big_tiff ? u64(tiff, bytes.data)
                                         : u16(tiff, bytes.data);
    at += is_whole ? head : 0;
    for (uint64_t i = 0; i < count && is_whole && i < LIMIT_HEADER_STEPS; i++) {
        struct entry entry = {0};
        TRY(peek(tiff, at, each, &bytes, &is_whole));
        bool is_good = is_whole && parse_entry(tiff, bytes.data, at, &entry);
        if (is_good && is_gps)
            TRY(add_gps(tiff, &entry));
        else if (is_good)
            TRY(use_entry(tiff, &entry, &directory));
        at += is_whole ? each : 0;
    }
    if (!is_whole)
        media_add_problem(tiff->file, at, "IFD", "the directory is cut off");
    if (is_whole)
        TRY(peek(tiff, at, tiff->is_big_tiff ? 8 : 4, &bytes, &is_whole));
    if (is_whole)
        enqueue(tiff,
                tiff->is_big_tiff ? u64(tiff, bytes.data)
                                  : u32(tiff, bytes.data),
                false);
    return use_directory(tiff, &directory);
}

static dits_error *open(struct media_file *file)
{
    struct slice head = {0};
    struct tiff tiff = {.file = file};
    TRY(picture_begin(file, "tiff", "tiff"));
    TRY(window_peek(&picture_of(file)->window, 0, 16, &head));
    if (!probe(head, file->source->size))
        return error_new(DITS_E_UNSUPPORTED, "not a TIFF file");
    tiff.is_little = head.data[0] == 'I';
    tiff.is_big_tiff = head.data[2] == '+' || head.data[3] == '+';
    if (tiff.is_big_tiff && head.size < 16)
        return NULL;
    enqueue(&tiff,
            tiff.is_big_tiff ? u64(&tiff, head.data + 8)
                             : u32(&tiff, head.data + 4),
            false);
    for (unsigned i = 0; i < tiff.count; i++)
        TRY(read_directory(&tiff, tiff.queue[i], tiff.is_gps[i]));
    picture_finish(file);
    return add_largest(&tiff);
}

const struct media_format media_format_tiff = {
    .name = "tiff",
    .probe = probe,
    .open = open,
    .close = picture_close,
    .spans = picture_spans,
    .next_span = picture_next_span,
    .samples = picture_samples,
    .next_sample = picture_next_sample,
    .end_walk = picture_end_walk,
    .tree = picture_tree,
};
