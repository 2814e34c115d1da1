#include "cli/report.h"

#include <string.h>

#include "support/test.h"

static bool report_is(dits_error *err, const char *wanted)
{
    char text[512] = {0};
    FILE *out = fmemopen(text, sizeof(text), "w");
    if (out == NULL)
        return false;
    report_error(out, "dits", err, false);
    fclose(out);
    dits_error_free(err);
    return strcmp(text, wanted) == 0;
}

TEST(causes_and_hints_follow_the_message)
{
    dits_error *err = error_new(DITS_E_IO, "No such file or directory");
    err = error_hint(error_wrap(err, "no file 'x.mov'"), "See 'dits ls v2'.");
    err = error_wrap(err, "cannot list the chunks of 'x.mov'");
    CHECK(report_is(err, "dits: cannot list the chunks of 'x.mov'\n"
                         "  because no file 'x.mov'\n"
                         "  because No such file or directory\n"
                         "  hint: See 'dits ls v2'.\n"));
}

TEST(names_with_control_characters_keep_to_their_line)
{
    CHECK(report_is(error_new(DITS_E_IO, "cannot open 'a\nb\033[2J'"),
                    "dits: cannot open 'a\\012b\\033[2J'\n"));
}

TEST(a_hint_may_have_several_lines)
{
    dits_error *err = error_new(DITS_E_CONFLICT, "'ab12' is ambiguous");
    CHECK(report_is(error_hint(err, "It may be:\nab12cd\nab12ef"),
                    "dits: 'ab12' is ambiguous\n"
                    "  hint: It may be:\n"
                    "        ab12cd\n"
                    "        ab12ef\n"));
}
