#include "media/codec/sound_frame.h"

#include "support/test.h"

#define READ(codec, bytes) \
    sound_frame_reader(codec)(slice_of(bytes, sizeof(bytes) - 1))

static bool is_frame(struct sound_frame frame, uint64_t size, int64_t samples,
                     uint32_t rate)
{
    return frame.size == size && frame.samples == samples && frame.rate == rate;
}

TEST(frames_say_how_long_they_are)
{
    CHECK(is_frame(READ("aac", "\xff\xf1\x4c\x80\x08\x1f\xfc\0"), 64, 1024,
                   48000));
    CHECK(is_frame(READ("mp3", "\xff\xfb\x90\x00...."), 417, 1152, 44100));
    CHECK(is_frame(READ("mp3", "\xff\xfb\x92\x00...."), 418, 1152, 44100));
    CHECK(is_frame(READ("mp3", "\xff\xf3\x84\x00...."), 192, 576, 24000));
    CHECK(is_frame(READ("mp2", "\xff\xfd\xa4\x00...."), 576, 1152, 48000));
    CHECK(is_frame(READ("mp1", "\xff\xff\x40\x00...."), 136, 384, 44100));
    CHECK(is_frame(READ("ac3", "\x0b\x77..\x1c\x40.."), 1536, 1536, 48000));
    CHECK(
        is_frame(READ("eac3", "\x0b\x77\x01\x7f\x34\x87.."), 768, 1536, 48000));
    CHECK(is_frame(READ("eac3", "\x0b\x77\x41\x7f\x34\x87.."), 768, 0, 48000));
}

TEST(a_frame_of_loas_may_leave_its_rate_out)
{
    CHECK(is_frame(READ("aac_latm", "\x56\xe0\x20\0\0\x12\x10\0"), 35, 1024,
                   44100));
    CHECK(is_frame(READ("aac_latm", "\x56\xe0\x20\x80\0\0\0\0"), 35, 1024, 0));
}

TEST(other_bytes_are_no_frame)
{
    CHECK(READ("aac", "\xff\xf1\0\0\0\0\0\0").size == 0);
    CHECK(READ("mp3", "\xff\xfb\xf0\x00").size == 0);
    CHECK(READ("mp3", "\xff\xeb\x90\x00").size == 0);
    CHECK(READ("mp3", "\xff\xf9\x90\x00").size == 0);
    CHECK(READ("mp3", "\xff\xfb\x9c\x00").size == 0);
    CHECK(READ("ac3", "\x0b\x77..").size == 0);
    CHECK(READ("aac_latm", "\x56\xe0").size == 0);
    CHECK(sound_frame_reader("opus") == NULL);
}
