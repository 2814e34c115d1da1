#include "media/payload.h"

#include <string.h>

#include "support/memory_source.h"
#include "support/test.h"

/* "frame of a track " four times. */
#define PACKED                                                                 \
    "\x78\x9c\x4b\x2b\x4a\xcc\x4d\x55\xc8\x4f\x53\x48\x54\x28\x29\x4a\x4c\xce" \
    "\x56\x48\x23\x5d\x00\x00\x2d\xdd\x17\x59"

static bool is_text(const struct buf *bytes, const char *text)
{
    return bytes->size == strlen(text) &&
           memcmp(bytes->data, text, bytes->size) == 0;
}

static struct media_sample sample_of(uint32_t size)
{
    return (struct media_sample){.offset = 2, .size = size};
}

TEST(plain_samples_are_as_they_are)
{
    CLEANUP(buf_release) struct buf out = {0};
    struct memory_source source = memory_source_over("..frame", 7);
    struct media_track track = {.framing = MEDIA_NAL_LENGTH};
    struct media_file file = {
        .source = &source.base, .tracks = &track, .track_count = 1};
    struct media_sample sample = sample_of(5);
    CHECK_OK(payload_load(&file, 0, &sample, 100, &out));
    CHECK(is_text(&out, "frame"));
    CHECK_OK(payload_load(&file, 0, &sample, 2, &out));
    CHECK(is_text(&out, "fr"));
    sample.size = 6;
    CHECK_OK(payload_load(&file, 0, &sample, 100, &out));
    CHECK(out.size == 0);
    CHECK(payload_track(&file, 0).framing == MEDIA_NAL_LENGTH);
}

TEST(what_was_stripped_comes_back)
{
    CLEANUP(buf_release) struct buf out = {0};
    struct memory_source source = memory_source_over("..ame", 5);
    struct media_track track = {.packing = {.form = MEDIA_STRIPPED,
                                            .framing = MEDIA_NAL_LENGTH,
                                            .nal_length_size = 4}};
    struct media_file file = {
        .source = &source.base, .tracks = &track, .track_count = 1};
    struct media_sample sample = sample_of(3);
    CHECK_OK(buf_put(&track.packing.front, "fr", 2));
    CHECK_OK(payload_load(&file, 0, &sample, 100, &out));
    CHECK(is_text(&out, "frame"));
    CHECK_OK(payload_load(&file, 0, &sample, 3, &out));
    CHECK(is_text(&out, "fra"));
    CHECK_OK(payload_load(&file, 0, &sample, 1, &out));
    CHECK(is_text(&out, "f"));
    CHECK(payload_track(&file, 0).framing == MEDIA_NAL_LENGTH);
    CHECK(payload_track(&file, 0).nal_length_size == 4);
    buf_release(&track.packing.front);
}

TEST(zlib_is_unpacked)
{
    static const char bytes[] = ".." PACKED;
    CLEANUP(buf_release) struct buf out = {0};
    struct memory_source source = memory_source_over(bytes, sizeof(bytes) - 1);
    struct media_track track = {.packing = {.form = MEDIA_ZLIB}};
    struct media_file file = {
        .source = &source.base, .tracks = &track, .track_count = 1};
    struct media_sample sample = sample_of(sizeof(PACKED) - 1);
    CHECK_OK(payload_load(&file, 0, &sample, 100, &out));
    CHECK(is_text(&out, "frame of a track frame of a track "
                        "frame of a track frame of a track "));
    CHECK_OK(payload_load(&file, 0, &sample, 5, &out));
    CHECK(is_text(&out, "frame"));
}

TEST(what_is_no_zlib_is_nothing)
{
    CLEANUP(buf_release) struct buf out = {0};
    struct memory_source source = memory_source_over("..\xff\xff\xff\xff", 6);
    struct media_track track = {.packing = {.form = MEDIA_ZLIB}};
    struct media_file file = {
        .source = &source.base, .tracks = &track, .track_count = 1};
    struct media_sample sample = sample_of(4);
    CHECK_OK(payload_load(&file, 0, &sample, 100, &out));
    CHECK(out.size == 0);
}
