#include <string.h>

#include "media/formats.h"
#include "support/media_bytes.h"
#include "support/test.h"

static dits_error *open_bytes(struct buf *bytes, struct media_bytes *source,
                              struct media_file **out)
{
    *source = media_bytes_over(buf_slice(bytes));
    return media_open(&source->source, out);
}

static bool fact_is(const struct media_facts *facts, const char *name,
                    const char *value)
{
    char text[64] = "";
    return strcmp(media_fact(facts, name, text, sizeof(text)), value) == 0;
}

TEST(tracks_have_codec_and_framing)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = {0};
    CHECK_OK(media_seed("matroska", "all", &bytes));
    CHECK_OK(open_bytes(&bytes, &source, &file));
    CHECK(file != NULL && strcmp(file->container, "matroska") == 0);
    CHECK(file->track_count == 4);
    const struct media_track *video = &file->tracks[0];
    CHECK(strcmp(video->codec, "h264") == 0 && video->kind == MEDIA_VIDEO);
    CHECK(video->framing == MEDIA_NAL_LENGTH && video->nal_length_size == 4);
    CHECK(video->width == 320 && video->height == 180);
    CHECK(video->sample_count == 2 && video->duration == 80);
    const struct media_track *sound = &file->tracks[1];
    CHECK(strcmp(sound->codec, "pcm_s16le") == 0 && !sound->big_endian);
    CHECK(sound->framing == MEDIA_PCM && sound->sample_bytes == 2);
    CHECK(file->tracks[2].framing == MEDIA_OPAQUE);
    CHECK(file->problem_count == 0);
}

TEST(facts_of_file_and_tracks_are_found)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = {0};
    CHECK_OK(media_seed("matroska", "all", &bytes));
    CHECK_OK(open_bytes(&bytes, &source, &file));
    const struct media_facts *video = &file->tracks[0].facts;
    CHECK(fact_is(&file->facts, "title", "t"));
    CHECK(fact_is(&file->facts, "duration", "1/1"));
    CHECK(
        fact_is(&file->facts, "creation_time", "2004-03-03T09:46:40.000000Z"));
    CHECK(fact_is(&file->facts, "chapter.title", "one"));
    CHECK(fact_is(&file->facts, "attachment.name", "a.ttf"));
    CHECK(fact_is(&file->facts, "tag.TITLE", "x"));
    CHECK(fact_is(video, "frame_rate", "25/1"));
    CHECK(fact_is(video, "colour.primaries", "bt2020"));
    CHECK(fact_is(video, "colour.transfer", "smpte2084"));
    CHECK(fact_is(video, "colour.matrix", "bt2020nc"));
    CHECK(fact_is(video, "hdr.mastering.max_luminance", "1000/1"));
    CHECK(fact_is(video, "dolby_vision.profile", "8"));
    CHECK(fact_is(video, "projection", "equirectangular"));
    CHECK(fact_is(video, "tag.DURATION", "1"));
    CHECK(fact_is(video, "tag.DURATION/IN", "2"));
    CHECK(fact_is(&file->tracks[2].facts, "compression", "header-stripping"));
    CHECK(file->tracks[2].packing.form == MEDIA_STRIPPED);
    CHECK(file->tracks[2].packing.front.size > 0);
    CHECK(file->tracks[0].packing.form == MEDIA_PLAIN);
}

TEST(frames_of_laces_are_spans)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = {0};
    struct media_walked walked = {0};
    CHECK_OK(media_seed("matroska", "open_segment", &bytes));
    CHECK_OK(open_bytes(&bytes, &source, &file));
    CHECK_OK(media_walk_all(file, &walked));
    CHECK(walked.span_count == 12 && walked.span_bytes == 32);
    CHECK(walked.spans[0].flags == (MEDIA_SPAN_SAMPLE | MEDIA_SPAN_SYNC));
    CHECK(walked.spans[1].track == 1 && walked.spans[1].size == 1);
    CHECK(walked.spans[4].flags == MEDIA_SPAN_SAMPLE); /* it has a reference */
    CHECK(walked.samples[1].pts == 40 && walked.samples[1].duration == 40);
    CHECK(walked.samples[1].sync == MEDIA_SYNC_NO);
}

TEST(a_walk_goes_on_at_the_cluster_behind_damage)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = {0};
    struct media_walked walked = {0};
    CHECK_OK(media_seed("matroska", "open_segment", &bytes));
    uint8_t *cluster = memmem(bytes.data, bytes.size, "\x1f\x43\xb6\x75", 4);
    CHECK(cluster != NULL);
    memset(cluster + 8, 0, 6); /* time and first block of the first cluster */
    CHECK_OK(open_bytes(&bytes, &source, &file));
    CHECK_OK(media_walk_all(file, &walked));
    CHECK(file->problem_count > 0);
    CHECK(walked.span_count == 4 && walked.spans[3].track == 3);
}

TEST(what_is_no_ebml_is_unsupported)
{
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = media_bytes_over(slice_of("RIFFabcd", 8));
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                media_open_as(&media_format_matroska, &source.source, &file));
}

TEST(no_damage_breaks_the_reader)
{
    static const char *const seeds[] = {"all", "private", "seek"};
    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CHECK_OK(media_seed("matroska", seeds[i], &bytes));
        CHECK(media_survives_all(&media_format_matroska, buf_slice(&bytes),
                                 bytes.size));
    }
}
