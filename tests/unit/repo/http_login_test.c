#include "repo/http_login.h"

#include <string.h>

#include "base/text.h"
#include "support/test.h"

static bool is(const char *json, const char *value)
{
    CLEANUP(text_free) char *found = NULL;
    dits_error *err =
        http_login_member(slice_of(json, strlen(json)), "name", &found);
    bool same = err == NULL &&
                (value == NULL ? found == NULL
                               : found != NULL && strcmp(found, value) == 0);
    dits_error_free(err);
    return same;
}

TEST(a_member_is_found_at_the_top_alone)
{
    CHECK(is("{\"name\":\"ada\"}", "ada"));
    CHECK(is(" { \"x\" : [1, {\"name\":\"no\"}], \"name\" : \"ada\" }", "ada"));
    CHECK(is("{\"id\":\"name\",\"name\":\"\"}", ""));
    CHECK(is("{\"token\":{\"name\":\"no\"}}", NULL));
}

TEST(what_is_no_such_text_is_none)
{
    static const char *const none[] = {"",
                                       "{",
                                       "}",
                                       "[[{\"name\":\"a\"}",
                                       "{\"name\"",
                                       "{\"name\":",
                                       "{\"name\":\"a",
                                       "{\"name\":7}",
                                       "{\"name\":\"a\\n\"}",
                                       "{\"name\":\"\xff\"}",
                                       "\"name\":\"a\""};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        CHECK(is(none[i], NULL));
}

TEST(a_refusal_says_what_to_do)
{
    char server[] = "https://nas:443";
    char name[] = "film";
    const struct http_address address = {server, name};
    static const struct {
        int status;
        enum dits_code code;
    } rows[] = {{401, DITS_E_DENIED},
                {403, DITS_E_DENIED},
                {404, DITS_E_NOT_FOUND},
                {429, DITS_E_LIMIT},
                {500, DITS_E_NETWORK}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dits_error *err = http_login_refused(&address, rows[i].status);
        bool has_hint =
            dits_error_hint(err) != NULL &&
            strstr(dits_error_hint(err), "dits login https://nas:443") != NULL;
        CHECK_FAILS(rows[i].code, err);
        CHECK(has_hint == (rows[i].status < 405));
    }
}
