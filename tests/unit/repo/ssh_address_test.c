#include "repo/ssh_address.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

static bool is(const char *url, const char *host, const char *port,
               const char *command)
{
    CLEANUP(ssh_address_release) struct ssh_address address = {0};
    CLEANUP(buf_release) struct buf text = {0};
    bool found = false;
    dits_error *err = ssh_address_parse(url, &found, &address);
    if (err == NULL && found)
        err = ssh_address_command(&address, &text);
    bool same = err == NULL && found && strcmp(address.host, host) == 0 &&
                (port == NULL ? address.port == NULL
                              : address.port != NULL &&
                                    strcmp(address.port, port) == 0) &&
                strcmp(buf_text(&text), command) == 0;
    dits_error_free(err);
    return same;
}

TEST(addresses_name_a_host_and_a_path)
{
    CHECK(is("ssh://nas/srv/film", "nas", NULL,
             "dits serve --stdio '/srv/film'"));
    CHECK(is("ssh://ada@nas:2222/film", "ada@nas", "2222",
             "dits serve --stdio '/film'"));
    CHECK(is("ssh://[::1]:22/film", "::1", "22", "dits serve --stdio '/film'"));
    CHECK(is("ssh://ada@[fe80::1]/film", "ada@fe80::1", NULL,
             "dits serve --stdio '/film'"));
    CHECK(is("nas:film", "nas", NULL, "dits serve --stdio 'film'"));
    CHECK(is("ada@nas:/srv/a b", "ada@nas", NULL,
             "dits serve --stdio '/srv/a b'"));
}

TEST(a_path_is_one_word_whatever_it_is)
{
    CHECK(is("nas:it's; rm -rf /", "nas", NULL,
             "dits serve --stdio 'it'\\''s; rm -rf /'"));
    CHECK(is("ssh://nas/~/film", "nas", NULL, "dits serve --stdio ~/'film'"));
    CHECK(is("nas:~ada/film", "nas", NULL, "dits serve --stdio ~ada/'film'"));
    CHECK(is("nas:~", "nas", NULL, "dits serve --stdio ~"));
    CHECK(is("nas:~$(x)/film", "nas", NULL, "dits serve --stdio '~$(x)/film'"));
}

static bool is_refused(const char *url)
{
    CLEANUP(ssh_address_release) struct ssh_address address = {0};
    bool found = false;
    CLEANUP(dits_error_freep)
    dits_error *err = ssh_address_parse(url, &found, &address);
    return dits_error_has(err, DITS_E_INVALID);
}

TEST(nothing_can_be_taken_for_an_option)
{
    CHECK(is_refused("ssh://-oProxyCommand=x/film"));
    CHECK(is_refused("ssh://ada@-oProxyCommand=x/film"));
    CHECK(is_refused("-oProxyCommand=x:film"));
    CHECK(is_refused("nas:-film"));
    CHECK(is_refused("nas:"));
    CHECK(is_refused("ssh://nas"));
    CHECK(is_refused("ssh:///film"));
    CHECK(is_refused("ssh://nas:0/film"));
    CHECK(is_refused("ssh://nas:x/film"));
    CHECK(is_refused("ssh://nas:-p/film"));
    CHECK(is_refused("ssh://a b/film"));
    CHECK(is_refused("nas:a\nb"));
}

TEST(other_addresses_are_of_another_kind)
{
    static const char *const others[] = {"/film", "./a:b", "film",
                                         "https://nas/film", "http://x:80/"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        CLEANUP(ssh_address_release) struct ssh_address address = {0};
        bool found = true;
        CHECK_OK(ssh_address_parse(others[i], &found, &address));
        CHECK(!found);
    }
}

TEST(allocations_may_fail)
{
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(ssh_address_release) struct ssh_address address = {0};
        bool found = false;
        mem_fault_arm(nth);
        dits_error *err =
            ssh_address_parse("ssh://ada@nas:22/film", &found, &address);
        reached = mem_fault_disarm();
        CHECK(reached ? dits_error_has(err, DITS_E_NOMEM) : err == NULL);
        dits_error_free(err);
    }
}
