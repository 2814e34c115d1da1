/*
 * dits undo - take back what was done last
 */
#include <dits/operation.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/operations.h"

struct undo_args {
    const char *operation;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("OPERATION", struct undo_args, operation,
                         "its number in 'dits op log'; default: the newest "
                         "that is not undone"),
    CLI_END,
};

static const char help[] =
    "Takes back one command that changed the repository: branches, tags, "
    "HEAD,\n"
    "what is staged, and files of the work tree, also content that was never\n"
    "committed. Called again it takes back the one before. 'dits redo' does\n"
    "them again.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct undo_args *args = data;
    uint64_t wanted = 0;
    uint64_t undone = 0;
    if (args->operation != NULL &&
        (!text_to_u64(args->operation, &wanted) || wanted == 0))
        return cli_usage(cli, "'%s' is no number of an operation",
                         args->operation);
    TRY(dits_undo(cli->repo, wanted, &undone));
    return operation_tell(cli, "undid", undone);
}

const struct cli_command cmd_undo = {
    .name = "undo",
    .summary = "take back what was done last",
    .help = help,
    .group = CLI_GROUP_UNDO,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct undo_args),
    .run = run,
};
