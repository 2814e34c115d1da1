#include "media/split.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

/*
 * What a splitter made of some bytes, as text: E, H or F for each byte; before
 * the first essence of a sample ' ', before that of a sync one '!'.
 */
struct story {
    char text[512];
    size_t size;
    uint64_t bytes;
};

static void tell(struct story *story, const struct split_piece *pieces,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].unit_start)
            story->text[story->size++] = pieces[i].is_sync ? '!' : ' ';
        for (uint64_t k = 0; k < pieces[i].size; k++)
            story->text[story->size++] = "EHF"[pieces[i].part];
        story->bytes += pieces[i].size;
    }
}

static void push(struct splitter *splitter, struct slice bytes,
                 struct story *story)
{
    while (bytes.size > 0) {
        struct split_piece pieces[SPLIT_PIECES_MIN];
        size_t count = 0;
        size_t taken =
            splitter_push(splitter, bytes, pieces, SPLIT_PIECES_MIN, &count);
        tell(story, pieces, count);
        bytes = slice_of(bytes.data + taken, bytes.size - taken);
    }
}

static void push_by(struct splitter *splitter, struct slice bytes, size_t by,
                    struct story *story)
{
    for (size_t at = 0; at < bytes.size; at += by)
        push(splitter,
             slice_of(bytes.data + at,
                      bytes.size - at < by ? bytes.size - at : by),
             story);
}

static void finish(struct splitter *splitter, struct story *story)
{
    struct split_piece pieces[SPLIT_PIECES_LAST];
    tell(story, pieces, splitter_finish(splitter, pieces));
}

struct split_case {
    const char *codec;
    enum media_framing framing;
    uint8_t length_size;
    const char *bytes;
    size_t size;
    const char *story;
};

/* One sync sample, in pieces of every size. */
static bool splits_as(const struct split_case *c)
{
    struct media_track track = {.framing = c->framing,
                                .nal_length_size = c->length_size};
    (void)snprintf(track.codec, sizeof(track.codec), "%s", c->codec);
    for (size_t by = 1; by <= c->size; by++) {
        struct splitter splitter = {0};
        struct story story = {0};
        splitter_init(&splitter, &track);
        splitter_begin_sample(&splitter, true);
        push_by(&splitter, slice_of(c->bytes, c->size), by, &story);
        finish(&splitter, &story);
        if (story.bytes != c->size || strcmp(story.text, c->story) != 0) {
            printf("%s by %zu: %s, not %s\n", c->codec, by, story.text,
                   c->story);
            return false;
        }
    }
    return true;
}

#define CASE(codec, framing, length, bytes, story)              \
    {                                                           \
        codec, framing, length, bytes, sizeof(bytes) - 1, story \
    }

