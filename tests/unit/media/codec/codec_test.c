#include "media/codec/codec.h"

#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* A test picture of 64 by 48 in High 4:4:4 or High, as x264 writes it. */
static const uint8_t stream[] = {
    0,    0,    0,    1,    0x67, 0x64, 0x00, 0x0a, 0xac, 0xd9, 0x44, 0x7b,
    0x01, 0x6a, 0x02, 0x02, 0x02, 0x80, 0x00, 0x00, 0x03, 0x00, 0x80, 0x00,
    0x00, 0x19, 0x0f, 0x89, 0x12, 0xcb, 0,    0,    0,    1,    0x68, 0xeb,
    0xe3, 0xcb, 0x22, 0xc0, 0,    0,    1,    0x65, 0x88, 0x84};

static struct media_track track_of(const char *codec)
{
    struct media_track track = {.framing = MEDIA_NAL_START_CODE};
    (void)snprintf(track.codec, sizeof(track.codec), "%s", codec);
    return track;
}

static void track_release(struct media_track *track)
{
    buf_release(&track->config);
    facts_release(&track->facts);
}

static const char *word(const struct media_track *track, const char *name)
{
    const struct fact *fact = facts_find(&track->facts, name);
    return fact != NULL && fact->type == FACT_TEXT ? fact->text : "";
}

TEST(a_sequence_parameter_set_describes_its_track)
{
    CLEANUP(track_release) struct media_track track = track_of("h264");
    CHECK_OK(codec_describe(&track, slice_of(stream, sizeof(stream))));
    CHECK(track.width == 64 && track.height == 48);
    CHECK(strcmp(word(&track, "profile"), "High") == 0);
    CHECK(strcmp(word(&track, "pixel_format"), "yuv420p") == 0);
    CHECK(strcmp(word(&track, "colour.matrix"), "bt709") == 0);
    CHECK(facts_find(&track.facts, "frame_rate")->number == 25);
}

TEST(what_the_container_said_stays)
{
    CLEANUP(track_release) struct media_track track = track_of("h264");
    track.width = 1920;
    track.height = 1080;
    CHECK_OK(facts_add_word(&track.facts, "profile", "Main"));
    CHECK_OK(codec_describe(&track, slice_of(stream, sizeof(stream))));
    CHECK(track.width == 1920);
    CHECK(strcmp(word(&track, "profile"), "Main") == 0);
}

TEST(channels_are_those_of_the_bitstream_where_entries_cannot_say)
{
    /* TrueHD: 7.1 behind a length and a time, sync word, format_info. */
    static const uint8_t truehd[32] = {0,    0,    0,    0,    0xf8, 0x72,
                                       0x6f, 0xba, 0x00, 0x17, 0x80, 0x4f};
    CLEANUP(track_release) struct media_track track = track_of("truehd");
    CLEANUP(track_release) struct media_track speech = track_of("amr_wb");
    track.channels = 2;
    speech.channels = 2;
    CHECK_OK(codec_describe(&track, slice_of(truehd, sizeof(truehd))));
    CHECK_OK(codec_describe(&speech, slice_of(truehd, 0)));
    CHECK(track.channels == 8 && speech.channels == 1);
}

TEST(simple_level_0_of_mpeg4_is_no_level_8)
{
    CLEANUP(track_release) struct media_track track = track_of("mpeg4");
    CHECK_OK(codec_describe(&track, slice_of("\0\0\1\xb0\x08\0\0\1", 8)));
    CHECK(facts_find(&track.facts, "level")->number == 0);
}

TEST(every_truncation_and_every_flipped_byte_is_survived)
{
    uint8_t bytes[sizeof(stream)] = {0};
    for (size_t i = 0; i < sizeof(stream); i++) {
        CLEANUP(track_release) struct media_track cut = track_of("h264");
        CLEANUP(track_release) struct media_track flipped = track_of("h264");
        CHECK_OK(codec_describe(&cut, slice_of(stream, i)));
        memcpy(bytes, stream, sizeof(stream));
        bytes[i] ^= 0xff;
        CHECK_OK(codec_describe(&flipped, slice_of(bytes, sizeof(bytes))));
    }
}

TEST(describing_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        size_t live = mem_fault_live();
        struct media_track track = track_of("h264");
        mem_fault_arm(nth);
        dits_error *err =
            codec_describe(&track, slice_of(stream, sizeof(stream)));
        bool reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        if (err != NULL)
            CHECK_FAILS(DITS_E_NOMEM, err);
        track_release(&track);
        CHECK(mem_fault_live() == live);
        if (!reached)
            return;
    }
}

