#include "repo/config_file.h"

#include <stdio.h>
#include <string.h>

#include <dits/repo.h>

#include "support/mem_fault.h"
#include "support/test.h"

static dits_error *parse(const char *text, struct config_file *out)
{
    return config_file_parse("config", text, strlen(text), out);
}

static bool value_is(const struct config_file *file, const char *key,
                     const char *value)
{
    const char *found = config_file_find(file, key);
    return found == NULL || value == NULL ? found == value
                                          : strcmp(found, value) == 0;
}

TEST(settings_are_read_as_git_reads_them)
{
    CLEANUP(config_file_release) struct config_file file = {0};
    CHECK_OK(parse("\xef\xbb\xbf; a comment\r\n"
                   "[Core]\r\n"
                   "\tFormat = 1 # one\n"
                   "  bare\n"
                   "[remote \"Some \\\"Where\\\"\"]\n"
                   "url = a b\\tc \\\n"
                   "   d\n"
                   "quoted = \" x # y \" z\n"
                   "empty =\n"
                   "[a.B] one = 1\n"
                   "two=2",
                   &file));
    CHECK(value_is(&file, "core.format", "1"));
    CHECK(value_is(&file, "core.bare", "true"));
    CHECK(value_is(&file, "remote.Some \"Where\".url", "a b\tc    d"));
    CHECK(value_is(&file, "remote.Some \"Where\".quoted", " x # y  z"));
    CHECK(value_is(&file, "remote.Some \"Where\".empty", ""));
    CHECK(value_is(&file, "a.b.one", "1"));
    CHECK(value_is(&file, "a.b.two", "2"));
    CHECK(value_is(&file, "core.nothing", NULL));
}

TEST(the_last_of_a_key_wins)
{
    CLEANUP(config_file_release) struct config_file file = {0};
    CHECK_OK(parse("[a]\nx = 1\n[b]\nx = 2\n[a]\nX = 3\n", &file));
    CHECK(value_is(&file, "a.x", "3") && value_is(&file, "b.x", "2"));
}

TEST(what_breaks_the_form_is_refused_with_its_line)
{
    static const struct {
        const char *text;
        const char *line;
    } rows[] = {
        {"x = 1\n", "line 1 "},          {"[a]\n[\n", "line 2 "},
        {"[a]\n\n1 = 2\n", "line 3 "},   {"[a", "line 1 "},
        {"[a \"b]\nx = 1\n", "line 2 "}, {"[a]\nx = \"open\n", "line 2 "},
        {"[a]\nx = \\q\n", "line 2 "},   {"[a]\nx y\n", "line 2 "},
        {"[a]\nx = \xff\n", "line 2 "},  {"[]\n", "line 1 "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CLEANUP(config_file_release) struct config_file file = {0};
        dits_error *err = parse(rows[i].text, &file);
        bool named = err != NULL &&
                     strstr(dits_error_message(err), rows[i].line) != NULL;
        if (!named)
            printf("# row %zu: %s\n", i,
                   err != NULL ? dits_error_message(err) : "taken");
        CHECK_FAILS(DITS_E_CORRUPT, err);
        CHECK(named);
    }
}

TEST(keys_have_one_canonical_form)
{
    static const char *const bad[] = {"",      "a",     "a.",     ".b",  "a.1",
                                      "a b.c", "a.b c", "a.\n.b", "a_.b"};
    char *key = NULL;
    CHECK_OK(config_key_canonical("Remote.Some.Where.URL", &key));
    bool same = strcmp(key, "remote.Some.Where.url") == 0;
    dits_free(key);
    CHECK(same);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, config_key_canonical(bad[i], &key));
}

