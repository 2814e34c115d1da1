#include "media/isobmff/isobmff.h"

#include <stdio.h>
#include <string.h>

#include "media/formats.h"
#include "support/media_bytes.h"
#include "support/test.h"

enum { MAX_FILE = 4096 };

/* One of the small files that fuzzing starts from. */
struct fixture {
    uint8_t bytes[MAX_FILE];
    size_t size;
    struct media_bytes source;
    struct media_file *file;
    struct media_walked walked;
};

static void close_fixture(struct fixture *fixture)
{
    media_close(fixture->file);
}

static bool read_seed(struct fixture *fixture, const char *name)
{
    char path[512] = "";
    (void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/isobmff/%s",
                   SOURCE_ROOT, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    fixture->size = fread(fixture->bytes, 1, MAX_FILE, file);
    (void)fclose(file);
    return fixture->size > 0;
}

static dits_error *open_fixture(struct fixture *fixture)
{
    fixture->source = media_bytes_over(slice_of(fixture->bytes, fixture->size));
    TRY(media_open_as(&media_format_isobmff, &fixture->source.source,
                      &fixture->file));
    return media_walk_all(fixture->file, &fixture->walked);
}

/* Put a 32-bit number behind the first `type` in the file. */
static void patch(struct fixture *fixture, const char *type, size_t at,
                  uint32_t number)
{
    uint8_t *found = memmem(fixture->bytes, fixture->size, type, 4);
    for (unsigned i = 0; found != NULL && i < 4; i++)
        found[4 + at + i] = (uint8_t)(number >> (24 - 8 * i));
}

TEST(a_movie_gives_its_samples_with_times_and_its_spans_in_file_order)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "progressive"));
    CHECK_OK(open_fixture(&f));
    CHECK(f.file->track_count == 2 && f.file->problem_count == 0);
    CHECK(f.file->tracks[0].sample_count == 4);
    CHECK(f.walked.sample_count == 4);
    const struct media_sample *s = f.walked.samples;
    CHECK(s[1].dts == 10 && s[1].pts == 0 && s[0].pts == 10);
    CHECK(s[0].sync == MEDIA_SYNC_YES && s[1].sync == MEDIA_SYNC_NO);
    CHECK(s[2].sync == MEDIA_SYNC_PARTIAL && s[3].size == 2);
    CHECK(f.walked.span_count == 6 && f.walked.span_bytes == 60);
}

TEST(pcm_comes_chunk_by_chunk_with_the_frame_size_of_its_description)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "progressive"));
    CHECK_OK(open_fixture(&f));
    CHECK(f.walked.spans[2].track == 1 && f.walked.spans[2].size == 20);
    CHECK(f.file->tracks[1].sample_count == 10);
}

TEST(a_movie_is_found_last_hidden_and_packed)
{
    static const char *const names[] = {"movie-last", "movie-hidden",
                                        "movie-packed"};
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(close_fixture) struct fixture f = {0};
        CHECK(read_seed(&f, names[i]));
        CHECK_OK(open_fixture(&f));
        CHECK(f.file->track_count == 2 && f.walked.span_bytes == 60);
    }
}

TEST(edits_and_references_can_be_asked_for)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CLEANUP(buf_release) struct buf entry = {0};
    struct isobmff_edit edit = {0};
    uint32_t other = 0;
    CHECK(read_seed(&f, "progressive"));
    CHECK_OK(open_fixture(&f));
    CHECK(isobmff_movie_timescale(f.file) == 600);
    CHECK(isobmff_edit_count(f.file, 0) == 1);
    CHECK_OK(isobmff_edit_at(f.file, 0, 0, &edit));
    CHECK(edit.duration == 600 && edit.media_time == 0 && edit.rate == 65536);
    CHECK(isobmff_reference(f.file, 0, 0x63686170, 0, &other) && other == 1);
    CHECK(!isobmff_reference(f.file, 0, 0x63686170, 1, &other));
    CHECK_OK(isobmff_description(f.file, 0, 0, &entry));
    CHECK(entry.size > 8 && memcmp(entry.data + 4, "avc1", 4) == 0);
    CHECK_OK(isobmff_description(f.file, 0, 1, &entry));
    CHECK(entry.size == 0);
}

TEST(edit_lists_say_when_a_track_is_shown)
{
    enum { DURATION = 8, MEDIA_TIME = 12 }; /* in an edit list's payload */
    static const struct {
        size_t at;
        uint32_t number;
        int64_t start;    /* in 600ths of a second */
        int64_t duration; /* the same; -1: that of the media */
    } cases[] = {
        {DURATION, 600, 0, -1},            /* as it is */
        {DURATION, 6, 0, 6},               /* shown in part */
        {MEDIA_TIME, UINT32_MAX, 600, -1}, /* nothing, for a second */
    };
    CLEANUP(close_fixture) struct fixture plain = {0};
    CHECK(read_seed(&plain, "progressive"));
    CHECK_OK(open_fixture(&plain));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(close_fixture) struct fixture f = {0};
        CHECK(read_seed(&f, "progressive"));
        patch(&f, "elst", cases[i].at, cases[i].number);
        CHECK_OK(open_fixture(&f));
        const struct media_track *track = &f.file->tracks[0];
        int64_t scale = track->time_base.den;
        CHECK(track->start == cases[i].start * scale / 600);
        CHECK(track->duration == (cases[i].duration < 0
                                      ? plain.file->tracks[0].duration
                                      : cases[i].duration * scale / 600));
    }
}

