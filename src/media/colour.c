#include "media/colour.h"

#include <stddef.h>

#define NAME_OF(names, code) \
    ((code) < sizeof(names) / sizeof((names)[0]) ? (names)[code] : NULL)

const char *colour_primaries_name(unsigned code)
{
    static const char *const names[] = {
        [1] = "bt709",     [4] = "bt470m",    [5] = "bt470bg",
        [6] = "smpte170m", [7] = "smpte240m", [8] = "film",
        [9] = "bt2020",    [10] = "smpte428", [11] = "smpte431",
        [12] = "smpte432", [22] = "ebu3213",
    };
    return NAME_OF(names, code);
}

const char *colour_transfer_name(unsigned code)
{
    static const char *const names[] = {
        [1] = "bt709",         [4] = "bt470m",        [5] = "bt470bg",
        [6] = "smpte170m",     [7] = "smpte240m",     [8] = "linear",
        [9] = "log100",        [10] = "log316",       [11] = "iec61966-2-4",
        [12] = "bt1361e",      [13] = "iec61966-2-1", [14] = "bt2020-10",
        [15] = "bt2020-12",    [16] = "smpte2084",    [17] = "smpte428",
        [18] = "arib-std-b67",
    };
    return NAME_OF(names, code);
}

const char *colour_matrix_name(unsigned code)
{
    static const char *const names[] = {
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
    return NAME_OF(names, code);
}

static dits_error *add_name(struct media_facts *facts, const char *name,
                            const char *value)
{
    return value != NULL ? facts_add_word(facts, name, value) : NULL;
}

dits_error *colour_add_codes(struct media_facts *facts, unsigned primaries,
                             unsigned transfer, unsigned matrix)
{
    TRY(add_name(facts, "colour.primaries", colour_primaries_name(primaries)));
    TRY(add_name(facts, "colour.transfer", colour_transfer_name(transfer)));
    return add_name(facts, "colour.matrix", colour_matrix_name(matrix));
}

dits_error *colour_add_range(struct media_facts *facts, bool is_full)
{
    return facts_add_word(facts, "colour.range", is_full ? "pc" : "tv");
}

dits_error *colour_add_mastering(struct media_facts *facts,
                                 const struct colour_mastering *mastering)
{
    for (size_t i = 0; i < 8; i++)
        TRY(facts_add_rational(facts,
                               i < 6 ? "hdr.mastering.primaries"
                                     : "hdr.mastering.white_point",
                               mastering->xy[i], mastering->xy_divisor));
    TRY(facts_add_rational(facts, "hdr.mastering.min_luminance",
                           mastering->min_luminance, mastering->min_divisor));
    return facts_add_rational(facts, "hdr.mastering.max_luminance",
                              mastering->max_luminance, mastering->max_divisor);
}

dits_error *colour_add_light(struct media_facts *facts, uint32_t max_content,
                             uint32_t max_average)
{
    TRY(facts_add_integer(facts, "hdr.content_light.max", max_content));
    return facts_add_integer(facts, "hdr.content_light.average", max_average);
}