static bool edit_gives(const char *text, const char *key, const char *value,
                       const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err =
        config_file_edit("config", slice_of_text(text), key, value, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    if (!same)
        printf("# got:\n%s\n", buf_text(&out));
    dits_error_free(err);
    return same;
}

TEST(an_edit_leaves_the_rest_of_the_file_alone)
{
    CHECK(edit_gives("", "a.b", "1", "[a]\n\tb = 1\n"));
    CHECK(edit_gives("# x\n[a]\n b=1 # old\n c = 2\n", "a.b", "3",
                     "# x\n[a]\n\tb = 3\n c = 2\n"));
    CHECK(edit_gives("[a]\nb = 1\n# end\n[c]\nd = 1\n", "a.e", "2",
                     "[a]\nb = 1\n\te = 2\n# end\n[c]\nd = 1\n"));
    CHECK(edit_gives("[a]\nb = 1 \\\n", "c.d", "2",
                     "[a]\nb = 1 \\\n\n[c]\n\td = 2\n"));
    CHECK(edit_gives("[a]\nb = 1", "c.Sub.d", "2",
                     "[a]\nb = 1\n[c \"Sub\"]\n\td = 2\n"));
    CHECK(
        edit_gives("[a] b = 1\nc = 2\n", "a.b", "9", "[a]\n\tb = 9\nc = 2\n"));
    CHECK(
        edit_gives("[a]\nb = 1 \\\n 2\nc = 3\n", "a.b", NULL, "[a]\nc = 3\n"));
    CHECK(
        edit_gives("[a]\nb = 1\nc = 2\nb = 3\n", "a.b", NULL, "[a]\nc = 2\n"));
}

TEST(any_value_survives_being_written_and_read)
{
    static const char *const values[] = {
        "",           " ",     "a # b",  "; c",    "\"quoted\"", "back\\slash",
        "two\nlines", "tab\t", " both ", "ümläut", "\r",         "a\\",
        "\b",         "#"};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        CLEANUP(buf_release) struct buf out = {0};
        CLEANUP(config_file_release) struct config_file file = {0};
        CHECK_OK(config_file_edit("config", slice_of_text("[x]\ny = 1\n"),
                                  "x.y", values[i], &out));
        CHECK_OK(parse(buf_text(&out), &file));
        if (!value_is(&file, "x.y", values[i]))
            printf("# value %zu\n", i);
        CHECK(value_is(&file, "x.y", values[i]) && file.count == 1);
    }
}

TEST(removing_what_is_not_set_is_not_found)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_FAILS(DITS_E_NOT_FOUND,
                config_file_edit("config", slice_of_text("[a]\nb = 1\n"), "a.c",
                                 NULL, &out));
}

TEST(a_section_is_renamed_or_removed_with_all_its_settings)
{
    static const char text[] = "[core]\n\tformat = 1\n[remote \"a.b\"]\n"
                               "\turl = /x\n\tfetch = one\n\tfetch = two\n"
                               "[remote \"a\"]\n\turl = /y\n";
    CLEANUP(buf_release) struct buf out = {0};
    CLEANUP(buf_release) struct buf gone = {0};
    CHECK_OK(config_file_edit_section("config", slice_of_text(text),
                                      "remote.a.b", "remote.c", &out));
    CHECK(strcmp(buf_text(&out),
                 "[core]\n\tformat = 1\n[remote \"a\"]\n\turl = /y\n"
                 "[remote \"c\"]\n\turl = /x\n\tfetch = one\n"
                 "\tfetch = two\n") == 0);
    CHECK_OK(config_file_edit_section("config", slice_of_text(text), "remote.a",
                                      NULL, &gone));
    CHECK(strstr(buf_text(&gone), "/y") == NULL);
    CHECK(strstr(buf_text(&gone), "[remote \"a\"]") == NULL);
    CHECK(strstr(buf_text(&gone), "fetch = two") != NULL);
    CHECK_FAILS(DITS_E_NOT_FOUND,
                config_file_edit_section("config", slice_of_text(text),
                                         "remote.x", NULL, &gone));
}

TEST(a_key_can_have_several_values)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(config_file_edit_add("config", slice_of_text("[a]\nb = 1\n"),
                                  "a.b", "2", &out));
    CHECK(strcmp(buf_text(&out), "[a]\nb = 1\n\tb = 2\n") == 0);
}

TEST(parsing_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        CLEANUP(config_file_release) struct config_file file = {0};
        mem_fault_arm(nth);
        dits_error *err = parse("[a \"b\"]\nx = 1\ny = \"2\"\n", &file);
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
