#include "media/mxf/mxf_picture.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"

enum {
    TAG_CODING = 0x3201,
    TAG_STORED_HEIGHT = 0x3202,
    TAG_STORED_WIDTH = 0x3203,
    TAG_SAMPLED_HEIGHT = 0x3204,
    TAG_SAMPLED_WIDTH = 0x3205,
    TAG_LAYOUT = 0x320c,
    TAG_LINE_MAP = 0x320d,
    TAG_ASPECT = 0x320e,
    TAG_TRANSFER = 0x3210,
    TAG_DOMINANCE = 0x3212,
    TAG_PRIMARIES = 0x3219,
    TAG_MATRIX = 0x321a,
    TAG_DEPTH = 0x3301,
    TAG_SUBSAMPLING_X = 0x3302,
    TAG_BLACK = 0x3304,
    TAG_SUBSAMPLING_Y = 0x3308,
    TAG_MAX = 0x3406,
    LAYOUT_FULL = 0,
    LAYOUT_SEPARATE = 1,
    LAYOUT_MIXED = 3,
    LAYOUT_SEGMENTED = 4,
    CHROMA_UNIT = 50000,    /* of chromaticities */
    LUMINANCE_UNIT = 10000, /* of luminances, a cd/m2 */
};

static dits_error *add_word(struct media_track *track, const char *name,
                            const char *word)
{
    return word == NULL ? NULL : facts_add_word(&track->facts, name, word);
}

static int64_t greatest_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The aspect ratio of the picture as that of a sample, as ffprobe tells it. */
static dits_error *add_aspect(struct media_track *track, struct slice ratio)
{
    if (ratio.size != 8 || track->width == 0 || track->height == 0 ||
        track->width > 65536 || track->height > 65536)
        return NULL;
    int64_t num = be32_load(ratio.data);
    int64_t den = be32_load(ratio.data + 4);
    if (num == 0 || den == 0 || num > 1000000 || den > 1000000)
        return NULL;
    num *= track->height;
    den *= track->width;
    int64_t divisor = greatest_divisor(num, den);
    return facts_add_rational(&track->facts, "sample_aspect_ratio",
                              num / divisor, den / divisor);
}

/*
 * The first lines of both fields tell which comes first in the file: their sum
 * is odd if it is the upper one (ST 377-1, G.2.12). Dominance says which is
 * shown first.
 */
static const char *interlaced_order(struct slice line_map, uint64_t dominance)
{
    if (line_map.size != 16)
        return NULL;
    uint32_t sum = be32_load(line_map.data + 8) + be32_load(line_map.data + 12);
    bool is_second = dominance == 2;
    if (sum % 2 == 1)
        return is_second ? "tb" : "tt";
    return is_second ? "bt" : "bb";
}

static dits_error *add_fields(struct mxf_sets *sets,
                              const struct mxf_set *descriptor,
                              struct media_track *track)
{
    uint64_t layout = mxf_sets_number(sets, descriptor, TAG_LAYOUT, UINT64_MAX);
    uint64_t dominance = mxf_sets_number(sets, descriptor, TAG_DOMINANCE, 1);
    const char *order = NULL;
    if (layout == LAYOUT_FULL || layout == LAYOUT_SEGMENTED)
        order = "progressive";
    else if (layout == LAYOUT_SEPARATE || layout == LAYOUT_MIXED)
        order = interlaced_order(mxf_sets_get(sets, descriptor, TAG_LINE_MAP),
                                 dominance);
    return add_word(track, "field_order", order);
}

static dits_error *add_pixels(struct mxf_sets *sets,
                              const struct mxf_set *descriptor,
                              struct media_track *track)
{
    uint64_t depth = mxf_sets_number(sets, descriptor, TAG_DEPTH, 0);
    uint64_t x = mxf_sets_number(sets, descriptor, TAG_SUBSAMPLING_X, 0);
    uint64_t y = mxf_sets_number(sets, descriptor, TAG_SUBSAMPLING_Y, 1);
    const char *chroma = x == 2 && y == 2   ? "420"
                         : x == 2 && y <= 1 ? "422"
                         : x == 4           ? "411"
                         : x == 1           ? "444"
                                            : NULL;
    char text[24] = "";
    if (depth == 0 || depth > 16)
        return NULL;
    TRY(facts_add_integer(&track->facts, "bit_depth", (int64_t)depth));
    if (chroma == NULL)
        return NULL;
    if (depth == 8)
        (void)snprintf(text, sizeof(text), "yuv%sp", chroma);
    else
        (void)snprintf(text, sizeof(text), "yuv%sp%ule", chroma,
                       (unsigned)depth);
    TRY(facts_add_word(&track->facts, "pixel_format", text));
    uint64_t black = mxf_sets_number(sets, descriptor, TAG_BLACK, UINT64_MAX);
    if (black == UINT64_MAX)
        return NULL;
    return facts_add_word(&track->facts, "colour.range",
                          black == 0 ? "pc" : "tv");
}

