#include "cli/manual.h"

#include <string.h>

#include "support/test.h"

struct args {
    bool all;
    struct cli_number count;
    const char *file;
};

static const struct cli_option options[] = {
    CLI_OPERAND("FILE", struct args, file, "the file"),
    CLI_SWITCH('a', "all", struct args, all, "all of a_b*"),
    CLI_SWITCH(0, "every", struct args, all, "the same", .flags = CLI_HIDDEN),
    CLI_NUMBER('n', NULL, "NUM", struct args, count, "how many"),
    CLI_END,
};

static const struct cli_command command = {
    .name = "try",
    .summary = "try it",
    .help = "Tries it:\n\n    dits try x\n",
    .options = options,
};

static const struct cli_command *const commands[] = {&command, NULL};

static const struct cli_program program = {
    .name = "dits", .summary = "Tries.", .commands = commands};

static bool page_is(const char *page, const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = manual_expand(&program, &command, page, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(marks_are_replaced_and_all_else_stays)
{
    CHECK(page_is("# NAME\n\n@SUMMARY@\n", "# NAME\n\ndits-try - try it\n"));
    CHECK(page_is("@SYNOPSIS@\n", "dits try [OPTIONS] FILE\n"));
    CHECK(page_is("mail me@here.org\n", "mail me@here.org\n"));
}

TEST(examples_in_the_help_are_kept_as_they_are)
{
    CHECK(page_is("@DESCRIPTION@\n", "Tries it:\n\n```\ndits try x\n```\n"));
}

TEST(options_come_from_the_table_without_the_hidden_ones)
{
    CHECK(page_is("@OPTIONS@\n",
                  "*FILE*\n\tthe file\n\n"
                  "*-a, --all*\n\tall of a\\_b\\*\n\n"
                  "*-n NUM*\n\thow many\n\n"
                  "*-h*, *--help*\n\tlist the options; show the whole help\n\n"
                  "The options of all commands are in *dits*(1).\n"));
}

TEST(an_unknown_mark_is_an_error)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_FAILS(DITS_E_INVALID,
                manual_expand(&program, &command, "@OPTION@\n", &out));
}
