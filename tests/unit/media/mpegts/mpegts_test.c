#include <string.h>

#include "media/describe.h"
#include "media/formats.h"
#include "media/media.h"
#include "support/mem_fault.h"
#include "support/memory_source.h"
#include "support/test.h"
#include "support/ts_builder.h"

static dits_error *open_bytes(struct memory_source *source,
                              struct media_file **out)
{
    return media_open_as(&media_format_mpegts, &source->base, out);
}

/* How much a walk over all spans gives of each track, and how many starts. */
struct totals {
    uint64_t bytes[4];
    unsigned starts[4];
    unsigned syncs[4];
    bool is_ordered;
};

static dits_error *walk_spans(struct media_file *file, struct totals *out)
{
    struct media_walk *walk = NULL;
    uint64_t end = 0;
    bool found = true;
    dits_error *err = file->format->spans(file, &walk);
    *out = (struct totals){.is_ordered = true};
    while (err == NULL && found) {
        struct media_span span = {0};
        err = file->format->next_span(walk, &span, &found);
        if (err != NULL || !found || span.track >= 4)
            continue;
        out->bytes[span.track] += span.size;
        out->starts[span.track] += span.flags & MEDIA_SPAN_SAMPLE;
        out->syncs[span.track] += (span.flags & MEDIA_SPAN_SYNC) != 0;
        out->is_ordered = out->is_ordered && span.offset >= end &&
                          span.offset + span.size <= file->source->size;
        end = span.offset + span.size;
    }
    file->format->end_walk(walk);
    return err;
}

static dits_error *take_samples(struct media_file *file, uint32_t track,
                                struct media_sample *out, unsigned max,
                                unsigned *out_count)
{
    struct media_walk *walk = NULL;
    bool found = true;
    dits_error *err = file->format->samples(file, track, &walk);
    *out_count = 0;
    while (err == NULL && found && *out_count < max) {
        err = file->format->next_sample(walk, &out[*out_count], &found);
        if (err == NULL && found)
            ++*out_count;
    }
    file->format->end_walk(walk);
    return err;
}

/* All that can be asked of a file, whatever it is. */
static dits_error *use_all(struct slice bytes)
{
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct totals totals = {0};
    struct media_sample samples[8];
    unsigned count = 0;
    TRY(open_bytes(&source, &file));
    TRY(walk_spans(file, &totals));
    for (uint32_t i = 0; i < file->track_count; i++)
        TRY(take_samples(file, i, samples, 8, &count));
    if (!totals.is_ordered)
        return error_new(DITS_E_CORRUPT, "spans out of order");
    return NULL;
}

static bool is_harmless(dits_error *err)
{
    bool is = err == NULL || dits_error_code(err) == DITS_E_UNSUPPORTED;
    dits_error_free(err);
    return is;
}

TEST(streams_of_a_program_become_tracks)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(ts_build(&bytes));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(strcmp(file->container, "mpegts") == 0);
    CHECK(file->problem_count == 0 && file->track_count == 3);
    const struct media_track *tracks = file->tracks;
    CHECK(strcmp(tracks[0].codec, "h264") == 0);
    CHECK(tracks[0].id == TS_TEST_VIDEO && tracks[0].kind == MEDIA_VIDEO);
    CHECK(tracks[0].framing == MEDIA_NAL_START_CODE);
    CHECK(tracks[0].sample_count == 3 && tracks[0].start == 9000);
    CHECK(tracks[0].duration == 9000 && tracks[0].time_base.den == 90000);
    CHECK(strcmp(tracks[1].codec, "aac") == 0);
    CHECK(strcmp(tracks[1].language, "fra") == 0);
    CHECK(tracks[1].framing == MEDIA_ADTS && tracks[1].intra_only);
    CHECK(strcmp(tracks[2].codec, "scte_35") == 0);
    const struct fact *name = facts_find(&file->facts, "program.name");
    CHECK(name != NULL && strcmp(name->text, "News") == 0);
}

