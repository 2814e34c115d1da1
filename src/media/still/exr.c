#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/le.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/still/picture.h"

/* OpenEXR File Layout (openexr.com). */
enum {
    MAGIC = 20000630,
    NAME_BYTES = 256, /* with the NUL */
    MULTIPART = 0x1000,
    MAX_ATTRIBUTES = 4096,
};

static bool probe(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return head.size >= 8 && le32_load(head.data) == MAGIC;
}

/* An attribute: a name, a type, and as many bytes as it says. */
struct attribute {
    char name[NAME_BYTES];
    char type[NAME_BYTES];
    uint64_t body;
    uint32_t size;
};

static dits_error *read_name(struct media_file *file, uint64_t *at,
                             char out[NAME_BYTES], bool *out_found)
{
    struct slice bytes = {0};
    TRY(window_peek(&picture_of(file)->window, *at, NAME_BYTES, &bytes));
    const uint8_t *end = bytes.size == 0 ? NULL
                                         : memchr(bytes.data, 0, bytes.size);
    *out_found = end != NULL;
    if (end == NULL)
        return NULL;
    size_t size = (size_t)(end - bytes.data);
    memcpy(out, bytes.data, size + 1);
    *at += size + 1;
    return NULL;
}

/* `*out_found` is false at the empty name that ends a header, and at damage. */
static dits_error *read_attribute(struct media_file *file, uint64_t *at,
                                  struct attribute *out, bool *out_found)
{
    struct slice bytes = {0};
    TRY(read_name(file, at, out->name, out_found));
    if (!*out_found || out->name[0] == 0) {
        *out_found = false;
        return NULL;
    }
    TRY(read_name(file, at, out->type, out_found));
    if (*out_found)
        TRY(window_peek(&picture_of(file)->window, *at, 4, &bytes));
    *out_found = bytes.size == 4 &&
                 le32_load(bytes.data) <= file->source->size - *at - 4;
    if (!*out_found) {
        media_add_problem(file, *at, "header", "an attribute is cut off");
        return NULL;
    }
    out->size = le32_load(bytes.data);
    out->body = *at + 4;
    *at = out->body + out->size;
    return NULL;
}

static const char *const compressions[] = {
    "none", "rle", "zips", "zip", "piz", "pxr24", "b44", "b44a", "dwaa", "dwab",
};

/* The pixels that there are; a frame may show more. */
static void set_size(struct media_track *track, const uint8_t *window)
{
    int64_t width = (int64_t)(int32_t)le32_load(window + 8) -
                    (int32_t)le32_load(window);
    int64_t height = (int64_t)(int32_t)le32_load(window + 12) -
                     (int32_t)le32_load(window + 4);
    if (width < 0 || height < 0 || width >= INT32_MAX || height >= INT32_MAX)
        return;
    track->width = (uint32_t)width + 1;
    track->height = (uint32_t)height + 1;
}

/* Names of channels, each with 16 bytes of what it is. */
static dits_error *add_channels(struct media_file *file, struct slice bytes)
{
    enum { CHANNEL_BYTES = 16 };
    static const char *const types[] = {"uint", "half", "float"};
    CLEANUP(buf_release) struct buf names = {0};
    struct media_facts *facts = &file->tracks[0].facts;
    size_t at = 0;
    uint32_t type = 3;
    while (at < bytes.size && bytes.data[at] != 0) {
        const uint8_t *end = memchr(bytes.data + at, 0, bytes.size - at);
        size_t size = end == NULL ? 0 : (size_t)(end - (bytes.data + at));
        if (end == NULL || bytes.size - at - size - 1 < CHANNEL_BYTES)
            break;
        if (names.size < LIMIT_TEXT) {
            TRY(buf_put_text(&names, names.size == 0 ? "" : ","));
            TRY(buf_put(&names, bytes.data + at, size));
        }
        type = le32_load(bytes.data + at + size + 1);
        at += size + 1 + CHANNEL_BYTES;
    }
    if (names.size > 0)
        TRY(facts_add_text(facts, "exr.channels", buf_slice(&names)));
    return type >= 3 ? NULL
                     : facts_add_word(facts, "exr.pixel_type", types[type]);
}

/* SMPTE time code: decimal digits between flags (ST 12-1), frames first. */
static dits_error *add_timecode(struct media_facts *facts, uint32_t code)
{
    char text[16] = "";
    (void)snprintf(text, sizeof(text), "%u%u:%u%u:%u%u%c%u%u", code >> 28 & 3,
                   code >> 24 & 15, code >> 20 & 7, code >> 16 & 15,
                   code >> 12 & 7, code >> 8 & 15, code & 0x40 ? ';' : ':',
                   code >> 4 & 3, code & 15);
    return facts_add_word(facts, "timecode", text);
}

static dits_error *add_float(struct media_facts *facts, const char *name,
                             uint32_t bits)
{
    float value = 0;
    memcpy(&value, &bits, sizeof(value));
    if (!(value < 1e6f && value > -1e6f))
        return NULL;
    return picture_add_ratio(
        facts, name, (int64_t)(10000.0 * value + (value < 0 ? -0.5 : 0.5)),
        10000);
}

