/*
 * dits import - carry something into the repository
 */
#include <string.h>

#include "cli/exchange.h"
#include "cli/kinds.h"

/* One row, and one file, for each kind; sorted. */
static const struct import_kind {
    const char *name;
    dits_error *(*run)(struct cli *cli, const struct import_args *args);
    const char *options[8]; /* long names of those it takes */
} kinds[] = {
    {"bundle", import_bundle, {"force", "list-heads", "prefix", "verify"}},
    {"git", import_git, {"branch", "lfs", "prefix"}},
};

static const char *const kind_names[] = {"bundle", "git", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("KIND", struct import_args, kind,
                "'bundle': a file that 'dits export bundle' made; 'git': a git "
                "repository on this machine",
                .choices = kind_names),
    CLI_OPERANDS("PATH", struct import_args, operands,
                 "where it is; which refs of a bundle to take may follow",
                 .flags = CLI_NEEDED),
    CLI_STRING(0, "prefix", "NAME/", struct import_args, prefix,
               "bundle, git: put the branches and tags below NAME/, as in "
               "'NAME/main'"),
    CLI_SWITCH('f', "force", struct import_args, force,
               "bundle: also move refs to where they do not lead forward"),
    CLI_SWITCH(0, "list-heads", struct import_args, list_heads,
               "bundle: only list the refs in it"),
    CLI_SWITCH(0, "verify", struct import_args, verify,
               "bundle: only check that it is whole, and that what it goes on "
               "from is here"),
    CLI_STRINGS('b', "branch", "NAME", struct import_args, branches,
                "git: import this branch alone, and tags of what it holds; may "
                "be repeated"),
    CLI_STRING(0, "lfs", "DIR", struct import_args, lfs,
               "git: take files of Git LFS from this store; default: that of "
               "the repository"),
    CLI_END,
};

static const char help[] =
    "'dits import bundle FILE [REF…]' takes the branches and tags of a "
    "bundle,\n"
    "or those that are named.\n"
    "\n"
    "'dits import git PATH' takes the branches, tags, merges, authors, dates,\n"
    "messages, modes and symlinks of a git repository. Files of Git LFS come "
    "from\n"
    "its store. Submodules are left out, with a warning.\n"
    "\n"
    "Branches are made or go forward, and nothing moves before all is "
    "checked.\n"
    "The current one takes the files along. A second import adds what is "
    "new.\n"
    "'dits undo' takes it back.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct import_args *args = data;
    const struct import_kind *kind = kinds;
    while (strcmp(kind->name, args->kind) != 0)
        kind++; /* it is one of the choices */
    TRY(kinds_check(cli, options, args, kind->name, kind->options));
    return kind->run(cli, args);
}

const struct cli_command cmd_import = {
    .name = "import",
    .summary = "take in a bundle, or the history of a git repository",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct import_args),
    .run = run,
};
