#include "media/matroska/ids.h"
#include "media/matroska/tracks.h"
#include "media/matroska/values.h"

/* Code points of ITU-T H.273 by ffprobe's names; NULL: reserved. */
static const char *const primaries[] = {
    [1] = "bt709",     [4] = "bt470m",    [5] = "bt470bg",  [6] = "smpte170m",
    [7] = "smpte240m", [8] = "film",      [9] = "bt2020",   [10] = "smpte428",
    [11] = "smpte431", [12] = "smpte432", [22] = "ebu3213",
};
static const char *const transfers[] = {
    [1] = "bt709",         [4] = "bt470m",        [5] = "bt470bg",
    [6] = "smpte170m",     [7] = "smpte240m",     [8] = "linear",
    [9] = "log100",        [10] = "log316",       [11] = "iec61966-2-4",
    [12] = "bt1361e",      [13] = "iec61966-2-1", [14] = "bt2020-10",
    [15] = "bt2020-12",    [16] = "smpte2084",    [17] = "smpte428",
    [18] = "arib-std-b67",
};
static const char *const matrices[] = {
    [0] = "gbr",
    [1] = "bt709",
    [4] = "fcc",
    [5] = "bt470bg",
    [6] = "smpte170m",
    [7] = "smpte240m",
    [8] = "ycgco",
    [9] = "bt2020nc",
    [10] = "bt2020c",
    [11] = "smpte2085",
    [12] = "chroma-derived-nc",
    [13] = "chroma-derived-c",
    [14] = "ictcp",
};
static const char *const ranges[] = {NULL, "tv", "pc"};

struct names {
    uint32_t id;
    const char *fact;
    const char *const *list;
    size_t count;
};

static const struct names by_name[] = {
    {ID_PRIMARIES, "colour.primaries", primaries,
     sizeof(primaries) / sizeof(primaries[0])},
    {ID_TRANSFER, "colour.transfer", transfers,
     sizeof(transfers) / sizeof(transfers[0])},
    {ID_MATRIX, "colour.matrix", matrices,
     sizeof(matrices) / sizeof(matrices[0])},
    {ID_RANGE, "colour.range", ranges, sizeof(ranges) / sizeof(ranges[0])},
};

static dits_error *add_named(struct window *window,
                             const struct ebml_element *child,
                             const struct names *names,
                             struct media_facts *facts)
{
    uint64_t value = 0;
    TRY(ebml_uint(window, child, &value));
    if (value >= names->count || names->list[value] == NULL)
        return NULL;
    return facts_add_word(facts, names->fact, names->list[value]);
}

/* x and y of red, green, blue, white follow one another, also as ids. */
enum { CHROMATICITIES = 8 };

static const char *const coordinate_facts[CHROMATICITIES] = {
    "hdr.mastering.red_x",         "hdr.mastering.red_y",
    "hdr.mastering.green_x",       "hdr.mastering.green_y",
    "hdr.mastering.blue_x",        "hdr.mastering.blue_y",
    "hdr.mastering.white_point_x", "hdr.mastering.white_point_y",
};

static dits_error *read_mastering(struct window *window,
                                  const struct ebml_element *mastering,
                                  struct media_facts *facts)
{
    struct ebml_list list = ebml_children(window, mastering);
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        const char *name = NULL;
        double value = 0;
        if (child.id >= ID_RED_X && child.id <= ID_WHITE_Y)
            name = coordinate_facts[child.id - ID_RED_X];
        else if (child.id == ID_LUMINANCE_MAX)
            name = "hdr.mastering.max_luminance";
        else if (child.id == ID_LUMINANCE_MIN)
            name = "hdr.mastering.min_luminance";
        if (name != NULL) {
            TRY(ebml_float(window, &child, &value));
            TRY(value_float(facts, name, value));
        }
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}

static dits_error *add_chroma_location(uint64_t horizontal, uint64_t vertical,
                                       struct media_facts *facts)
{
    if (horizontal == 1 && vertical == 2)
        return facts_add_word(facts, "colour.chroma_location", "left");
    if (horizontal == 1 && vertical == 1)
        return facts_add_word(facts, "colour.chroma_location", "topleft");
    if (horizontal == 2 && vertical == 2)
        return facts_add_word(facts, "colour.chroma_location", "center");
    if (horizontal == 2 && vertical == 1)
        return facts_add_word(facts, "colour.chroma_location", "top");
    return NULL;
}

static dits_error *read_colour_part(struct window *window,
                                    const struct ebml_element *child,
                                    struct media_facts *facts)
{
    for (size_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]); i++)
        if (by_name[i].id == child->id)
            return add_named(window, child, &by_name[i], facts);
    switch (child->id) {
    case ID_BITS_PER_CHANNEL:
        return value_integer(window, child, facts, "bit_depth");
    case ID_MAX_CLL:
        return value_integer(window, child, facts, "hdr.content_light.max");
    case ID_MAX_FALL:
        return value_integer(window, child, facts, "hdr.content_light.average");
    case ID_MASTERING:
        return read_mastering(window, child, facts);
    default:
        return NULL;
    }
}

dits_error *track_colour_read(struct window *window,
                              const struct ebml_element *colour,
                              struct media_track *track)
{
    struct ebml_list list = ebml_children(window, colour);
    struct ebml_element child = {0};
    uint64_t horizontal = 0;
    uint64_t vertical = 0;
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_CHROMA_SITING_HORZ)
            TRY(ebml_uint(window, &child, &horizontal));
        else if (child.id == ID_CHROMA_SITING_VERT)
            TRY(ebml_uint(window, &child, &vertical));
        else
            TRY(read_colour_part(window, &child, &track->facts));
        TRY(ebml_next(&list, &child, &found));
    }
    return add_chroma_location(horizontal, vertical, &track->facts);
}
