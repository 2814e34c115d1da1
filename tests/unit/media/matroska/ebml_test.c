#include "media/matroska/ebml.h"

#include "support/media_bytes.h"
#include "support/test.h"

TEST(numbers_of_all_sizes_are_read)
{
    uint64_t value = 0;
    CHECK(ebml_vint(slice_of("\x81", 1), false, &value) == 1 && value == 1);
    CHECK(ebml_vint(slice_of("\x40\x02", 2), false, &value) == 2 && value == 2);
    CHECK(ebml_vint(slice_of("\x1a\x45\xdf\xa3", 4), true, &value) == 4);
    CHECK(value == 0x1a45dfa3);
    CHECK(ebml_vint(slice_of("\x01\0\0\0\0\0\0\x07", 8), false, &value) == 8);
    CHECK(value == 7);
}

TEST(numbers_that_are_not_there_are_none)
{
    uint64_t value = 0;
    CHECK(ebml_vint(slice_of("", 0), false, &value) == 0);
    CHECK(ebml_vint(slice_of("\0", 1), false, &value) == 0);
    CHECK(ebml_vint(slice_of("\x40", 1), false, &value) == 0);
}

TEST(an_element_is_cut_where_its_parent_ends)
{
    struct media_bytes bytes = media_bytes_over(slice_of("\xa3\x85"
                                                         "abc",
                                                         5));
    CLEANUP(window_release) struct window window = {.source = &bytes.source};
    struct ebml_element element = {0};
    bool found = false;
    CHECK_OK(ebml_element_at(&window, 0, 5, &element, &found));
    CHECK(found && element.is_cut && element.end == 5 && element.body == 2);
}

TEST(signed_numbers_keep_their_sign)
{
    struct media_bytes bytes =
        media_bytes_over(slice_of("\xfb\x82\xff\xfe", 4));
    CLEANUP(window_release) struct window window = {.source = &bytes.source};
    struct ebml_element element = {0};
    bool found = false;
    int64_t value = 0;
    CHECK_OK(ebml_element_at(&window, 0, 4, &element, &found));
    CHECK_OK(ebml_int(&window, &element, &value));
    CHECK(value == -2);
}
