#include "cli/parse.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

struct args {
    bool all;
    bool update;
    const char *message;
    const char *when;
    struct cli_number count;
    struct cli_list tags;
    const char *first;
    struct cli_list rest;
    struct cli_list paths;
};

struct shared {
    bool quiet;
};

static const char *const colors[] = {"auto", "always", NULL};

static const struct cli_option options[] = {
    CLI_SWITCH('a', "all", struct args, all, "all"),
    CLI_SWITCH('u', "update", struct args, update, "update"),
    CLI_STRING('m', "message", "TEXT", struct args, message, "message"),
    CLI_OPTIONAL(0, "color", "WHEN", struct args, when, "colour",
                 .implied = "always", .choices = colors),
    CLI_NUMBER('n', "count", "NUM", struct args, count, "count",
               .flags = CLI_DIGITS),
    CLI_STRINGS('t', "tag", "TAG", struct args, tags, "tags"),
    CLI_OPERAND("FIRST", struct args, first, "first"),
    CLI_OPERANDS("REST", struct args, rest, "rest"),
    CLI_PATHS("PATH", struct args, paths, "paths"),
    CLI_END,
};

static const struct cli_option shared_options[] = {
    CLI_SWITCH('q', "quiet", struct shared, quiet, "quiet"),
    CLI_END,
};

/* Arguments parsed, their lists freed with the test. */
struct parsed {
    struct args args;
    struct shared shared;
};

static void parsed_release(struct parsed *parsed)
{
    const struct option_set own = {options, &parsed->args};
    parse_release(&own);
}

static dits_error *parse(struct parsed *parsed, const char *const *argv)
{
    const struct option_set own = {options, &parsed->args};
    const struct option_set shared = {shared_options, &parsed->shared};
    TRY(parse_command(&own, &shared, argv));
    return parse_check(&own);
}

#define ARGV(...)         \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }

static bool same(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

TEST(options_take_values_in_every_form)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CHECK_OK(parse(&p, ARGV("-am", "one", "--count=3", "-q", "x")));
    CHECK(p.args.all && !p.args.update && p.shared.quiet);
    CHECK(same(p.args.message, "one"));
    CHECK(p.args.count.is_given && p.args.count.value == 3);
    CHECK(same(p.args.first, "x"));

    CLEANUP(parsed_release) struct parsed q = {0};
    CHECK_OK(parse(&q, ARGV("x", "-mtwo", "--count", "4", "--color")));
    CHECK(same(q.args.message, "two"));
    CHECK(q.args.count.value == 4);
    CHECK(same(q.args.when, "always"));
}

TEST(a_switch_is_taken_back_by_no)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CHECK_OK(parse(&p, ARGV("--all", "--update", "--no-all", "x")));
    CHECK(!p.args.all && p.args.update);
    CHECK_FAILS(DITS_E_INVALID, parse(&p, ARGV("--no-message", "x")));
}

TEST(repeated_options_and_operands_become_lists)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CHECK_OK(parse(&p, ARGV("-t", "a", "x", "--tag=b", "y", "-tc", "z")));
    CHECK(p.args.tags.count == 3);
    CHECK(same(p.args.tags.items[0], "a") && same(p.args.tags.items[2], "c"));
    CHECK(p.args.rest.count == 2);
    CHECK(same(p.args.rest.items[0], "y") && same(p.args.rest.items[1], "z"));
}

TEST(paths_come_after_two_dashes)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CHECK_OK(parse(&p, ARGV("x", "--", "-a", "--", "y")));
    CHECK(p.args.paths.is_given && p.args.paths.count == 3);
    CHECK(same(p.args.paths.items[0], "-a"));
    CHECK(!p.args.all && p.args.rest.count == 0);

    CLEANUP(parsed_release) struct parsed q = {0};
    CHECK_OK(parse(&q, ARGV("x", "--")));
    CHECK(q.args.paths.is_given && q.args.paths.count == 0);
}

TEST(a_number_may_be_the_option_itself)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CHECK_OK(parse(&p, ARGV("-12", "x")));
    CHECK(p.args.count.value == 12);
}

TEST(a_dash_alone_is_an_operand)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CHECK_OK(parse(&p, ARGV("-")));
    CHECK(same(p.args.first, "-"));
}

TEST(what_makes_no_sense_is_refused)
{
    static const char *const bad[][3] = {
        {"--al"},      {"-x"},          {"-ax"},           {"--all=1"},
        {"-m"},        {"--count=two"}, {"--count=-1"},    {"--color=pink"},
        {"--message"}, {"-n"},          {"--no-update=1"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CLEANUP(parsed_release) struct parsed p = {0};
        CHECK_FAILS(DITS_E_INVALID, parse(&p, ARGV("first", bad[i][0])));
    }
}

TEST(a_missing_operand_is_named)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CLEANUP(dits_error_freep) dits_error *err = parse(&p, ARGV("--all"));
    CHECK(err != NULL);
    CHECK(same(dits_error_message(err), "FIRST is missing"));
}

TEST(a_mistyped_option_gets_a_hint)
{
    CLEANUP(parsed_release) struct parsed p = {0};
    CLEANUP(dits_error_freep) dits_error *err = parse(&p, ARGV("--udpate"));
    CHECK(err != NULL);
    CHECK(same(dits_error_hint(err), "Did you mean '--update'?"));
}

TEST(front_options_end_at_the_first_operand)
{
    struct shared shared = {0};
    const struct option_set set = {shared_options, &shared};
    const char *const *argv = ARGV("-q", "log", "-q");
    CHECK_OK(parse_front(&set, &argv));
    CHECK(shared.quiet && same(*argv, "log"));
}

TEST(every_failed_allocation_is_told)
{
    for (unsigned n = 1; n <= 3; n++) {
        CLEANUP(parsed_release) struct parsed p = {0};
        mem_fault_arm(n);
        dits_error *err = parse(&p, ARGV("x", "y", "-t", "a", "--", "b"));
        CHECK(mem_fault_disarm());
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}

static const struct cli_option run_options[] = {
    CLI_SWITCH('a', "all", struct args, all, "all"),
    CLI_OPERANDS("REST", struct args, rest, "rest", .implied = "run"),
    CLI_END,
};

TEST(after_the_word_that_says_so_nothing_is_an_option)
{
    struct args args = {0};
    struct shared shared = {0};
    const struct option_set own = {run_options, &args};
    const struct option_set others = {shared_options, &shared};
    static const char *const run[] = {"-a", "run", "x", "-q", "--", "-z", NULL};
    static const char *const stop[] = {"stop", "run", "-q", NULL};
    CHECK_OK(parse_command(&own, &others, run));
    CHECK(args.all && !shared.quiet && args.rest.count == 5);
    CHECK(strcmp(args.rest.items[2], "-q") == 0);
    parse_release(&own);
    args = (struct args){0};
    CHECK_OK(parse_command(&own, &others, stop));
    CHECK(shared.quiet && args.rest.count == 2);
    parse_release(&own);
}
