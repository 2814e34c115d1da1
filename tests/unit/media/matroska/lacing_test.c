#include "media/matroska/lacing.h"

#include "support/test.h"

TEST(a_block_without_lacing_is_one_frame)
{
    struct lace lace = {0};
    CHECK(lace_parse(slice_of("\x81\0\x05\x80xyz", 7), 7, &lace));
    CHECK(lace.track == 1 && lace.time == 5 && lace.is_key);
    CHECK(lace.count == 1 && lace.header == 4 && lace.sizes[0] == 3);
}

TEST(xiph_sizes_go_on_while_bytes_are_255)
{
    uint8_t block[4 + 1 + 2 + 256 + 1] = {0x81, 0, 0, 2, 1, 255, 1};
    struct lace lace = {0};
    CHECK(lace_parse(slice_of(block, sizeof(block)), sizeof(block), &lace));
    CHECK(lace.count == 2 && lace.sizes[0] == 256 && lace.sizes[1] == 1);
}

TEST(fixed_sizes_divide_the_block)
{
    struct lace lace = {0};
    CHECK(lace_parse(slice_of("\x81\0\0\x04\x02"
                              "abcdef",
                              11),
                     11, &lace));
    CHECK(lace.count == 3 && lace.sizes[2] == 2);
    CHECK(!lace_parse(slice_of("\x81\0\0\x04\x02"
                               "abcde",
                               10),
                      10, &lace));
}

TEST(ebml_sizes_are_differences)
{
    struct lace lace = {0};
    /* 3, then 3 - 1, then what is left */
    CHECK(lace_parse(slice_of("\x81\0\0\x06\x02\x83\xbe"
                              "abcdef",
                              13),
                     13, &lace));
    CHECK(lace.sizes[0] == 3 && lace.sizes[1] == 2 && lace.sizes[2] == 1);
}

TEST(sizes_that_do_not_add_up_are_refused)
{
    static const struct {
        const char *block;
        size_t size;
    } cases[] = {
        {"", 0},
        {"\x81\0\0", 3},
        {"\x81\0\0\x02", 4},
        {"\x81\0\0\x02\x01\x09z", 7},     /* more than there is */
        {"\x81\0\0\x02\x01\xff", 6},      /* a size without an end */
        {"\x81\0\0\x06\x02\x81\x80z", 8}, /* below nothing */
        {"\x81\0\0\x06\x01\0z", 7},       /* no number */
    };
    struct lace lace = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(!lace_parse(slice_of(cases[i].block, cases[i].size),
                          cases[i].size, &lace));
}