/* Each packet of sound says that it has no time. */
static void take_times_of_sound(struct buf *bytes)
{
    static const uint8_t sound[] = {0, 0, 1, 0xc0};
    for (size_t at = 0; at + 8 < bytes->size; at++)
        if (memcmp(bytes->data + at, sound, sizeof(sound)) == 0)
            bytes->data[at + 7] = 0;
}

TEST(a_stream_without_times_starts_nowhere)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(ts_build(&bytes));
    take_times_of_sound(&bytes);
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[0].start == 9000);
    CHECK(file->tracks[1].start == MEDIA_NO_TIME);
    CHECK(file->tracks[1].duration < 0);
}

TEST(packets_may_have_time_before_or_parity_behind_them)
{
    static const struct {
        size_t lead, trail;
        const char *container;
    } cases[] = {{0, 0, "mpegts"}, {4, 0, "m2ts"}, {0, 16, "mpegts"}};
    CLEANUP(buf_release) struct buf packets = {0};
    CHECK_OK(ts_build(&packets));
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(media_closep) struct media_file *file = NULL;
        struct totals totals = {0};
        CHECK_OK(ts_spread(buf_slice(&packets), cases[i].lead, cases[i].trail,
                           &bytes));
        struct memory_source source =
            memory_source_over(bytes.data, bytes.size);
        CHECK(media_format_mpegts.probe(buf_slice(&bytes), bytes.size));
        CHECK_OK(open_bytes(&source, &file));
        CHECK(strcmp(file->container, cases[i].container) == 0);
        CHECK_OK(walk_spans(file, &totals));
        CHECK(totals.is_ordered);
        CHECK(totals.bytes[0] == 900 && totals.starts[0] == 3);
        CHECK(totals.bytes[1] == 300 && totals.starts[1] == 3);
        CHECK(totals.bytes[2] == 13 && totals.starts[2] == 1);
        CHECK(totals.syncs[0] == 1 && totals.syncs[1] == 3);
    }
}

TEST(samples_have_the_times_of_their_headers)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_sample samples[4] = {0};
    unsigned count = 0;
    CHECK_OK(ts_build(&bytes));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK_OK(take_samples(file, 0, samples, 4, &count));
    CHECK(count == 3 && samples[0].offset == 3 * 188);
    CHECK(samples[0].pts == 9000 && samples[0].dts == 6000);
    CHECK(samples[0].size == 300 && samples[0].sync == MEDIA_SYNC_YES);
    CHECK(samples[1].pts == 15000 && samples[1].sync == MEDIA_SYNC_NO);
    CHECK(samples[1].duration == 3000 && samples[2].duration == -1);
    CHECK_OK(take_samples(file, 2, samples, 4, &count));
    CHECK(count == 1 && samples[0].pts == 6000); /* of the clock */
}

TEST(what_lies_between_packets_is_stepped_over)
{
    CLEANUP(buf_release) struct buf packets = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct totals totals = {0};
    CHECK_OK(ts_build(&packets));
    CHECK_OK(buf_put(&bytes, packets.data, 188 * 9));
    CHECK_OK(buf_put(&bytes, "no packet, though Gs are in it", 30));
    CHECK_OK(buf_put(&bytes, packets.data + 188 * 9, packets.size - 188 * 9));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->problem_count == 1);
    CHECK_OK(walk_spans(file, &totals));
    CHECK(totals.bytes[0] == 900 && totals.bytes[1] == 300);
}

TEST(streams_are_found_without_tables)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(ts_build(&bytes));
    struct memory_source source =
        memory_source_over(bytes.data + 3 * 188, bytes.size - 3 * 188);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->track_count == 2 && file->problem_count == 1);
    CHECK(file->tracks[0].kind == MEDIA_VIDEO);
    CHECK(strcmp(file->tracks[1].codec, "aac") == 0);
}

TEST(tables_with_a_wrong_checksum_are_better_than_none)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(ts_build(&bytes));
    bytes.data[2 * 188 - 1] ^= 1; /* the end of the map */
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->track_count == 3 && file->problem_count > 0);
}