static const struct {
    const char *attribute;
    const char *name;
    bool is_location;
} values[] = {
    {"owner", "copyright", false},
    {"comments", "comment", false},
    {"longitude", "location.longitude", true},
    {"latitude", "location.latitude", true},
    {"altitude", "location.altitude", true},
    {"cameraMake", "camera.make", false},
    {"cameraModel", "camera.model", false},
    {"cameraSerialNumber", "camera.serial", false},
    {"lensModel", "camera.lens", false},
    {"isoSpeed", "camera.iso", false},
    {"pixelAspectRatio", "sample_aspect_ratio", false},
    {"reelName", "reel", false},
    {"software", "encoder", false},
};

static dits_error *add_known(struct media_facts *facts,
                             const struct attribute *is, struct slice bytes)
{
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        size_t before = facts->count;
        if (strcmp(values[i].attribute, is->name) != 0)
            continue;
        if (strcmp(is->type, "string") == 0)
            TRY(facts_add_text(facts, values[i].name, bytes));
        else if (strcmp(is->type, "float") == 0 && bytes.size >= 4)
            TRY(add_float(facts, values[i].name, le32_load(bytes.data)));
        if (values[i].is_location && facts->count > before)
            facts_mark_location(facts);
    }
    return NULL;
}

static dits_error *use_attribute(struct media_file *file,
                                 const struct attribute *is)
{
    CLEANUP(buf_release) struct buf buf = {0};
    struct media_facts *facts = &file->tracks[0].facts;
    if (is->size > LIMIT_TEXT)
        return NULL;
    TRY(window_load(&picture_of(file)->window, is->body, is->size, &buf));
    if (strcmp(is->name, "capDate") == 0)
        return picture_add_date(facts, buf_slice(&buf));
    if (strcmp(is->name, "dataWindow") == 0 && buf.size >= 16)
        set_size(&file->tracks[0], buf.data);
    else if (strcmp(is->name, "channels") == 0)
        return add_channels(file, buf_slice(&buf));
    else if (strcmp(is->name, "timeCode") == 0 && buf.size >= 4)
        return add_timecode(facts, le32_load(buf.data));
    else if (strcmp(is->name, "compression") == 0 && buf.size >= 1 &&
             buf.data[0] < sizeof(compressions) / sizeof(compressions[0]))
        return facts_add_word(facts, "exr.compression",
                              compressions[buf.data[0]]);
    else if (strcmp(is->name, "framesPerSecond") == 0 && buf.size >= 8 &&
             le32_load(buf.data + 4) != 0)
        return picture_add_ratio(facts, "frame_rate",
                                 (int32_t)le32_load(buf.data),
                                 le32_load(buf.data + 4));
    return add_known(facts, is, buf_slice(&buf));
}

/*
 * The pixels begin where the table of offsets says that the first of them are:
 * the table ends there at the latest.
 */
static dits_error *find_pixels(struct media_file *file, uint64_t table,
                               uint64_t *out)
{
    unsigned count = 0;
    *out = file->source->size;
    while (table < *out && *out - table >= 8 && count++ < LIMIT_EXTENTS) {
        struct slice bytes = {0};
        TRY(window_peek(&picture_of(file)->window, table, 8, &bytes));
        if (bytes.size < 8)
            return NULL;
        uint64_t offset = le64_load(bytes.data);
        table += 8;
        if (offset >= table && offset < *out)
            *out = offset;
    }
    return NULL;
}

/* One header, or one of each part; `*at` ends behind. */
static dits_error *read_headers(struct media_file *file, bool is_multipart,
                                uint64_t *at)
{
    unsigned count = 0;
    bool found = true;
    bool is_empty = false;
    while (!is_empty && count++ < MAX_ATTRIBUTES) {
        struct attribute attribute = {0};
        uint64_t before = *at;
        bool is_first = count == 1;
        found = true;
        while (found && count++ < MAX_ATTRIBUTES) {
            TRY(read_attribute(file, at, &attribute, &found));
            if (found && is_first)
                TRY(use_attribute(file, &attribute));
        }
        is_empty = !is_multipart || *at <= before + 1;
    }
    return NULL;
}

static dits_error *open(struct media_file *file)
{
    struct slice head = {0};
    uint64_t at = 8;
    uint64_t pixels = 0;
    TRY(picture_begin(file, "exr", "exr"));
    TRY(window_peek(&picture_of(file)->window, 0, 8, &head));
    if (!probe(head, file->source->size))
        return error_new(DITS_E_UNSUPPORTED, "not an OpenEXR file");
    TRY(read_headers(file, (le32_load(head.data + 4) & MULTIPART) != 0, &at));
    TRY(find_pixels(file, at, &pixels));
    return picture_add(file, pixels, file->source->size - pixels);
}

const struct media_format media_format_exr = {
    .name = "exr",
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
