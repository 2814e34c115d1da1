#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "base/le.h"
#include "media/formats.h"
#include "media/still/picture.h"

/* SMPTE ST 268-1; Cineon: Kodak, Cineon Image File Format, 1993. */
enum {
    HEAD_BYTES = 2048,
    CINEON_BYTES = 1024,
};

static const uint32_t dpx_magic = 0x53445058; /* "SDPX" */
static const uint32_t cineon_magic = 0x802a5fd7;

/* The header, whose numbers are of either order. */
struct head {
    const uint8_t *at;
    bool is_little;
};

static uint32_t word(struct head head, size_t offset)
{
    return head.is_little ? le32_load(head.at + offset)
                          : be32_load(head.at + offset);
}

static bool has_magic(struct slice head, uint32_t magic, bool *out_little)
{
    if (head.size < 4)
        return false;
    *out_little = le32_load(head.data) == magic;
    return *out_little || be32_load(head.data) == magic;
}

static bool probe_dpx(struct slice head, uint64_t file_size)
{
    bool is_little = false;
    (void)file_size;
    return has_magic(head, dpx_magic, &is_little);
}

static bool probe_cineon(struct slice head, uint64_t file_size)
{
    bool is_little = false;
    (void)file_size;
    return has_magic(head, cineon_magic, &is_little);
}

struct text {
    size_t offset;
    size_t size;
    const char *name;
};

static const struct text dpx_texts[] = {
    {36, 100, "image.file_name"},
    {160, 100, "encoder"},
    {260, 200, "project"},
    {460, 200, "copyright"},
    {1432, 100, "image.source_file"},
    {1556, 32, "camera.model"},
    {1588, 32, "camera.serial"},
};

/* Of film and television: a part of the header that may be left out. */
static const struct text industry_texts[] = {
    {1680, 32, "film.format"},
    {1732, 32, "film.frame_id"},
    {1764, 100, "slate"},
};

static const struct text cineon_texts[] = {
    {24, 100, "image.file_name"},
    {124, 12, "creation_date"},
};

/* Unset fields are filled with zeros, or with ones. */
static dits_error *add_texts(struct media_facts *facts, struct head head,
                             const struct text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = head.at + texts[i].offset;
        if (at[0] != 0 && at[0] != 0xff)
            TRY(picture_add_text(facts, texts[i].name,
                                 slice_of(at, texts[i].size)));
    }
    return NULL;
}

/* Transfer and colorimetric characteristics (ST 268-1, tables 5A and 5B). */
static const char *const transfers[] = {
    [2] = "linear", [3] = "log100",  [5] = "smpte240m",
    [6] = "bt709",  [7] = "bt470bg", [8] = "smpte170m",
};
static const char *const primaries[] = {
    [5] = "smpte240m",
    [6] = "bt709",
    [7] = "bt470bg",
    [8] = "smpte170m",
};

static dits_error *add_colour(struct media_facts *facts, struct head head)
{
    uint8_t transfer = head.at[801];
    uint8_t colour = head.at[802];
    if (transfer < sizeof(transfers) / sizeof(transfers[0]) &&
        transfers[transfer] != NULL)
        TRY(facts_add_word(facts, "colour.transfer", transfers[transfer]));
    if (colour < sizeof(primaries) / sizeof(primaries[0]) &&
        primaries[colour] != NULL)
        TRY(facts_add_word(facts, "colour.primaries", primaries[colour]));
    return NULL;
}

/* SMPTE time code as decimal digits, hours first; the rate as a float. */
static dits_error *add_time(struct media_facts *facts, struct head head)
{
    uint32_t code = word(head, 1920);
    uint32_t bits = word(head, 1940);
    char text[16] = "";
    float rate = 0;
    memcpy(&rate, &bits, sizeof(rate));
    (void)snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x", code >> 24,
                   code >> 16 & 0xff, code >> 8 & 0xff, code & 0xff);
    bool is_decimal = true;
    for (unsigned shift = 0; shift < 32; shift += 4)
        is_decimal = is_decimal && (code >> shift & 15) < 10;
    if (is_decimal && code != 0)
        TRY(facts_add_word(facts, "timecode", text));
    if (rate > 0 && rate < 10000)
        TRY(picture_add_ratio(facts, "frame_rate",
                              (int64_t)(1000.0 * rate + 0.5), 1000));
    uint32_t frame = word(head, 1712);
    return frame == UINT32_MAX || frame == 0
               ? NULL
               : facts_add_integer(facts, "film.frame", frame);
}