TEST(fragments_follow_each_other_in_time)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "fragments"));
    CHECK_OK(open_fixture(&f));
    const struct media_sample *s = f.walked.samples;
    CHECK(isobmff_fragment_count(f.file) == 2);
    CHECK(isobmff_fragment_at(f.file, 1).sequence_number == 2);
    CHECK(isobmff_run_count(f.file) == 4);
    CHECK(isobmff_run_at(f.file, 2).decode_time == 40);
    CHECK(f.walked.sample_count == 8 && f.walked.span_bytes == 44);
    CHECK(s[0].sync == MEDIA_SYNC_YES && s[1].sync == MEDIA_SYNC_NO);
    CHECK(s[3].dts == 30 && s[3].pts == 27 && s[3].size == 7);
    CHECK(s[4].dts == 40 && s[4].number == 4);
}

TEST(fragments_last_as_long_as_their_samples)
{
    enum { DURATION = 16, DECODE_TIME = 8 }; /* behind the type of the box */
    CLEANUP(close_fixture) struct fixture f = {0};
    CLEANUP(close_fixture) struct fixture late = {0};
    CHECK(read_seed(&f, "fragments"));
    patch(&f, "mdhd", DURATION, 20);
    CHECK_OK(open_fixture(&f));
    CHECK(f.file->tracks[0].duration == 80);
    CHECK(read_seed(&late, "fragments"));
    patch(&late, "mdhd", DURATION, 0);
    patch(&late, "tfdt", DECODE_TIME, 30);
    CHECK_OK(open_fixture(&late));
    CHECK(late.file->tracks[0].duration == 50);
}

TEST(a_language_of_no_letters_is_unknown)
{
    enum { LANGUAGE = 20 };
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "progressive"));
    patch(&f, "mdhd", LANGUAGE, 0x7ffe0000);
    CHECK_OK(open_fixture(&f));
    CHECK(strcmp(f.file->tracks[0].language, "und") == 0);
}

TEST(a_segment_without_its_movie_still_has_samples)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "segment"));
    CHECK_OK(open_fixture(&f));
    CHECK(f.file->track_count == 1 && f.file->tracks[0].id == 1);
    CHECK(f.walked.samples[0].dts == 90 && f.walked.span_bytes == 22);
}

TEST(stills_of_one_kind_make_a_track)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "stills"));
    CHECK_OK(open_fixture(&f));
    CHECK(f.file->track_count == 2);
    CHECK(strcmp(f.file->tracks[0].tag, "grid") == 0);
    CHECK(strcmp(f.file->tracks[1].codec, "hevc") == 0);
    CHECK(f.file->tracks[1].sample_count == 2);
    CHECK(f.file->tracks[1].kind == MEDIA_IMAGE);
    CHECK(isobmff_item_id(f.file, 1, 1) == 2);
    CHECK(f.walked.span_bytes == 38);
}

TEST(tables_that_claim_too_much_are_cut_to_what_there_is)
{
    static const char tables[][5] = {"stts", "ctts", "stss", "stsc", "stco"};
    for (size_t i = 0; i < 5; i++) {
        CLEANUP(close_fixture) struct fixture f = {0};
        CHECK(read_seed(&f, "progressive"));
        patch(&f, tables[i], 4, UINT32_MAX);
        CHECK_OK(open_fixture(&f));
        CHECK(f.file->problem_count > 0);
        CHECK(f.file->tracks[0].sample_count == 4);
    }
}

TEST(samples_past_the_end_are_listed_and_get_no_span)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "progressive"));
    patch(&f, "stco", 8, UINT32_MAX);
    CHECK_OK(open_fixture(&f));
    CHECK(f.walked.sample_count == 4 && f.walked.span_bytes == 49);
    CHECK(f.file->problem_count == 1);
}

TEST(samples_that_overlap_go_to_the_earlier_one)
{
    CLEANUP(close_fixture) struct fixture f = {0};
    CHECK(read_seed(&f, "progressive"));
    patch(&f, "stsz", 12, 12);
    CHECK_OK(open_fixture(&f));
    CHECK(f.file->problem_count > 0);
}

TEST(bytes_of_no_box_are_not_of_this_format)
{
    CLEANUP(close_fixture) struct fixture f = {.size = 64};
    memset(f.bytes, 0x55, f.size);
    CHECK_FAILS(DITS_E_UNSUPPORTED, open_fixture(&f));
}

TEST(whatever_happens_to_a_file_is_survived)
{
    static const char *const names[] = {"progressive", "movie-packed",
                                        "fragments", "segment", "stills"};
    for (size_t i = 0; i < 5; i++) {
        struct fixture f = {0};
        CHECK(read_seed(&f, names[i]));
        CHECK(media_survives_all(&media_format_isobmff,
                                 slice_of(f.bytes, f.size), f.size));
    }
}
