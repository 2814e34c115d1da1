#include <string.h>

#include "media/formats.h"
#include "support/media_bytes.h"
#include "support/test.h"

static dits_error *open_seed(const char *name, struct buf *bytes,
                             struct media_bytes *source,
                             struct media_file **out)
{
    TRY(media_seed("riff", name, bytes));
    *source = media_bytes_over(buf_slice(bytes));
    return media_open(&source->source, out);
}

static bool fact_is(const struct media_facts *facts, const char *name,
                    const char *value)
{
    char text[64] = "";
    return strcmp(media_fact(facts, name, text, sizeof(text)), value) == 0;
}

TEST(sound_is_one_span)
{
    static const struct {
        const char *seed;
        const char *container;
        const char *codec;
        uint64_t offset;
        uint64_t size;
        bool big_endian;
    } cases[] = {
        {"wav", "wav", "pcm_s24le", 838, 24, false},
        {"rf64", "rf64", "pcm_s16le", 80, 24, false},
        {"w64", "w64", "pcm_s16le", 104, 16, false},
        {"adpcm", "wav", "adpcm_ima_wav", 60, 16, false},
        {"aiff", "aiff", "pcm_s16be", 86, 16, true},
        {"aifc", "aifc", "pcm_s16le", 72, 16, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(media_closep) struct media_file *file = NULL;
        struct media_bytes source = {0};
        struct media_walked walked = {0};
        CHECK_OK(open_seed(cases[i].seed, &bytes, &source, &file));
        CHECK(file != NULL && file->track_count == 1);
        CHECK_OK(media_walk_all(file, &walked));
        CHECK(strcmp(file->container, cases[i].container) == 0);
        CHECK(strcmp(file->tracks[0].codec, cases[i].codec) == 0);
        CHECK(file->tracks[0].big_endian == cases[i].big_endian);
        CHECK(walked.span_count == 1);
        CHECK(walked.spans[0].offset == cases[i].offset);
        CHECK(walked.spans[0].size == cases[i].size);
    }
}

TEST(facts_of_broadcast_wave_are_found)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = {0};
    CHECK_OK(open_seed("wav", &bytes, &source, &file));
    CHECK(fact_is(&file->facts, "bext.description", "desc"));
    CHECK(fact_is(&file->facts, "timecode", "01:00:00.000"));
    CHECK(fact_is(&file->facts, "loudness.integrated", "-2300/100"));
    CHECK(fact_is(&file->facts, "bext.coding_history", "A=PCM"));
    CHECK(fact_is(&file->facts, "tag.title", "title"));
    CHECK(fact_is(&file->facts, "marker.frame", "2"));
    CHECK(fact_is(&file->facts, "marker.title", "mark"));
    CHECK(fact_is(&file->facts, "adm.objects", "1"));
    CHECK(fact_is(&file->tracks[0].facts, "channel_layout", "stereo"));
    CHECK(fact_is(&file->tracks[0].facts, "bit_depth", "24"));
}

TEST(an_index_says_which_samples_of_avi_are_sync)
{
    static const char *const seeds[] = {"avi", "opendml"};
    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(media_closep) struct media_file *file = NULL;
        struct media_bytes source = {0};
        struct media_walked walked = {0};
        CHECK_OK(open_seed(seeds[i], &bytes, &source, &file));
        CHECK(file != NULL && file->track_count == 2);
        CHECK_OK(media_walk_all(file, &walked));
        CHECK(walked.span_count == 3);
        CHECK(walked.samples[0].sync == MEDIA_SYNC_YES);
        CHECK(walked.samples[1].sync == MEDIA_SYNC_NO);
        CHECK(walked.samples[1].dts == 1 && walked.samples[1].size == 1);
        CHECK(strcmp(file->tracks[0].codec, "mpeg4") == 0);
        CHECK(fact_is(&file->tracks[0].facts, "frame_rate", "25/1"));
        CHECK(fact_is(&file->tracks[0].facts, "sample_aspect_ratio", "1/1"));
    }
}

TEST(no_damage_breaks_the_readers)
{
    static const struct {
        const char *seed;
        const struct media_format *format;
    } cases[] = {
        {"wav", &media_format_wav},     {"rf64", &media_format_wav},
        {"w64", &media_format_wav},     {"aiff", &media_format_aiff},
        {"aifc", &media_format_aiff},   {"avi", &media_format_avi},
        {"opendml", &media_format_avi},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CHECK_OK(media_seed("riff", cases[i].seed, &bytes));
        CHECK(
            media_survives_all(cases[i].format, buf_slice(&bytes), bytes.size));
    }
}