static dits_error *read_head(struct media_file *file, size_t size,
                             struct slice *out)
{
    TRY(window_peek(&picture_of(file)->window, 0, size, out));
    if (out->size < size)
        media_add_problem(file, 0, "header", "the header is cut off");
    return NULL;
}

static dits_error *add_dpx_facts(struct media_file *file, struct head head)
{
    struct media_track *track = &file->tracks[0];
    track->width = word(head, 772);
    track->height = word(head, 776);
    TRY(facts_add_integer(&track->facts, "bit_depth", head.at[803]));
    TRY(facts_add_integer(&track->facts, "dpx.descriptor", head.at[800]));
    TRY(add_colour(&track->facts, head));
    uint32_t num = word(head, 1628);
    uint32_t den = word(head, 1632);
    if (num > 0 && den > 0 && num != UINT32_MAX && den != UINT32_MAX)
        TRY(picture_add_ratio(&track->facts, "sample_aspect_ratio", num, den));
    TRY(picture_add_date(&file->facts, slice_of(head.at + 136, 24)));
    TRY(add_texts(&file->facts, head, dpx_texts,
                  sizeof(dpx_texts) / sizeof(dpx_texts[0])));
    if (word(head, 28) == 0)
        return NULL;
    TRY(add_time(&track->facts, head));
    return add_texts(&file->facts, head, industry_texts,
                     sizeof(industry_texts) / sizeof(industry_texts[0]));
}

static dits_error *add_rest(struct media_file *file, uint32_t offset,
                            size_t least)
{
    uint64_t size = file->source->size;
    if (offset < least || offset >= size) {
        media_add_problem(file, 4, "header", "the pixels are not in the file");
        return NULL;
    }
    return picture_add(file, offset, size - offset);
}

static dits_error *open_dpx(struct media_file *file)
{
    struct slice bytes = {0};
    bool is_little = false;
    TRY(picture_begin(file, "dpx", "dpx"));
    TRY(read_head(file, HEAD_BYTES, &bytes));
    if (!has_magic(bytes, dpx_magic, &is_little))
        return error_new(DITS_E_UNSUPPORTED, "not a DPX file");
    if (bytes.size < HEAD_BYTES)
        return NULL;
    struct head head = {bytes.data, is_little};
    TRY(add_dpx_facts(file, head));
    return add_rest(file, word(head, 4), 1408);
}

static dits_error *open_cineon(struct media_file *file)
{
    struct slice bytes = {0};
    bool is_little = false;
    TRY(picture_begin(file, "cineon", "cineon"));
    TRY(read_head(file, CINEON_BYTES, &bytes));
    if (!has_magic(bytes, cineon_magic, &is_little))
        return error_new(DITS_E_UNSUPPORTED, "not a Cineon file");
    if (bytes.size < CINEON_BYTES)
        return NULL;
    struct head head = {bytes.data, is_little};
    struct media_track *track = &file->tracks[0];
    track->width = word(head, 200);
    track->height = word(head, 204);
    TRY(facts_add_integer(&track->facts, "bit_depth", head.at[198]));
    TRY(add_texts(&file->facts, head, cineon_texts,
                  sizeof(cineon_texts) / sizeof(cineon_texts[0])));
    return add_rest(file, word(head, 4), CINEON_BYTES);
}

const struct media_format media_format_dpx = {
    .name = "dpx",
    .probe = probe_dpx,
    .open = open_dpx,
    .close = picture_close,
    .spans = picture_spans,
    .next_span = picture_next_span,
    .samples = picture_samples,
    .next_sample = picture_next_sample,
    .end_walk = picture_end_walk,
    .tree = picture_tree,
};

const struct media_format media_format_cineon = {
    .name = "cineon",
    .probe = probe_cineon,
    .open = open_cineon,
    .close = picture_close,
    .spans = picture_spans,
    .next_span = picture_next_span,
    .samples = picture_samples,
    .next_sample = picture_next_sample,
    .end_walk = picture_end_walk,
    .tree = picture_tree,
};