TEST(scrambled_packets_are_taken_as_they_are)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct totals totals = {0};
    CHECK_OK(ts_build(&bytes));
    for (size_t at = 0; at < bytes.size; at += 188)
        if ((bytes.data[at + 1] & 0x1f) == 1 && bytes.data[at + 2] == 0)
            bytes.data[at + 3] |= 0x80;
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[0].is_encrypted && !file->tracks[1].is_encrypted);
    CHECK_OK(walk_spans(file, &totals));
    CHECK(totals.starts[0] == 3 && totals.bytes[0] > 900);
}

TEST(other_bytes_are_refused)
{
    static const char text[1024] = "G is the first letter of this text";
    struct memory_source source = memory_source_over(text, sizeof(text));
    struct media_file *file = NULL;
    CHECK(!media_format_mpegts.probe(slice_of(text, sizeof(text)), 1024));
    CHECK_FAILS(DITS_E_UNSUPPORTED, open_bytes(&source, &file));
    source = memory_source_over("", 0);
    CHECK_FAILS(DITS_E_UNSUPPORTED, open_bytes(&source, &file));
}

TEST(a_failed_read_is_passed_on)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(ts_build(&bytes));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    for (source.fail_at = 1; source.fail_at < 4; source.fail_at++) {
        struct media_file *file = NULL;
        source.reads = 0;
        CHECK_FAILS(DITS_E_IO, open_bytes(&source, &file));
    }
}

TEST(no_truncation_makes_trouble)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(ts_build(&bytes));
    for (size_t size = 0; size < bytes.size; size += size % 188 < 30 ? 1 : 13)
        CHECK(is_harmless(use_all(slice_of(bytes.data, size))));
}

TEST(no_flipped_byte_makes_trouble)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(ts_build(&bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        if (i % 188 > 24 && i % 188 < 145)
            continue;
        bytes.data[i] ^= 0xff;
        CHECK(is_harmless(use_all(buf_slice(&bytes))));
        bytes.data[i] ^= 0xff;
    }
}

TEST(every_allocation_may_fail)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    bool reached = true;
    CHECK_OK(ts_build(&bytes));
    for (unsigned nth = 1; reached; nth++) {
        mem_fault_arm(nth);
        dits_error *err = use_all(buf_slice(&bytes));
        reached = mem_fault_disarm();
        bool is_right = reached ? err != NULL &&
                                      dits_error_code(err) == DITS_E_NOMEM
                                : err == NULL;
        dits_error_free(err);
        CHECK(is_right);
    }
}

/* Sound of `count` packets with `frames` of ADTS each, 48 kHz, from `pts` on.
 */
static dits_error *put_adts(struct buf *out, uint64_t pts, unsigned count,
                            unsigned frames)
{
    for (unsigned i = 0; i < count; i++) {
        CLEANUP(buf_release) struct buf unit = {0};
        struct ts_test_pes pes = {
            .stream_id = 0xc0,
            .pts = (pts + 1920 * (uint64_t)frames * i) & 0x1ffffffff,
            .is_bounded = true,
        };
        for (unsigned frame = 0; frame < frames; frame++) {
            uint8_t bytes[64] = {0xff, 0xf1, 0x4c, 0x80, 0x08, 0x1f, 0xfc};
            TRY(buf_put(&unit, bytes, sizeof(bytes)));
        }
        TRY(ts_put_pes(out, TS_TEST_AUDIO, &pes, buf_slice(&unit)));
    }
    return NULL;
}

/* The tables of ts_build(), and no streams yet. */
static dits_error *put_tables(struct buf *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(ts_build(&bytes));
    return buf_put(out, bytes.data, 3 * (size_t)188);
}

TEST(sound_lasts_as_long_as_its_frames)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(put_tables(&bytes));
    CHECK_OK(put_adts(&bytes, 8000, 3, 7));
    CHECK_OK(put_adts(&bytes, 8000 + 21 * 1920, 1, 2));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[1].start == 8000);
    CHECK(file->tracks[1].duration == 23 * 1920);
}

TEST(times_go_on_when_33_bits_are_full)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    uint64_t start = (UINT64_C(1) << 33) - 5000;
    CHECK_OK(put_tables(&bytes));
    CHECK_OK(put_adts(&bytes, start, 5, 2));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[1].start == (int64_t)start);
    CHECK(file->tracks[1].duration == INT64_C(10) * 1920);
}

