#include "media/isobmff/children.h"

#include <string.h>

#include "support/box_maker.h"
#include "support/test.h"

TEST(children_come_in_order_with_their_payloads)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    boxes_whole(&boxes, "frma", "avc1", 4);
    boxes_whole(&boxes, "uuid", "0123456789abcdefxy", 18);
    struct children children = children_of(buf_slice(&boxes));
    struct child child = {0};
    CHECK(children_next(&children, &child));
    CHECK(child.type == FOURCC('f', 'r', 'm', 'a'));
    CHECK(slice_equal(child.payload, slice_of_text("avc1")));
    CHECK(children_next(&children, &child));
    CHECK(memcmp(child.uuid, "0123456789abcdef", 16) == 0);
    CHECK(slice_equal(child.payload, slice_of_text("xy")));
    CHECK(!children_next(&children, &child));
    CHECK(!children_next(&children, &child));
}

TEST(a_child_that_claims_too_much_is_cut)
{
    static const uint8_t box[] = {0, 0, 1, 0, 'f', 'r', 'e', 'e', 1, 2};
    struct children children = children_of(slice_of(box, sizeof(box)));
    struct child child = {0};
    CHECK(children_next(&children, &child));
    CHECK(child.is_cut && child.payload.size == 2);
    CHECK(!children_next(&children, &child));
}

TEST(a_size_without_sense_ends_the_list)
{
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"\0\0\0\0free", 8},          {"\0\0\0\7free", 8},
        {"\0\0\0\1free\0\0\0\0", 12}, {"\0\0\0\1free\0\0\0\0\0\0\0\x0f", 16},
        {"\0\0\0\x08uuid", 8},        {"\0\0\0", 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct children children =
            children_of(slice_of(cases[i].bytes, cases[i].size));
        struct child child = {0};
        CHECK(!children_next(&children, &child));
    }
}

TEST(a_large_size_is_read)
{
    static const uint8_t box[] = {0, 0, 0, 1, 'w', 'i', 'd', 'e', 0,
                                  0, 0, 0, 0, 0,   0,   17,  42};
    struct slice found =
        children_find(slice_of(box, sizeof(box)), FOURCC('w', 'i', 'd', 'e'));
    CHECK(found.size == 1 && found.data[0] == 42);
}

TEST(types_are_shown_without_what_cannot_be_printed)
{
    char text[5] = "";
    fourcc_text(0xa96e616d, text);
    CHECK(strcmp(text, "?nam") == 0);
}
