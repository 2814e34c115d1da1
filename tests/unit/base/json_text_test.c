#include "base/json_text.h"

#include <string.h>

#include "support/test.h"

static bool becomes(const char *text, size_t length, const char *wanted)
{
    char out[JSON_TEXT_ROOM] = {0};
    return json_text_next(text, out) == length && strcmp(out, wanted) == 0;
}

TEST(each_kind_of_character_has_its_form)
{
    CHECK(becomes("ab", 1, "a"));
    CHECK(becomes("\"", 1, "\\\""));
    CHECK(becomes("\\", 1, "\\\\"));
    CHECK(becomes("\n", 1, "\\u000a"));
    CHECK(becomes("\x7f", 1, "\\u007f"));
    CHECK(becomes("\xc3\xa9x", 2, "\xc3\xa9"));
    CHECK(becomes("\xf0\x9f\x8e\xac", 4, "\xf0\x9f\x8e\xac"));
}

TEST(what_is_no_utf8_is_replaced_byte_by_byte)
{
    CHECK(becomes("\xff", 1, "\xef\xbf\xbd"));
    CHECK(becomes("\xc3", 1, "\xef\xbf\xbd"));
    CHECK(becomes("\xed\xa0\x80", 1, "\xef\xbf\xbd"));
}
