/*
 * dits redo - do again what was undone
 */
#include <dits/operation.h>

#include "cli/command.h"
#include "cli/operations.h"

static const struct cli_option options[] = {CLI_END};

static const char help[] = "Does the newest undone command again, as long as "
                           "nothing else was changed\n"
                           "in between.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    uint64_t redone = 0;
    (void)data;
    TRY(dits_redo(cli->repo, &redone));
    return operation_tell(cli, "redid", redone);
}

const struct cli_command cmd_redo = {
    .name = "redo",
    .summary = "do again what was undone",
    .help = help,
    .group = CLI_GROUP_UNDO,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .run = run,
};
