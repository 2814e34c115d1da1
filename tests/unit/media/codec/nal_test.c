#include "media/codec/nal.h"

#include <string.h>

#include "support/test.h"

#define SLICE(literal) slice_of(literal, sizeof(literal) - 1)

/* The sizes of the units, in order; 0 ends. */
static bool sizes_are(struct slice bytes, unsigned length_size,
                      const size_t *sizes)
{
    struct nal_walk walk = nal_walk_over(bytes, length_size);
    struct slice unit = {0};
    while (nal_next(&walk, &unit))
        if (unit.size != *sizes++)
            return false;
    return *sizes == 0;
}

TEST(units_are_found_behind_start_codes_of_both_lengths)
{
    static const size_t sizes[] = {2, 3, 1, 0};
    CHECK(sizes_are(SLICE("\0\0\0\1\x67\x42\0\0\1\x68\1\2\0\0\0\0\1\x65"), 0,
                    sizes));
    static const size_t none[] = {0};
    CHECK(sizes_are(SLICE("\0\0\1\0\0\1\0\0\0"), 0, none));
    CHECK(sizes_are(SLICE("junk without one"), 0, none));
    CHECK(sizes_are((struct slice){0}, 0, none));
}

TEST(a_start_code_is_found_wherever_it_lies)
{
    uint8_t bytes[64] = {0};
    for (size_t at = 0; at + 3 <= sizeof(bytes); at++) {
        memset(bytes, 7, sizeof(bytes));
        memcpy(bytes + at, "\0\0\1", 3);
        CHECK(nal_find_start_code(slice_of(bytes, sizeof(bytes))) == at);
        CHECK(nal_find_start_code(slice_of(bytes, at + 2)) == at + 2);
    }
}

TEST(units_are_found_behind_lengths_of_each_size)
{
    static const size_t sizes[] = {2, 1, 0};
    CHECK(sizes_are(SLICE("\2\x67\x42\0\1\x65"), 1, sizes));
    CHECK(sizes_are(SLICE("\0\2\x67\x42\0\1\x65"), 2, sizes));
    CHECK(sizes_are(SLICE("\0\0\0\2\x67\x42\0\0\0\0\0\0\0\1\x65"), 4, sizes));
}

TEST(a_unit_longer_than_its_sample_is_clipped)
{
    struct nal_walk walk = nal_walk_over(SLICE("\xff\xff\xff\xff\x65\x88"), 4);
    struct slice unit = {0};
    CHECK(nal_next(&walk, &unit) && unit.size == 2 && walk.is_cut);
    CHECK(!nal_next(&walk, &unit));
    walk = nal_walk_over(SLICE("\0\0"), 4);
    CHECK(!nal_next(&walk, &unit));
}

TEST(emulation_prevention_is_taken_out_within_bounds)
{
    static const struct {
        const char *in;
        size_t in_size;
        const char *out;
        size_t out_size;
    } cases[] = {
        {"\0\0\3\1", 4, "\0\0\1", 3},
        {"\0\0\3\0\0\3", 6, "\0\0\0\0", 4},
        {"\0\3\0\0\2", 5, "\0\3\0\0\2", 5},
        {"\0\0\0\3", 4, "\0\0\0", 3},
        {"", 0, "", 0},
    };
    uint8_t out[8] = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t size = nal_unescape(slice_of(cases[i].in, cases[i].in_size), out,
                                   sizeof(out));
        CHECK(size == cases[i].out_size);
        CHECK(memcmp(out, cases[i].out, size) == 0);
    }
    CHECK(nal_unescape(SLICE("\1\2\3\4"), out, 2) == 2);
}

TEST(types_and_layers_are_those_of_each_standard)
{
    static const uint8_t avc[] = {0x65};
    static const uint8_t hevc[] = {0x27, 0x09}; /* CRA of layer 33 */
    static const uint8_t vvc[] = {0x81, 0x49};  /* CRA; forbidden; layer 1 */
    CHECK(nal_type(NAL_AVC, avc) == AVC_IDR);
    CHECK(nal_type(NAL_HEVC, hevc) == 19 && nal_layer(NAL_HEVC, hevc) == 33);
    CHECK(nal_type(NAL_VVC, vvc) == VVC_CRA && nal_layer(NAL_VVC, vvc) == 1);
    CHECK(nal_is_forbidden(NAL_VVC, vvc) && !nal_is_forbidden(NAL_AVC, avc));
    CHECK(nal_codec_of("hevc") == NAL_HEVC && nal_codec_of("h263") == NAL_NONE);
}

TEST(only_what_containers_move_counts_as_header)
{
    CHECK(nal_is_header(NAL_AVC, AVC_SPS) && nal_is_header(NAL_AVC, AVC_AUD));
    CHECK(!nal_is_header(NAL_AVC, AVC_SEI) && !nal_is_header(NAL_AVC, 12));
    CHECK(nal_is_header(NAL_HEVC, HEVC_VPS) && nal_is_header(NAL_HEVC, 35));
    CHECK(!nal_is_header(NAL_HEVC, HEVC_DOLBY_RPU));
    CHECK(nal_is_header(NAL_VVC, VVC_SPS) && !nal_is_header(NAL_VVC, 17));
    CHECK(nal_is_picture(NAL_HEVC, 0) && !nal_is_picture(NAL_AVC, 0));
    CHECK(nal_is_sei(NAL_HEVC, 40) && nal_is_sei(NAL_VVC, 23));
    CHECK(!nal_is_sei(NAL_NONE, 6) && !nal_is_header(NAL_NONE, 7) &&
          !nal_is_picture(NAL_NONE, 1));
}
