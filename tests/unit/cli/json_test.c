#include "cli/json.h"

#include <string.h>

#include "support/test.h"

/* What `value` becomes as a member. */
static bool string_is(const char *value, const char *wanted)
{
    char text[256] = {0};
    FILE *out = fmemopen(text, sizeof(text), "w");
    if (out == NULL)
        return false;
    struct json json = json_begin(out);
    json_string(&json, "s", value);
    json_end(&json);
    fclose(out);
    char line[300] = {0};
    (void)snprintf(line, sizeof(line), "{\"s\": %s}\n", wanted);
    return strcmp(text, line) == 0;
}

TEST(strings_stay_valid_json_whatever_is_in_them)
{
    CHECK(string_is("take 1", "\"take 1\""));
    CHECK(string_is("a\"b\\c", "\"a\\\"b\\\\c\""));
    CHECK(string_is("a\nb\tc\x01\x7f", "\"a\\u000ab\\u0009c\\u0001\\u007f\""));
    CHECK(string_is("\xc3\xa9t\xc3\xa9", "\"\xc3\xa9t\xc3\xa9\""));
    CHECK(string_is(NULL, "null"));
}

TEST(bytes_that_are_not_utf8_are_replaced_one_by_one)
{
    CHECK(string_is("a\xff\xfe", "\"a\xef\xbf\xbd\xef\xbf\xbd\""));
    CHECK(string_is("\xc3", "\"\xef\xbf\xbd\""));
    CHECK(
        string_is("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""));
}

TEST(members_and_lists_are_separated)
{
    static const struct dits_oid none = {{0}};
    char text[256] = {0};
    FILE *out = fmemopen(text, sizeof(text), "w");
    CHECK(out != NULL);
    struct json json = json_begin(out);
    json_u64(&json, "n", UINT64_MAX);
    json_i64(&json, "i", -5);
    json_bool(&json, "b", true);
    json_oid(&json, "o", &none);
    json_list_begin(&json, "l");
    json_list_u64(&json, 1);
    json_list_string(&json, "x");
    json_list_end(&json);
    json_list_begin(&json, "e");
    json_list_end(&json);
    json_bool(&json, "z", false);
    json_end(&json);
    fclose(out);
    CHECK(strcmp(text, "{\"n\": 18446744073709551615, \"i\": -5, \"b\": true, "
                       "\"o\": null, \"l\": [1, \"x\"], \"e\": [], "
                       "\"z\": false}\n") == 0);
}
