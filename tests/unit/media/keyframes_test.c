#include "media/keyframes.h"

#include <string.h>

#include "media/formats.h"
#include "support/memory_source.h"
#include "support/test.h"

#define SPS                                                                 \
    0x67, 0x64, 0x00, 0x0a, 0xac, 0xd9, 0x44, 0x7b, 0x01, 0x6a, 0x02, 0x02, \
        0x02, 0x80, 0x00, 0x00, 0x03, 0x00, 0x80, 0x00, 0x00, 0x19, 0x0f,   \
        0x89, 0x12, 0xcb
#define IDR 0, 0, 1, 0x65, 0x88, 0x84
#define OTHER 0, 0, 1, 0x41, 0x9a, 0x24

static const uint8_t stream[] = {0, 0, 0, 1, SPS, IDR, OTHER, OTHER, IDR};

TEST(the_index_of_a_stream_is_confirmed_by_its_pictures)
{
    struct memory_source source = memory_source_over(stream, sizeof(stream));
    CLEANUP(media_closep) struct media_file *file = NULL;
    CLEANUP(keyframes_release) struct keyframes keys = {0};
    CHECK_OK(media_open_as(&media_format_es, &source.base, &file));
    CHECK(file->tracks[0].sample_count == 4);
    CHECK_OK(keyframes_of_track(file, 0, &keys));
    CHECK(keys.source == KEYFRAMES_INDEX && keys.confidence == 100);
    CHECK(keys.count == 2 && keys.list[1].number == 3);
    CHECK(keys.list[0].kind == CODEC_SYNC_IDR);
}

TEST(bytes_without_an_index_are_scanned)
{
    static const uint8_t unit[] = {0, 0, 0, 3, 0x65, 0x88, 0x84,
                                   0, 0, 0, 3, 0x41, 0x9a, 0x24};
    uint8_t bytes[7 + 6 * sizeof(unit)] = {0x21, 0x10, 5, 9, 9, 9, 9};
    for (size_t i = 0; i < 6; i++)
        memcpy(bytes + 7 + i * sizeof(unit), unit, sizeof(unit));
    struct memory_source source = memory_source_over(bytes, sizeof(bytes));
    CLEANUP(keyframes_release) struct keyframes keys = {0};
    CHECK_OK(keyframes_of_bytes(&source.base, 0, sizeof(bytes), &keys));
    CHECK(keys.source == KEYFRAMES_SCAN && keys.is_complete);
    CHECK(keys.count == 6 && keys.list[0].offset == 7);
    CHECK(strcmp(keyframe_source_name(keys.source), "scan") == 0);
}

TEST(where_nothing_is_found_nothing_is_said)
{
    static const uint8_t bytes[64] = {1, 2, 3};
    struct memory_source source = memory_source_over(bytes, sizeof(bytes));
    CLEANUP(keyframes_release) struct keyframes keys = {0};
    CHECK_OK(keyframes_of_bytes(&source.base, 0, sizeof(bytes), &keys));
    CHECK(keys.source == KEYFRAMES_NONE && keys.count == 0);
    CHECK_OK(keyframes_of_bytes(&source.base, 99, 5, &keys));
    CHECK(keys.source == KEYFRAMES_NONE);
}

TEST(every_truncation_of_a_stream_is_survived)
{
    for (size_t size = 1; size <= sizeof(stream); size++) {
        struct memory_source source = memory_source_over(stream, size);
        CLEANUP(media_closep) struct media_file *file = NULL;
        dits_error *err = media_open_as(&media_format_es, &source.base, &file);
        if (err != NULL)
            CHECK_FAILS(DITS_E_UNSUPPORTED, err);
        CLEANUP(keyframes_release) struct keyframes keys = {0};
        CHECK_OK(keyframes_of_bytes(&source.base, 0, size, &keys));
    }
}
