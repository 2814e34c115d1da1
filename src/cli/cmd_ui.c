/*
 * dits ui - look and work in the terminal
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cli/ui/ui.h"
#include "screen/guard.h"

static const struct cli_option options[] = {CLI_END};

static const char help[] =
    "Shows the history, what changed, branches and operations in the "
    "terminal,\n"
    "with pictures where the terminal can show them. Keys do what commands "
    "do;\n"
    "'?' lists them, 'q' leaves. What was done is undone with 'z'.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    struct guard guard = {0};
    (void)data;
    if (!terminal_is(stdin) || !terminal_is(stdout))
        return error_hint(cli_usage(cli, "'dits ui' needs a terminal"),
                          "Use 'dits log', 'dits status' and 'dits diff' "
                          "where there is none.");
    TRY(guard_start(&guard));
    if (guard.is_child)
        return ui_run(cli);
    if (guard.signal != 0)
        return error_new(DITS_E_INTERNAL, "the view was ended by signal %d",
                         guard.signal);
    cli->status = (enum cli_status)guard.status;
    return NULL;
}

const struct cli_command cmd_ui = {
    .name = "ui",
    .summary = "look and work in the terminal",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .options = options,
    .args_size = 0,
    .run = run,
};
