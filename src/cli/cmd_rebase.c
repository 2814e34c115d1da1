/*
 * dits rebase - make the commits of a branch again on another
 */
#include "base/text.h"
#include "cli/command.h"
#include "cli/merge_text.h"
#include "cli/replay_text.h"
#include "cli/switching.h"

struct rebase_args {
    struct replay_args replay;
    const char *onto;
    bool root;
    bool force;
    bool autostash;
    const char *upstream;
    const char *branch;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("REV", struct rebase_args, upstream,
                         "what the branch shall be based on: its commits stay "
                         "out; '-' for the branch before this one"),
    CLI_OPTIONAL_OPERAND("BRANCH", struct rebase_args, branch,
                         "go to this branch first"),
    CLI_STRING(0, "onto", "REV", struct rebase_args, onto,
               "put the commits here, not on what they are compared with"),
    CLI_SWITCH(0, "root", struct rebase_args, root,
               "all commits of the branch, from its first one on; REV is left "
               "out"),
    CLI_SWITCH(0, "autostash", struct rebase_args, autostash,
               "put local changes aside, and bring them back at the end"),
    CLI_SWITCH('f', "force-rebase", struct rebase_args, force,
               "also when the branch is where it belongs"),
    REPLAY_OPTIONS(struct rebase_args),
    CLI_END,
};

static const char help[] =
    "Makes the commits that the branch has and REV has not again on top of\n"
    "REV, one after the other, and moves the branch there. Merges are left "
    "out;\n"
    "so are commits that REV has already, under whatever id. Where a change\n"
    "does not fit it stops with conflicts; resolve them and use "
    "'--continue'.\n"
    "\n"
    "The files are touched once, when all is done or where it stops. With\n"
    "'--autostash' what was changed and is in no commit yet comes back at the\n"
    "end, also after '--abort'; '--quit' leaves it in 'dits stash list'.\n";

static dits_error *print_result(struct cli *cli,
                                const struct replay_printer *printer,
                                const struct dits_replay_result *result)
{
    TRY(replay_print(cli, printer, result));
    if (!cli->json && !cli->quiet && result->outcome == DITS_REPLAY_UP_TO_DATE)
        fputs("Current branch is up to date.\n", cli->out);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct rebase_args *args = data;
    struct replay_printer printer = {.cli = cli, .kind = DITS_WORK_REBASE};
    struct dits_replay_result result = {0};
    CLEANUP(text_free) char *previous = NULL;
    bool is_done = false;
    TRY(replay_end(cli, &args->replay, DITS_WORK_REBASE, &is_done));
    if (is_done)
        return NULL;
    const char *upstream = args->root ? NULL : args->upstream;
    const char *branch = args->root ? args->upstream : args->branch;
    if (upstream == NULL && !args->root)
        return cli_usage(cli, "REV is missing");
    if (args->root && args->branch != NULL)
        return cli_usage(cli, "'--root' takes BRANCH alone, without REV");
    TRY(switching_read_dash(cli, &upstream, &previous));
    const struct dits_rebase_options wanted = {
        .upstream = upstream,
        .onto = args->onto,
        .branch = branch,
        .root = args->root,
        .force = args->force,
        .autostash = args->autostash,
        .how = replay_how(&args->replay, &printer),
    };
    TRY(dits_rebase(cli->repo, &wanted, &result));
    return print_result(cli, &printer, &result);
}

const struct cli_command cmd_rebase = {
    .name = "rebase",
    .summary = "make the commits of a branch again on another",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct rebase_args),
    .run = run,
};