/* 0, 8, 4, 2, 1 and so on, and the file ends before the gap is filled. */
TEST(the_last_picture_lasts_as_long_as_the_others)
{
    static const unsigned order[] = {0, 4, 2, 1, 3, 8};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(put_tables(&bytes));
    for (unsigned i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        uint8_t unit[50] = {0, 0, 0, 1, 0x41};
        struct ts_test_pes pes = {.stream_id = 0xe0,
                                  .pts = 9000 + 3600 * (uint64_t)order[i],
                                  .dts = 3600 * (uint64_t)i};
        CHECK_OK(ts_put_pes(&bytes, TS_TEST_VIDEO, &pes,
                            slice_of(unit, sizeof(unit))));
    }
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[0].start == 9000);
    CHECK(file->tracks[0].duration == INT64_C(9) * 3600);
}

TEST(streams_have_the_clock_of_their_program)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(ts_build(&bytes));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[0].clock == TS_TEST_VIDEO);
    CHECK(file->tracks[1].clock == TS_TEST_VIDEO);
    media_close(MOVE(file));
    source = memory_source_over(bytes.data + 3 * 188, bytes.size - 3 * 188);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[0].clock != file->tracks[1].clock);
}

/* A picture of 64 by 48, 25 a second, as x264 writes it. */
static const uint8_t parameters[] = {
    0,    0,    0,    1,    0x67, 0x64, 0x00, 0x0a, 0xac, 0xd9, 0x44, 0x7b,
    0x01, 0x6a, 0x02, 0x02, 0x02, 0x80, 0x00, 0x00, 0x03, 0x00, 0x80, 0x00,
    0x00, 0x19, 0x0f, 0x89, 0x12, 0xcb, 0,    0,    0,    1,    0x68, 0xeb,
    0xe3, 0xcb, 0x22, 0xc0, 0,    0,    1,    0x65, 0x88, 0x84};

TEST(one_picture_lasts_as_its_rate_says)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct ts_test_pes pes = {.stream_id = 0xe0, .pts = 9000, .dts = 5400};
    CHECK_OK(put_tables(&bytes));
    CHECK_OK(ts_put_pes(&bytes, TS_TEST_VIDEO, &pes,
                        slice_of(parameters, sizeof(parameters))));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK_OK(media_describe(file));
    CHECK(file->tracks[0].duration == 3600);
}

/* An IDR picture behind a message that fills the first packet, and more. */
TEST(a_start_of_decoding_may_come_late_in_a_sample)
{
    CLEANUP(media_closep) struct media_file *file = NULL;
    for (size_t fill = 150; fill < 190; fill++) {
        CLEANUP(buf_release) struct buf unit = {0};
        CLEANUP(buf_release) struct buf bytes = {0};
        struct media_sample samples[3] = {0};
        unsigned count = 0;
        struct ts_test_pes pes = {.stream_id = 0xe0, .pts = 9000, .dts = 5400};
        CHECK_OK(buf_put(&unit, "\0\0\1\x06", 4));
        for (size_t i = 0; i < fill; i++)
            CHECK_OK(buf_put_u8(&unit, 0x55));
        CHECK_OK(buf_put(&unit, parameters, sizeof(parameters)));
        CHECK_OK(put_tables(&bytes));
        CHECK_OK(ts_put_pes(&bytes, TS_TEST_VIDEO, &pes, buf_slice(&unit)));
        CHECK_OK(ts_put_pes(&bytes, TS_TEST_VIDEO, &pes,
                            slice_of(unit.data, fill + 4)));
        struct memory_source source =
            memory_source_over(bytes.data, bytes.size);
        CHECK_OK(open_bytes(&source, &file));
        CHECK_OK(take_samples(file, 0, samples, 3, &count));
        CHECK(count == 2 && samples[0].sync == MEDIA_SYNC_YES);
        CHECK(samples[1].sync == MEDIA_SYNC_NO);
        media_close(MOVE(file));
    }
}
