#include "cli/exchange.h"

#include <inttypes.h>

#include "cli/environment.h"
#include "cli/format.h"

dits_error *exchange_check_depth(struct cli *cli,
                                 const struct cli_number *depth)
{
    if (depth->is_given && depth->value == 0)
        return cli_usage(cli, "'--depth' is at least 1");
    return NULL;
}

void exchange_note_cuts(const struct cli *cli, uint64_t before, uint64_t after)
{
    if (cli->json)
        return;
    if (after > 0)
        cli_note(cli,
                 "the history here is shallow: cut at %" PRIu64 " commit%s",
                 after, plural(after));
    else if (before > 0)
        cli_note(cli, "the history here is whole now");
}

void exchange_note_obliterated(const struct cli *cli, uint64_t count)
{
    if (!cli->json && count > 0)
        cli_note(cli,
                 "%" PRIu64 " version%s of files without content: it was "
                 "obliterated",
                 count, plural(count));
}

struct dits_git exchange_git(const struct cli *cli)
{
    return (struct dits_git){.program = cli->environment->git,
                             .home = cli->environment->home};
}

void exchange_print(FILE *out, const char *done,
                    const struct exchange_counts *counts)
{
    char commits[FORMAT_SIZE];
    char branches[FORMAT_SIZE];
    char tags[FORMAT_SIZE];
    if (counts->commits + counts->branches + counts->tags == 0)
        fputs("Already up to date.\n", out);
    else
        fprintf(out, "%s %s commit%s; %s branch%s and %s tag%s\n", done,
                format_count(counts->commits, commits), plural(counts->commits),
                format_count(counts->branches, branches),
                counts->branches == 1 ? "" : "es",
                format_count(counts->tags, tags), plural(counts->tags));
}

void exchange_print_more(FILE *out, uint64_t count, const char *what)
{
    char number[FORMAT_SIZE];
    if (count > 0)
        fprintf(out, "  %s %s\n", format_count(count, number), what);
}