TEST(a_sample_says_whether_decoding_can_start)
{
    static const struct {
        const char *codec;
        const char *bytes;
        size_t size;
        enum media_sync sync;
        const char *kind;
    } cases[] = {
        {"h264", "\0\0\1\x65\x88", 5, MEDIA_SYNC_YES, "idr"},
        {"h264", "\0\0\1\x41\x9a", 5, MEDIA_SYNC_NO, "not"},
        {"h264", "\0\0\1\x06\6\1\x84\x80\0\0\1\x41\x88", 13, MEDIA_SYNC_PARTIAL,
         "open"},
        {"h264", "\0\0\1\x06\6\1\x84\x80\0\0\1\x41\x9a", 13, MEDIA_SYNC_PARTIAL,
         "gdr"},
        {"hevc", "\0\0\1\x26\1\xaf", 6, MEDIA_SYNC_YES, "idr"},
        {"hevc", "\0\0\1\x2a\1\xaf", 6, MEDIA_SYNC_PARTIAL, "open"},
        {"hevc", "\0\0\1\x02\1\xd0", 6, MEDIA_SYNC_NO, "not"},
        {"vp8", "\x10\2", 2, MEDIA_SYNC_YES, "idr"},
        {"vp9", "\x82\x49", 2, MEDIA_SYNC_YES, "idr"},
        {"vp9", "\x86\0", 2, MEDIA_SYNC_NO, "not"},
        {"mpeg2video", "\0\0\1\0\0\x0f\xff", 7, MEDIA_SYNC_NO, "intra"},
        {"h263", "\0\0\x80\2\x08", 5, MEDIA_SYNC_YES, "idr"},
        {"h263", "\0\0\x80\2\x0a", 5, MEDIA_SYNC_NO, "not"},
        {"h263", "\0\0\x80\2\x1c\x80\0\0", 8, MEDIA_SYNC_YES, "idr"},
        {"h263", "\0\0\x80\2\x1c\x80\0\4", 8, MEDIA_SYNC_NO, "not"},
        {"h263", "\0\0\x80\2", 4, MEDIA_SYNC_NO, "unknown"},
        {"h263", "\0\0\1\2\x08", 5, MEDIA_SYNC_NO, "unknown"},
        {"msmpeg4v2", "\x3f", 1, MEDIA_SYNC_YES, "idr"},
        {"msmpeg4v3", "\x40", 1, MEDIA_SYNC_NO, "not"},
        {"msmpeg4v3", "\x80", 1, MEDIA_SYNC_NO, "unknown"},
        {"prores", "x", 1, MEDIA_SYNC_YES, "intra"},
        {"unknown", "x", 1, MEDIA_SYNC_NO, "unknown"},
        {"h264", "", 0, MEDIA_SYNC_NO, "unknown"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(track_release)
        struct media_track track = track_of(cases[i].codec);
        enum codec_sync_class kind = CODEC_SYNC_UNKNOWN;
        enum media_sync sync = codec_sync_of(
            &track, slice_of(cases[i].bytes, cases[i].size), &kind);
        CHECK(sync == cases[i].sync);
        CHECK(strcmp(codec_sync_class_name(kind), cases[i].kind) == 0);
    }
}

TEST(a_picture_inside_a_prefix_unit_is_seen)
{
    static const uint8_t sample[] = {0, 0, 0, 13, 0x6e, 0xc0, 0x80, 0x0f, 0,
                                     0, 0, 1, 6,  0,    0,    1,    0x65};
    CLEANUP(track_release) struct media_track track = track_of("h264");
    enum codec_sync_class kind = CODEC_SYNC_UNKNOWN;
    track.framing = MEDIA_NAL_LENGTH;
    track.nal_length_size = 4;
    CHECK(codec_sync_of(&track, slice_of(sample, sizeof(sample)), &kind) ==
          MEDIA_SYNC_YES);
    CHECK(kind == CODEC_SYNC_IDR);
}

static dits_error *count_captions(const struct codec_message *message,
                                  void *payload)
{
    if (message->kind == CODEC_MESSAGE_CAPTIONS)
        *(size_t *)payload += message->body.size;
    return NULL;
}

TEST(captions_of_a_sample_are_listed)
{
    static const uint8_t sei[] = {0,    0,    1,   6,    4,    14,   0xb5,
                                  0,    '1',  'G', 'A',  '9',  '4',  3,
                                  0x41, 0xff, 4,   0x14, 0x2c, 0xff, 0x80};
    CLEANUP(track_release) struct media_track track = track_of("h264");
    size_t size = 0;
    CHECK_OK(codec_each_message(&track, slice_of(sei, sizeof(sei)),
                                count_captions, &size));
    CHECK(size == 3);
    CHECK_OK(codec_describe(&track, slice_of(sei, sizeof(sei))));
    CHECK(facts_find(&track.facts, "captions.608") != NULL);
}
