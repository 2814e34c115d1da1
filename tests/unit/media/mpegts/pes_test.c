#include "media/mpegts/pes.h"

#include "support/test.h"

static size_t size_of(const char *bytes, size_t size)
{
    return pes_header_size(slice_of(bytes, size));
}

TEST(a_header_says_how_much_of_it_has_to_be_seen)
{
    static const char bytes[] = "\0\0\1\xe0\0\0\x80\x80\x05";
    CHECK(size_of(bytes, 0) == 6);
    CHECK(size_of(bytes, 6) == 7);
    CHECK(size_of(bytes, 7) == 9);
    CHECK(size_of(bytes, 9) == 14);
    CHECK(size_of("\0\0\1\xbe\0\4....", 10) == 6); /* padding */
    CHECK(size_of("\0\0\2\xe0", 4) == 0);
    CHECK(size_of("\0\0\1\x80\0\0", 6) == 0);
}

TEST(times_and_length_are_read)
{
    static const char bytes[] = "\0\0\1\xe0\0\x12\x80\xc0\x0a"
                                "\x31\0\1\x04\x01\x11\0\1\x02\x01";
    struct pes_header header = pes_header_parse(slice_of(bytes, 19));
    CHECK(header.stream_id == 0xe0 && header.is_bounded);
    CHECK(header.payload_size == 5);
    CHECK(header.has_pts && header.pts == 0x200);
    CHECK(header.has_dts && header.dts == 0x100);
}

TEST(headers_of_mpeg_1_are_read)
{
    static const char bytes[] = "\0\0\1\xc0\0\x10\xff\xff\x40\x20"
                                "\x21\0\1\x04\x01";
    CHECK(size_of(bytes, 15) == 15);
    struct pes_header header = pes_header_parse(slice_of(bytes, 15));
    CHECK(header.has_pts && header.pts == 0x200 && !header.has_dts);
    CHECK(header.payload_size == 7);
    CHECK(size_of("\0\0\1\xc0\0\x10\x0f", 7) == 7);
}

TEST(a_clock_of_33_bits_is_carried_on)
{
    int64_t wrap = INT64_C(1) << 33;
    CHECK(pes_time_unwrap(wrap - 10, 5) == wrap + 5);
    CHECK(pes_time_unwrap(wrap + 5, (uint64_t)wrap - 10) == wrap - 10);
    CHECK(pes_time_unwrap(100, 50) == 50);
    CHECK(pes_time_unwrap(5, (uint64_t)wrap - 10) == -10);
}
