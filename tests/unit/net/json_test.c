#include "net/json.h"

#include <string.h>

#include "support/test.h"

static dits_error *read_text(const char *text, struct json_value **out)
{
    return json_read(slice_of_text(text), 4096, out);
}

TEST(what_is_inside_is_found)
{
    CLEANUP(json_freep) struct json_value *value = NULL;
    int64_t number = 0;
    bool flag = false;
    CHECK_OK(read_text("{\"user\":\"ada\",\"n\":-7,\"is\":true,"
                       "\"list\":[\"x\",{\"y\":1}]}",
                       &value));
    CHECK(strcmp(json_text(json_member(value, "user")), "ada") == 0);
    CHECK(json_number(json_member(value, "n"), &number) && number == -7);
    CHECK(json_flag(json_member(value, "is"), &flag) && flag);
    const struct json_value *list = json_member(value, "list");
    CHECK(json_count(list) == 2);
    CHECK(strcmp(json_text(json_item(list, 0)), "x") == 0);
    CHECK(json_number(json_member(json_item(list, 1), "y"), &number));
}

TEST(another_kind_is_nothing)
{
    CLEANUP(json_freep) struct json_value *value = NULL;
    int64_t number = 5;
    bool flag = false;
    CHECK_OK(read_text("{\"n\":1.5,\"null\":null}", &value));
    CHECK(!json_number(json_member(value, "n"), &number) && number == 5);
    CHECK(!json_flag(json_member(value, "null"), &flag));
    CHECK(json_text(json_member(value, "n")) == NULL);
    CHECK(json_text(json_member(json_member(value, "no"), "no")) == NULL);
    CHECK(json_item(value, 0) == NULL);
    CHECK(json_item(NULL, 0) == NULL);
    CHECK(json_count(value) == 0);
}

TEST(what_is_not_strict_json_is_refused)
{
    static const char *const texts[] = {
        "",        "x",           "{",
        "{}x",     "{\"a\":1,}",  "{\"a\":1,\"a\":2}",
        "{'a':1}", "\"text\"",    "{\"a\":\"\\u0000\"}",
        "[01]",    "{\"\xff\":1", "{\"a\":99999999999999999999}",
        "[NaN]",   "/**/{}",      "{\"a\":\"\xed\xa0\x80\"}",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct json_value *value = NULL;
        CHECK_FAILS(DITS_E_INVALID, read_text(texts[i], &value));
        CHECK(value == NULL);
    }
}

TEST(size_and_depth_are_bounded)
{
    CLEANUP(json_freep) struct json_value *value = NULL;
    struct json_value *none = NULL;
    char deep[2 * JSON_MAX_DEPTH + 3] = {0};
    memset(deep, '[', JSON_MAX_DEPTH);
    memset(deep + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
    CHECK_OK(read_text(deep, &value));
    memset(deep, '[', JSON_MAX_DEPTH + 1);
    memset(deep + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
    CHECK_FAILS(DITS_E_INVALID, read_text(deep, &none));
    CHECK_FAILS(DITS_E_INVALID, json_read(slice_of_text("{   }"), 4, &none));
    CHECK(none == NULL);
}

TEST(brackets_inside_a_text_are_no_depth)
{
    CLEANUP(json_freep) struct json_value *value = NULL;
    char text[128] = "[\"\\\"";
    memset(text + 4, '[', 64);
    strcpy(text + 68, "\"]");
    CHECK_OK(read_text(text, &value));
    CHECK(strlen(json_text(json_item(value, 0))) == 65);
}

TEST(an_error_does_not_say_what_was_read)
{
    struct json_value *none = NULL;
    dits_error *err = read_text("{\"password\":\"canary\" x", &none);
    bool tells = err == NULL || strstr(dits_error_message(err), "canary");
    dits_error_free(err);
    CHECK(!tells);
}
