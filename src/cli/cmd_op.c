/*
 * dits op - the operation log
 */
#include <inttypes.h>

#include <dits/operation.h>

#include "cli/color.h"
#include "cli/command.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/operations.h"
#include "cli/paths.h"

struct op_args {
    const char *action;
    struct cli_number count;
    const char *date;
};

static const char *const actions[] = {"log", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct op_args, action,
                "'log': list the operations, newest first", .choices = actions),
    CLI_NUMBER('n', "max-count", "NUM", struct op_args, count,
               "show at most NUM operations", .flags = CLI_DIGITS),
    CLI_STRING(0, "date", "FORMAT", struct op_args, date,
               "show dates so: 'iso', 'relative', 'short', 'unix' ...",
               .choices = date_format_names),
    CLI_END,
};

static const char help[] =
    "Lists every command that changed the repository, with the number that\n"
    "'dits undo' takes. Those that were taken back are marked; those of "
    "linked\n"
    "work trees have the name of the work tree in brackets.\n";

/* What one walk over the operations carries along. */
struct listing {
    struct cli *cli;
    struct date_style dates;
    uint64_t left;
};

static dits_error *show_operation(const struct dits_operation *operation,
                                  void *payload)
{
    struct listing *listing = payload;
    struct cli *cli = listing->cli;
    char date[DATE_TEXT_SIZE] = {0};
    if (listing->left == 0)
        return NULL;
    listing->left--;
    if (cli->json) {
        operation_json(cli->out, operation);
        return NULL;
    }
    date_format(&listing->dates, operation->time, listing->dates.local_minutes,
                date);
    fprintf(cli->out, "%s%4" PRIu64 "%s  %s  ", color(cli, COLOR_YELLOW),
            operation->id, color(cli, COLOR_RESET), date);
    if (operation->worktree != NULL)
        fprintf(cli->out, "%s[%s]%s ", color(cli, COLOR_CYAN),
                operation->worktree, color(cli, COLOR_RESET));
    TRY(path_print(cli->out, operation->command));
    if (operation->is_undone)
        fprintf(cli->out, " %s(undone)%s", color(cli, COLOR_RED),
                color(cli, COLOR_RESET));
    else if (operation->undoes != 0)
        fprintf(cli->out, " (of %" PRIu64 ")", operation->undoes);
    fputc('\n', cli->out);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct op_args *args = data;
    struct listing listing = {
        .cli = cli,
        .dates = {.format = DATE_ISO,
                  .now = cli->now,
                  .local_minutes = cli->environment->utc_offset_minutes},
        .left = args->count.is_given ? args->count.value : UINT64_MAX,
    };
    if (args->date != NULL &&
        !date_format_find(args->date, &listing.dates.format))
        return cli_usage(cli, "there is no date format '%s'", args->date);
    return dits_operation_each(cli->repo, show_operation, &listing);
}

const struct cli_command cmd_op = {
    .name = "op",
    .summary = "list what was done: 'dits op log'",
    .help = help,
    .group = CLI_GROUP_UNDO,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct op_args),
    .run = run,
};
