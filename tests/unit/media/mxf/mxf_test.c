#include <string.h>

#include "media/formats.h"
#include "media/media.h"
#include "support/mem_fault.h"
#include "support/memory_source.h"
#include "support/mxf_builder.h"
#include "support/test.h"

static dits_error *open_bytes(struct memory_source *source,
                              struct media_file **out)
{
    return media_open_as(&media_format_mxf, &source->base, out);
}

static dits_error *take_samples(struct media_file *file, uint32_t track,
                                struct media_sample out[4], unsigned *out_count)
{
    struct media_walk *walk = NULL;
    bool found = true;
    dits_error *err = file->format->samples(file, track, &walk);
    *out_count = 0;
    while (err == NULL && found && *out_count < 4) {
        err = file->format->next_sample(walk, &out[*out_count], &found);
        if (err == NULL && found)
            ++*out_count;
    }
    file->format->end_walk(walk);
    return err;
}

/* The spans of all tracks; CORRUPT if they are out of order. */
static dits_error *take_spans(struct media_file *file, struct media_span out[8],
                              unsigned *out_count)
{
    struct media_walk *walk = NULL;
    uint64_t end = 0;
    bool found = true;
    dits_error *err = file->format->spans(file, &walk);
    *out_count = 0;
    while (err == NULL && found) {
        struct media_span span = {0};
        err = file->format->next_span(walk, &span, &found);
        if (err != NULL || !found)
            continue;
        if (span.offset < end || span.offset + span.size > file->source->size)
            err = error_new(DITS_E_CORRUPT, "spans out of order");
        end = span.offset + span.size;
        if (*out_count < 8)
            out[(*out_count)++] = span;
    }
    file->format->end_walk(walk);
    return err;
}

static dits_error *count_node(const struct media_node *node, void *payload)
{
    unsigned *count = payload;
    *count += node->is_damaged ? 0x10000 : 1;
    return NULL;
}

static dits_error *use_all(struct slice bytes)
{
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_sample samples[4];
    struct media_span spans[8];
    unsigned count = 0;
    TRY(open_bytes(&source, &file));
    TRY(take_spans(file, spans, &count));
    for (uint32_t i = 0; i < file->track_count; i++)
        TRY(take_samples(file, i, samples, &count));
    return file->format->tree(file, count_node, &count);
}

static bool is_harmless(dits_error *err)
{
    bool is = err == NULL || dits_error_code(err) == DITS_E_UNSUPPORTED;
    dits_error_free(err);
    return is;
}

static bool has_text(const struct media_facts *facts, const char *name,
                     const char *text)
{
    const struct fact *fact = facts_find(facts, name);
    return fact != NULL && strcmp(fact->text, text) == 0;
}

TEST(tracks_of_the_file_package_are_described)
{
    static const struct mxf_test test = {.run_in = 5};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(mxf_build(&bytes, &test));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK(media_format_mxf.probe(buf_slice(&bytes), bytes.size));
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->problem_count == 0 && file->track_count == 2);
    const struct media_track *video = &file->tracks[0];
    const struct media_track *sound = &file->tracks[1];
    CHECK(strcmp(video->codec, "mpeg2video") == 0 && video->width == 320);
    CHECK(video->sample_count == 3 && video->duration == 3);
    CHECK(video->time_base.num == 1 && video->time_base.den == 25);
    CHECK(has_text(&video->facts, "pixel_format", "yuv420p"));
    CHECK(has_text(&video->facts, "field_order", "progressive"));
    CHECK(has_text(&video->facts, "colour.primaries", "bt709"));
    CHECK(facts_find(&video->facts, "hdr.mastering.max_luminance") != NULL);
    CHECK(strcmp(sound->codec, "pcm_s16le") == 0 && sound->channels == 2);
    CHECK(sound->framing == MEDIA_PCM && sound->sample_bytes == 2);
    CHECK(sound->time_base.den == 100 && sound->duration == 12);
    CHECK(has_text(&file->facts, "operational_pattern", "OP1a"));
    CHECK(has_text(&file->facts, "tag.company_name", "Maker"));
    CHECK(has_text(&file->facts, "timecode", "00:01:00;02"));
}

