#include "media/bits.h"

#include "support/test.h"

TEST(bits_come_most_significant_first)
{
    static const uint8_t bytes[] = {0xa5, 0x0f, 0xff, 0x12, 0x34,
                                    0x56, 0x78, 0x9a, 0xbc};
    struct bits bits = bits_over(slice_of(bytes, sizeof(bytes)));
    CHECK(bits_flag(&bits));
    CHECK(bits_take(&bits, 3) == 2);
    CHECK(bits_take(&bits, 8) == 0x50);
    CHECK(bits_take(&bits, 0) == 0);
    CHECK(bits_left(&bits) == 60);
    bits_skip(&bits, 3);
    bits_align(&bits);
    CHECK(bits_take(&bits, 8) == 0xff);
    bits_align(&bits); /* stays where it is */
    CHECK(bits_take_long(&bits, 48) == UINT64_C(0x123456789abc));
    CHECK(bits_left(&bits) == 0 && !bits_are_over(&bits));
}

TEST(past_the_end_there_are_zeros_and_it_is_remembered)
{
    static const uint8_t bytes[] = {0xff};
    struct bits bits = bits_over(slice_of(bytes, 1));
    CHECK(bits_take(&bits, 12) == 0xff0);
    CHECK(bits_are_over(&bits));
    bits = bits_over(slice_of(bytes, 1));
    bits_skip(&bits, UINT64_MAX);
    CHECK(bits_are_over(&bits) && bits_left(&bits) == 0);
    bits = bits_over((struct slice){0});
    CHECK(!bits_are_over(&bits));
    CHECK(!bits_flag(&bits) && bits_are_over(&bits));
}

/* The codes of ISO/IEC 14496-10, tables 9-2 and 9-3. */
TEST(exp_golomb_codes_are_those_of_the_standard)
{
    /* 1 010 011 00100 00101 00110 00111 */
    static const uint8_t bytes[] = {0xa6, 0x42, 0x98, 0xe0};
    struct bits bits = bits_over(slice_of(bytes, sizeof(bytes)));
    for (uint32_t i = 0; i < 7; i++)
        CHECK(bits_ue(&bits) == i);
    static const int32_t numbers[] = {0, 1, -1, 2, -2, 3, -3};
    bits = bits_over(slice_of(bytes, sizeof(bytes)));
    for (size_t i = 0; i < 7; i++)
        CHECK(bits_se(&bits) == numbers[i]);
}

TEST(the_longest_code_is_read_and_a_longer_one_is_not)
{
    /* 31 zeros, a one, 31 ones: 2^32 - 2. */
    static const uint8_t longest[] = {0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t longer[9] = {0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct bits bits = bits_over(slice_of(longest, sizeof(longest)));
    CHECK(bits_ue(&bits) == UINT32_C(0xfffffffe) && !bits_are_over(&bits));
    bits = bits_over(slice_of(longest, sizeof(longest)));
    CHECK(bits_se(&bits) == -INT32_C(0x7fffffff) && !bits_are_over(&bits));
    bits = bits_over(slice_of(longer, sizeof(longer)));
    CHECK(bits_ue(&bits) == 0 && bits_are_over(&bits));
    bits = bits_over(slice_of(longest, 3));
    CHECK(bits_ue(&bits) == 0 && bits_are_over(&bits));
}