/* RGB: the highest code of a component gives its depth. */
static dits_error *add_rgb_depth(struct mxf_sets *sets,
                                 const struct mxf_set *descriptor,
                                 struct media_track *track)
{
    uint64_t max = mxf_sets_number(sets, descriptor, TAG_MAX, 0);
    int64_t depth = 0;
    for (; max > 0 && max <= UINT32_MAX; max >>= 1)
        depth++;
    if (depth == 0)
        return NULL;
    return facts_add_integer(&track->facts, "bit_depth", depth);
}

/* ST 2067-21: x and y of red, green, blue; of white; two luminances. */
static dits_error *add_mastering(struct mxf_sets *sets,
                                 const struct mxf_set *descriptor,
                                 struct media_track *track)
{
    static const uint8_t names[4][16] = {
        {6, 14, 43, 52, 1, 1, 1, 14, 4, 32, 4, 1, 1, 1, 0, 0},
        {6, 14, 43, 52, 1, 1, 1, 14, 4, 32, 4, 1, 1, 2, 0, 0},
        {6, 14, 43, 52, 1, 1, 1, 14, 4, 32, 4, 1, 1, 3, 0, 0},
        {6, 14, 43, 52, 1, 1, 1, 14, 4, 32, 4, 1, 1, 4, 0, 0},
    };
    struct media_facts *facts = &track->facts;
    struct slice primaries = mxf_sets_find(sets, descriptor, names[0]);
    struct slice white = mxf_sets_find(sets, descriptor, names[1]);
    struct slice highest = mxf_sets_find(sets, descriptor, names[2]);
    struct slice lowest = mxf_sets_find(sets, descriptor, names[3]);
    for (size_t i = 0; primaries.size == 12 && i < 6; i++)
        TRY(facts_add_rational(facts, "hdr.mastering.primaries",
                               be16_load(primaries.data + 2 * i), CHROMA_UNIT));
    for (size_t i = 0; white.size == 4 && i < 2; i++)
        TRY(facts_add_rational(facts, "hdr.mastering.white_point",
                               be16_load(white.data + 2 * i), CHROMA_UNIT));
    if (lowest.size == 4)
        TRY(facts_add_rational(facts, "hdr.mastering.min_luminance",
                               be32_load(lowest.data), LUMINANCE_UNIT));
    if (highest.size != 4)
        return NULL;
    return facts_add_rational(facts, "hdr.mastering.max_luminance",
                              be32_load(highest.data), LUMINANCE_UNIT);
}

/* Sampled, else stored: without the lines that fill the last blocks. */
static uint32_t size_at(struct mxf_sets *sets, const struct mxf_set *descriptor,
                        uint16_t sampled, uint16_t stored)
{
    uint64_t size = mxf_sets_number(sets, descriptor, sampled, 0);
    if (size == 0)
        size = mxf_sets_number(sets, descriptor, stored, 0);
    return size <= INT32_MAX ? (uint32_t)size : 0;
}

dits_error *mxf_picture_describe(struct mxf_sets *sets,
                                 const struct mxf_set *descriptor,
                                 struct media_track *track)
{
    track->width =
        size_at(sets, descriptor, TAG_SAMPLED_WIDTH, TAG_STORED_WIDTH);
    track->height =
        size_at(sets, descriptor, TAG_SAMPLED_HEIGHT, TAG_STORED_HEIGHT);
    if (mxf_sets_number(sets, descriptor, TAG_LAYOUT, 0) == LAYOUT_SEPARATE)
        track->height *= 2; /* it is that of one field */
    TRY(add_word(
        track, "profile",
        mxf_label_profile(mxf_sets_get(sets, descriptor, TAG_CODING))));
    TRY(add_aspect(track, mxf_sets_get(sets, descriptor, TAG_ASPECT)));
    TRY(add_fields(sets, descriptor, track));
    TRY(add_word(
        track, "colour.primaries",
        mxf_label_primaries(mxf_sets_get(sets, descriptor, TAG_PRIMARIES))));
    TRY(add_word(
        track, "colour.transfer",
        mxf_label_transfer(mxf_sets_get(sets, descriptor, TAG_TRANSFER))));
    TRY(add_word(track, "colour.matrix",
                 mxf_label_matrix(mxf_sets_get(sets, descriptor, TAG_MATRIX))));
    if (descriptor->type == MXF_SET_RGBA)
        TRY(add_rgb_depth(sets, descriptor, track));
    else
        TRY(add_pixels(sets, descriptor, track));
    return add_mastering(sets, descriptor, track);
}
