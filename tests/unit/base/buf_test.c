#include "base/buf.h"

#include <string.h>

#include "base/cursor.h"
#include "support/mem_fault.h"
#include "support/test.h"

TEST(what_is_put_is_read_back)
{
    CLEANUP(buf_release) struct buf buf = {0};
    CHECK_OK(buf_put_u8(&buf, 7));
    CHECK_OK(buf_put_le32(&buf, 0x01020304));
    CHECK_OK(buf_put_varint(&buf, UINT64_MAX));
    CHECK_OK(buf_put_varint(&buf, 127));

    struct cursor in = cursor_over(buf.data, buf.size);
    uint8_t small = 0;
    uint32_t word = 0;
    uint64_t large = 0;
    CHECK_OK(cursor_u8(&in, &small));
    CHECK_OK(cursor_le32(&in, &word));
    CHECK(small == 7 && word == 0x01020304);
    CHECK_OK(cursor_varint(&in, &large));
    CHECK(large == UINT64_MAX);
    CHECK_OK(cursor_varint(&in, &large));
    CHECK(large == 127);
    CHECK_OK(cursor_end(&in));
}

TEST(numbers_in_a_longer_form_are_refused)
{
    static const uint8_t padded[] = {0x80, 0x00};
    static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0x02};
    uint64_t value = 0;
    struct cursor in = cursor_over(padded, sizeof(padded));
    CHECK_FAILS(DITS_E_CORRUPT, cursor_varint(&in, &value));
    in = cursor_over(huge, sizeof(huge));
    CHECK_FAILS(DITS_E_CORRUPT, cursor_varint(&in, &value));
    CHECK(cursor_left(&in) == sizeof(huge));
}

TEST(a_limited_buffer_stops_at_its_limit)
{
    CLEANUP(buf_release) struct buf buf = buf_limited(100);
    char bytes[100] = {0};
    CHECK_OK(buf_put(&buf, bytes, 100));
    CHECK_FAILS(DITS_E_LIMIT, buf_put(&buf, bytes, 1));
    CHECK(buf.size == 100);
}

TEST(text_is_formatted_at_the_end)
{
    CLEANUP(buf_release) struct buf buf = {0};
    CHECK(strcmp(buf_text(&buf), "") == 0);
    for (int i = 0; i < 40; i++)
        CHECK_OK(buf_printf(&buf, "%d,", i));
    CHECK(strncmp(buf_text(&buf), "0,1,2,3,", 8) == 0);
    CHECK(strlen(buf_text(&buf)) == buf.size);
}
