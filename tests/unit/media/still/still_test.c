#include <string.h>

#include "media/formats.h"
#include "support/media_bytes.h"
#include "support/test.h"

static dits_error *open_seed(const char *name, struct buf *bytes,
                             struct media_bytes *source,
                             struct media_file **out)
{
    TRY(media_seed("still", name, bytes));
    *source = media_bytes_over(buf_slice(bytes));
    return media_open(&source->source, out);
}

static bool fact_is(const struct media_facts *facts, const char *name,
                    const char *value)
{
    char text[64] = "";
    return strcmp(media_fact(facts, name, text, sizeof(text)), value) == 0;
}

TEST(pixels_are_apart_from_headers)
{
    static const struct {
        const char *seed;
        const char *container;
        uint64_t offset;
        uint64_t size;
    } cases[] = {
        {"dpx", "dpx", 2048, 16},
        {"dpx_little", "dpx", 2048, 16},
        {"cineon", "cineon", 1024, 16},
        {"exr", "exr", 277, 24},
        {"exr_parts", "exr", 531, 16},
        {"tiff", "tiff", 182, 8},
        {"tiff_big_endian", "tiff", 182, 8},
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
        CHECK(walked.span_count == 1);
        CHECK(walked.spans[0].offset == cases[i].offset);
        CHECK(walked.spans[0].size == cases[i].size);
        CHECK(file->tracks[0].kind == MEDIA_IMAGE);
    }
}

TEST(facts_of_pictures_are_found)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = {0};
    CHECK_OK(open_seed("dpx", &bytes, &source, &file));
    CHECK(file->tracks[0].width == 4 && file->tracks[0].height == 2);
    CHECK(fact_is(&file->tracks[0].facts, "timecode", "01:02:03:04"));
    CHECK(fact_is(&file->tracks[0].facts, "bit_depth", "10"));
    CHECK(fact_is(&file->tracks[0].facts, "frame_rate", "24/1"));
    CHECK(fact_is(&file->facts, "camera.model", "cam"));
    CHECK(fact_is(&file->facts, "creation_time", "2020-01-02T03:04:05"));
}

TEST(a_place_is_marked_as_one)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(media_closep) struct media_file *file = NULL;
    struct media_bytes source = {0};
    CHECK_OK(open_seed("tiff", &bytes, &source, &file));
    const struct fact *fact = facts_find(&file->facts, "location.latitude");
    CHECK(fact != NULL && fact->is_location);
    fact = facts_find(&file->facts, "camera.make");
    CHECK(fact != NULL && !fact->is_location);
}

TEST(no_damage_breaks_the_readers)
{
    static const struct {
        const char *seed;
        const struct media_format *format;
    } cases[] = {
        {"dpx", &media_format_dpx},   {"cineon", &media_format_cineon},
        {"exr", &media_format_exr},   {"exr_parts", &media_format_exr},
        {"tiff", &media_format_tiff}, {"bigtiff", &media_format_tiff},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CHECK_OK(media_seed("still", cases[i].seed, &bytes));
        CHECK(
            media_survives_all(cases[i].format, buf_slice(&bytes), bytes.size));
    }
}
