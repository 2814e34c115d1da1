#include "repo/http_address.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

static bool is(const char *url, const char *server, const char *name)
{
    CLEANUP(http_address_release) struct http_address address = {0};
    bool found = false;
    dits_error *err = http_address_parse(url, &found, &address);
    bool same = err == NULL && found && strcmp(address.server, server) == 0 &&
                (name == NULL
                     ? address.name == NULL
                     : address.name != NULL && strcmp(address.name, name) == 0);
    dits_error_free(err);
    return same;
}

TEST(an_address_names_a_server_and_a_repository)
{
    CHECK(is("https://nas/film", "https://nas:443", "film"));
    CHECK(is("https://NAS.example:8443/film.2", "https://nas.example:8443",
             "film.2"));
    CHECK(is("https://[::1]:8443/film", "https://[::1]:8443", "film"));
    CHECK(is("https://nas", "https://nas:443", NULL));
    CHECK(is("https://nas/", "https://nas:443", NULL));
}

TEST(other_kinds_are_left_to_others)
{
    static const char *const urls[] = {"/srv/film", "nas:film", "ssh://nas/x",
                                       "file:///x", ""};
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct http_address address = {0};
        bool found = true;
        CHECK_OK(http_address_parse(urls[i], &found, &address));
        CHECK(!found && address.server == NULL);
    }
}

TEST(what_is_no_address_is_refused)
{
    static const char *const urls[] = {
        "https://",        "https:///film",    "https://ada:x@nas/film",
        "https://nas:/x",  "https://nas:0/x",  "https://nas:65536/x",
        "https://nas:x/x", "https://-nas/x",   "https://[::1/x",
        "https://[]/x",    "https://[::1]x/y", "https://n as/x",
        "https://nas/a/b", "https://nas/a?b",  "https://nas/%41"};
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct http_address address = {0};
        bool found = false;
        CHECK_FAILS(DITS_E_INVALID,
                    http_address_parse(urls[i], &found, &address));
        CHECK(address.server == NULL && address.name == NULL);
    }
}

TEST(what_others_could_read_is_refused)
{
    struct http_address address = {0};
    bool found = false;
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                http_address_parse("http://nas/film", &found, &address));
}

TEST(allocations_may_fail)
{
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(http_address_release) struct http_address address = {0};
        bool found = false;
        mem_fault_arm(nth);
        dits_error *err =
            http_address_parse("https://nas:22/film", &found, &address);
        reached = mem_fault_disarm();
        CHECK(reached ? dits_error_has(err, DITS_E_NOMEM) : err == NULL);
        dits_error_free(err);
    }
}