TEST(units_behind_lengths_lose_lengths_and_parameter_sets)
{
    static const struct split_case cases[] = {
        CASE("h264", MEDIA_NAL_LENGTH, 4,
             "\0\0\0\2\x67\x42\0\0\0\1\x68\0\0\0\5\x65\1\2\3\4",
             "FFFFHHFFFFHFFFF!EEEEE"),
        CASE("h264", MEDIA_NAL_LENGTH, 2, "\0\2\x09\xf0\0\3\x61\x9a\1",
             "FFHHFF!EEE"),
        CASE("h264", MEDIA_NAL_LENGTH, 1, "\0\1\x65", "FF!E"),
        CASE("hevc", MEDIA_NAL_LENGTH, 4,
             "\0\0\0\3\x42\1\7\0\0\0\6\x26\1\5\0\0\6", "FFFFHHHFFFF!EEEEEE"),
        CASE("vvc", MEDIA_NAL_LENGTH, 4, "\0\0\0\3\0\x79\7\0\0\0\3\0\x39\7",
             "FFFFHHHFFFF!EEE"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(splits_as(&cases[i]));
}

TEST(units_behind_start_codes_lose_them_and_zeros)
{
    static const struct split_case cases[] = {
        CASE("h264", MEDIA_NAL_START_CODE, 0,
             "\0\0\0\1\x09\xf0\0\0\0\1\x67\x42\0\0\1\x65\1\0\2\0\0\3\4",
             "FFFFHHFFFFHHFFF!EEEEEEEE"),
        CASE("h264", MEDIA_NAL_START_CODE, 0, "\0\0\1\x65\1\0\0\0\0\0\0\1\x61",
             "FFF!EEFFFFFFFE"),
        CASE("h264", MEDIA_NAL_START_CODE, 0, "\0\0\1\x65\1\0\0", "FFF!EEFF"),
        CASE("h264", MEDIA_NAL_START_CODE, 0, "junk\0\1\0\0\1\x68",
             "!EEEEEEFFFH"),
        CASE("hevc", MEDIA_NAL_START_CODE, 0, "\0\0\1\0\1\x80\0\0\1\x40\1\x0c",
             "FFF!EEEFFFHHH"),
        CASE("vvc", MEDIA_NAL_START_CODE, 0,
             "\0\0\1\0\x79\7\0\0\1\0\x39\7\0\0\1\0\xa1", "FFFHHHFFF!EEEFFFHH"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(splits_as(&cases[i]));
}

TEST(zeros_at_the_end_of_a_unit_are_framing_in_both_forms)
{
    static const struct split_case cases[] = {
        CASE("h264", MEDIA_NAL_LENGTH, 4, "\0\0\0\5\x65\1\2\0\0", "FFFF!EEEFF"),
        CASE("h264", MEDIA_NAL_LENGTH, 4, "\0\0\0\4\x65\0\0\0\0\0\0\1\x61",
             "FFFF!EFFFFFFFE"),
        CASE("h264", MEDIA_NAL_START_CODE, 0, "\0\0\1\x65\1\2\0\0\0",
             "FFF!EEEFFF"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(splits_as(&cases[i]));
}

TEST(damage_is_essence_as_it_is)
{
    static const struct split_case cases[] = {
        CASE("h264", MEDIA_NAL_LENGTH, 4, "\x7f\0\0\0\x65\1\2\3", "FFFF!EEEE"),
        CASE("h264", MEDIA_NAL_LENGTH, 4, "\0\0\0\1\xe5\0\0\0\1\x65",
             "FFFF!EEEEEE"),
        CASE("hevc", MEDIA_NAL_LENGTH, 4, "\0\0\0\1\x40\0\0\0\2\x40\1",
             "FFFF!EFFFFHH"),
        CASE("h264", MEDIA_NAL_LENGTH, 4, "\0\0", "FF"),
        CASE("h264", MEDIA_NAL_LENGTH, 0, "\0\0\1\x67", "!EEEE"),
        CASE("vvc", MEDIA_NAL_LENGTH, 4, "\0\0\0\3\0", "FFFF!E"),
        CASE("vp9", MEDIA_NAL_START_CODE, 0, "\0\0\1\x67", "!EEEE"),
        CASE("prores", MEDIA_PRORES, 0, "\0\0\0\x40ic_f\0\x14", "HHHHHH!EEEE"),
        CASE("prores", MEDIA_PRORES_BARE, 0, "\0\1abc", "!EEEEE"),
        CASE("aac", MEDIA_ADTS, 0, "\xff\xff\x50\x80", "!EEEE"),
        CASE("aac", MEDIA_ADTS, 0, "\xff\xf1\x50\x80\0\xdf\xfcxyz",
             "HHHHHHH!EEE"),
        CASE("av1", MEDIA_OBU, 0, "\x92\0\x0a\1x", "!EEEEE"),
        CASE("av1", MEDIA_OBU, 0, "\x12\x80\x80\x80\x80\x80\x80\x80\x80\x0a",
             "HHHHHHHHH!E"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(splits_as(&cases[i]));
}

TEST(a_prores_frame_loses_its_header_and_what_stands_before_it)
{
    static const struct split_case cases[] = {
        CASE("prores", MEDIA_PRORES, 0,
             "\0\0\0\x20icpf\0\x14hhhhhhhhhhhhhhhhhhDATA",
             "HHHHHHHHHHHHHHHHHHHHHHHHHHHH!EEEE"),
        CASE("prores", MEDIA_PRORES_BARE, 0, "\0\x14hhhhhhhhhhhhhhhhhhDATA",
             "HHHHHHHHHHHHHHHHHHHH!EEEE"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(splits_as(&cases[i]));
}

TEST(aac_loses_its_adts_headers_and_each_frame_is_a_unit)
{
    static const struct split_case cases[] = {
        CASE("aac", MEDIA_ADTS, 0,
             "\xff\xf1\x50\x80\1\x3f\xfc"
             "ab"
             "\xff\xf0\x50\x80\1\x5f\xfc"
             "CCc",
             "HHHHHHH!EEHHHHHHHHH!E"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(splits_as(&cases[i]));
}

TEST(av1_loses_its_temporal_delimiters)
{
    static const struct split_case cases[] = {
        CASE("av1", MEDIA_OBU, 0, "\x12\0\x0a\2xx\x36\x10\1y\x30zz",
             "HH!EEEEEEEEEEE"),
        CASE("pcm_s16le", MEDIA_PCM, 0, "\1\2\3\4", "!EEEE"),
        CASE("opus", MEDIA_OPAQUE, 0, "\1\2\3\4", "!EEEE"),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(splits_as(&cases[i]));
}

TEST(the_next_sample_begins_afresh)
{
    static const uint8_t cut[] = {0, 0, 0, 9, 0x67, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t good[] = {0, 0, 0, 1, 0x61};
    struct media_track track = {
        .framing = MEDIA_NAL_LENGTH, .nal_length_size = 4, .codec = "h264"};
    struct splitter splitter = {0};
    struct story story = {0};
    splitter_init(&splitter, &track);
    splitter_begin_sample(&splitter, true);
    push(&splitter, slice_of(cut, sizeof(cut)), &story);
    splitter_begin_sample(&splitter, false);
    push(&splitter, slice_of(good, sizeof(good)), &story);
    finish(&splitter, &story);
    CHECK(strcmp(story.text, "FFFFHHHHHHHHFFFF E") == 0);
}

TEST(start_codes_and_adts_frames_go_on_across_samples)
{
    static const uint8_t first[] = {0, 0, 1, 0x67, 1, 0};
    static const uint8_t second[] = {0, 1, 0x65, 2};
    struct media_track track = {.framing = MEDIA_NAL_START_CODE,
                                .codec = "h264"};
    struct splitter splitter = {0};
    struct story story = {0};
    splitter_init(&splitter, &track);
    push(&splitter, slice_of(first, sizeof(first)), &story);
    splitter_begin_sample(&splitter, true);
    push(&splitter, slice_of(second, sizeof(second)), &story);
    finish(&splitter, &story);
    CHECK(strcmp(story.text, "FFFHHFFF!EE") == 0);
}

TEST(encrypted_samples_stay_whole)
{
    static const uint8_t bytes[] = {0, 0, 0, 1, 0x67};
    struct media_track track = {.framing = MEDIA_NAL_LENGTH,
                                .nal_length_size = 4,
                                .codec = "h264",
                                .is_encrypted = true};
    struct splitter splitter = {0};
    struct story story = {0};
    splitter_init(&splitter, &track);
    push(&splitter, slice_of(bytes, sizeof(bytes)), &story);
    finish(&splitter, &story);
    CHECK(strcmp(story.text, "EEEEE") == 0);
}