TEST(elements_that_are_frames_become_samples)
{
    static const struct mxf_test test = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_sample samples[4] = {0};
    struct media_span spans[8] = {0};
    unsigned count = 0;
    CHECK_OK(mxf_build(&bytes, &test));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK_OK(take_samples(file, 0, samples, &count));
    CHECK(count == 3);
    CHECK(samples[0].offset == mxf_build_first_value(buf_slice(&bytes)));
    CHECK(samples[0].size == 40 && samples[2].size == 60);
    CHECK(samples[0].dts == -1 && samples[0].pts == 0);
    CHECK(samples[1].pts == 2 && samples[2].pts == 1);
    CHECK(samples[0].sync == MEDIA_SYNC_YES && samples[1].sync == 0);
    CHECK_OK(take_samples(file, 1, samples, &count));
    CHECK(count == 3 && samples[2].pts == 8 && samples[2].duration == 4);
    CHECK_OK(take_spans(file, spans, &count));
    CHECK(count == 6 && spans[0].size == 40 && spans[1].track == 1);
    CHECK(spans[0].flags == (MEDIA_SPAN_SAMPLE | MEDIA_SPAN_SYNC));
}

TEST(clips_are_cut_by_the_index)
{
    static const struct mxf_test tests[] = {
        {.is_clip = true}, {.is_clip = true, .has_constant = true}};
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(media_closep) struct media_file *file = NULL;
        struct media_span spans[8] = {0};
        unsigned count = 0;
        CHECK_OK(mxf_build(&bytes, &tests[i]));
        struct memory_source source =
            memory_source_over(bytes.data, bytes.size);
        CHECK_OK(open_bytes(&source, &file));
        CHECK(file->track_count == 1);
        CHECK_OK(take_spans(file, spans, &count));
        CHECK(count == 3);
        CHECK(spans[0].size == (i == 0 ? 40u : 50u));
        CHECK(spans[2].size == (i == 0 ? 60u : 50u));
    }
}

TEST(encryption_is_told)
{
    static const struct mxf_test test = {.is_encrypted = true};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    CHECK_OK(mxf_build(&bytes, &test));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->tracks[0].is_encrypted && file->tracks[1].is_encrypted);
}

TEST(tracks_are_guessed_without_metadata)
{
    static const struct mxf_test test = {.has_no_footer = true,
                                         .has_no_tracks = true};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_span spans[8] = {0};
    unsigned count = 0;
    CHECK_OK(mxf_build(&bytes, &test));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK(file->track_count == 2 && file->problem_count == 1);
    CHECK(file->tracks[0].kind == MEDIA_VIDEO);
    CHECK_OK(take_spans(file, spans, &count));
    CHECK(count == 6);
}

TEST(every_klv_is_a_node)
{
    static const struct mxf_test test = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    unsigned count = 0;
    CHECK_OK(mxf_build(&bytes, &test));
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    CHECK_OK(open_bytes(&source, &file));
    CHECK_OK(file->format->tree(file, count_node, &count));
    CHECK(count > 20 && count < 0x10000);
}

TEST(other_bytes_are_refused)
{
    struct memory_source source = memory_source_over("\x06\x0e\x2b\x34", 4);
    struct media_file *file = NULL;
    CHECK_FAILS(DITS_E_UNSUPPORTED, open_bytes(&source, &file));
    source = memory_source_over("", 0);
    CHECK_FAILS(DITS_E_UNSUPPORTED, open_bytes(&source, &file));
}

TEST(no_truncation_makes_trouble)
{
    static const struct mxf_test test = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(mxf_build(&bytes, &test));
    for (size_t size = 0; size < bytes.size; size++)
        CHECK(is_harmless(use_all(slice_of(bytes.data, size))));
}

TEST(no_flipped_byte_makes_trouble)
{
    static const struct mxf_test test = {.is_clip = true};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(mxf_build(&bytes, &test));
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 0xff;
        CHECK(is_harmless(use_all(buf_slice(&bytes))));
        bytes.data[i] ^= 0xff;
    }
}

TEST(every_allocation_may_fail)
{
    static const struct mxf_test test = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    bool reached = true;
    CHECK_OK(mxf_build(&bytes, &test));
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
