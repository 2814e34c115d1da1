/*
 * dits log - show the history
 */
#include <string.h>

#include <dits/commit.h>

#include "cli/command.h"
#include "cli/environment.h"
#include "cli/log_walk.h"
#include "cli/revisions.h"
#include "cli/terminal.h"

struct log_args {
    bool oneline;
    bool graph;
    bool all;
    bool reverse;
    bool first_parent;
    bool stat;
    bool name_status;
    bool name_only;
    bool patch;
    bool abbreviate;
    bool decorate;
    bool signatures;
    bool no_notes;
    struct cli_number count;
    struct cli_number skip;
    const char *since;
    const char *until;
    const char *author;
    const char *grep;
    const char *date;
    const char *format;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct log_args, operands,
                 "where to start: 'main', 'v1..main', '^v1'; default: HEAD"),
    CLI_PATHS("PATH", struct log_args, paths,
              "only commits that change one of these"),
    CLI_NUMBER('n', "max-count", "NUM", struct log_args, count,
               "show at most NUM commits; '-5' is short for '-n 5'",
               .flags = CLI_DIGITS),
    CLI_NUMBER(0, "skip", "NUM", struct log_args, skip,
               "leave out the first NUM commits"),
    CLI_SWITCH(0, "oneline", struct log_args, oneline,
               "one line for each commit"),
    CLI_SWITCH(0, "graph", struct log_args, graph,
               "draw how the commits hang together"),
    CLI_SWITCH(0, "all", struct log_args, all, "start at every branch and tag"),
    CLI_SWITCH(0, "reverse", struct log_args, reverse, "oldest first"),
    CLI_SWITCH(0, "first-parent", struct log_args, first_parent,
               "follow only the first parent of merges"),
    CLI_STRING(0, "since", "DATE", struct log_args, since,
               "only commits after DATE: '2026-11-23', '2 weeks ago'"),
    CLI_STRING(0, "after", "DATE", struct log_args, since, "the same",
               .flags = CLI_HIDDEN),
    CLI_STRING(0, "until", "DATE", struct log_args, until,
               "only commits before DATE"),
    CLI_STRING(0, "before", "DATE", struct log_args, until, "the same",
               .flags = CLI_HIDDEN),
    CLI_STRING(0, "author", "TEXT", struct log_args, author,
               "only commits by somebody with TEXT in name or mail"),
    CLI_STRING(0, "grep", "TEXT", struct log_args, grep,
               "only commits with TEXT in the message"),
    CLI_SWITCH(0, "stat", struct log_args, stat,
               "show how much each file changed"),
    CLI_SWITCH(0, "name-status", struct log_args, name_status,
               "show which files changed, and how"),
    CLI_SWITCH(0, "name-only", struct log_args, name_only,
               "show which files changed"),
    CLI_SWITCH('p', "patch", struct log_args, patch,
               "show the changes in full"),
    CLI_STRING(0, "date", "FORMAT", struct log_args, date,
               "show dates so: 'iso', 'relative', 'short', 'unix' ...",
               .choices = date_format_names),
    CLI_STRING(0, "format", "FORMAT", struct log_args, format,
               "'medium', 'oneline', 'short', 'full', 'fuller', or a text "
               "with %h %s %an ..."),
    CLI_STRING(0, "pretty", "FORMAT", struct log_args, format, "the same",
               .flags = CLI_HIDDEN),
    CLI_SWITCH(0, "abbrev-commit", struct log_args, abbreviate,
               "show short ids"),
    CLI_SWITCH(0, "decorate", struct log_args, decorate,
               "show branches and tags also when not on a terminal"),
    CLI_SWITCH(0, "show-signature", struct log_args, signatures,
               "check signatures, and show whose they are"),
    CLI_SWITCH(0, "no-notes", struct log_args, no_notes,
               "do not show notes ('dits notes')"),
    CLI_END,
};

static const char help[] =
    "Shows commits, newest first, starting at HEAD or at the revisions given.\n"
    "'A..B' means: those of B that A does not have.\n";

static dits_error *set_style(struct cli *cli, const struct log_args *args,
                             struct log_walk *walk)
{
    struct commit_style *style = &walk->style;
    style->dates = (struct date_style){
        .now = cli->now, .local_minutes = cli->environment->utc_offset_minutes};
    if (args->date != NULL &&
        !date_format_find(args->date, &style->dates.format))
        return cli_usage(cli, "there is no date format '%s'", args->date);
    style->abbreviates = args->abbreviate || args->oneline;
    style->signatures = args->signatures;
    if (args->oneline)
        style->form = COMMIT_ONELINE;
    else if (args->format != NULL)
        TRY(commit_style_set(style, args->format));

    bool in_template = style->form == COMMIT_TEMPLATE &&
                       strstr(style->template, "%") != NULL;
    if (args->decorate || cli->is_terminal || in_template || cli->json)
        TRY(decorations_read(cli->repo, &style->decorations));
    if (!args->no_notes)
        TRY(dits_notes_open(cli->repo, NULL, &style->notes));
    walk->has_gap = style->form != COMMIT_ONELINE &&
                    style->form != COMMIT_TEMPLATE;
    walk->shows_changes =
        (args->stat || args->name_status || args->name_only || args->patch) &&
        !cli->json;
    walk->changes = (struct diff_style){
        .stat = args->stat,
        .name_status = args->name_status,
        .name_only = args->name_only,
        .patch = args->patch,
        .context_lines = 3,
        .columns = cli->is_terminal ? terminal_width(stdout) : 80,
    };
    return NULL;
}

static dits_error *start_graph(struct log_walk *walk,
                               const struct log_args *args,
                               const struct dits_log_options *wanted)
{
    walk->is_filtered = walk->paths.count > 0 || args->author != NULL ||
                        args->grep != NULL;
    if (walk->is_filtered)
        TRY(shown_collect(walk->cli->repo, wanted, &walk->shown));
    return graph_new(walk->cli->colors, &walk->graph);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct log_args *args = data;
    struct revision_args revisions = {0};
    if (args->count.is_given && args->count.value == 0)
        return NULL;
    if (args->graph && args->reverse)
        return cli_usage(cli, "'--graph' and '--reverse' exclude each other");
    TRY(revisions_split(cli, &args->operands, &args->paths, &revisions));

    CLEANUP(log_walk_release)
    struct log_walk walk = {
        .cli = cli, .paths = revisions.paths, .is_first = true};
    TRY(set_style(cli, args, &walk));
    const struct dits_log_options wanted = {
        .revisions = revisions.revisions,
        .revision_count = revisions.count,
        .all = args->all,
        .paths = revisions.paths,
        .max_count = args->count.value,
        .skip = args->skip.value,
        .since = args->since,
        .until = args->until,
        .author = args->author,
        .grep = args->grep,
        .first_parent = args->first_parent,
        .topological = args->graph,
        .reverse = args->reverse,
    };
    if (args->graph)
        TRY(start_graph(&walk, args, &wanted));
    return dits_log(cli->repo, &wanted, log_walk_show, &walk);
}

const struct cli_command cmd_log = {
    .name = "log",
    .summary = "show the history",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct log_args),
    .run = run,
};
