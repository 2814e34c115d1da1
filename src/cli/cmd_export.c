/*
 * dits export - carry history out of the repository
 */
#include <string.h>

#include "cli/exchange.h"
#include "cli/kinds.h"

/* One row, and one file, for each kind; sorted. */
static const struct export_kind {
    const char *name;
    dits_error *(*run)(struct cli *cli, const struct export_args *args);
    const char *options[6]; /* long names of those it takes */
} kinds[] = {
    {"bundle",
     export_bundle,
     {"all", "depth", "shallow-since", "shallow-exclude"}},
    {"git", export_git, {"force", "lfs"}},
};

static const char *const kind_names[] = {"bundle", "git", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("KIND", struct export_args, kind,
                "'bundle': history in one file, for 'dits import bundle'; "
                "'git': a git repository with all branches and tags",
                .choices = kind_names),
    CLI_OPERANDS("PATH", struct export_args, operands,
                 "where it goes; the branches and tags of a bundle may follow; "
                 "default: the current branch",
                 .flags = CLI_NEEDED),
    CLI_SWITCH(0, "all", struct export_args, all,
               "bundle: take every branch and tag"),
    CLI_NUMBER(0, "depth", "NUM", struct export_args, depth,
               "bundle: take no more than NUM commits from each branch and "
               "tag: who has no more has a shallow history"),
    CLI_STRING(0, "shallow-since", "DATE", struct export_args, since,
               "bundle: take no commits from before DATE: '2026-11-23', '2 "
               "weeks ago'"),
    CLI_STRINGS(0, "shallow-exclude", "REV", struct export_args, exclude,
                "bundle: take nothing that REV leads to; may be repeated"),
    CLI_SWITCH('f', "force", struct export_args, force,
               "git: move branches back and tags elsewhere, too"),
    CLI_STRING(0, "lfs", "SIZE", struct export_args, lfs,
               "git: put files of more than SIZE bytes (or 10M, 1G) into the "
               "store of Git LFS"),
    CLI_END,
};

static const char help[] =
    "'dits export bundle FILE [REV…] [^BASE…]' writes branches and tags, with\n"
    "all commits and files that they lead to, into FILE. What BASE leads to "
    "is\n"
    "left out: the receiver has it. 'BASE..REV' is short for '^BASE REV'.\n"
    "With --depth, --shallow-since or --shallow-exclude what lies before is "
    "left\n"
    "out, and the receiver's history is shallow; a bundle with more deepens "
    "it.\n"
    "\n"
    "'dits export git PATH' makes the git repository in the folder PATH have "
    "all\n"
    "branches and tags, as a bare repository where there is none. What it has\n"
    "already is not written again. History that came from git gets the ids "
    "that\n"
    "it had there, unless something of it was left out, or it is signed.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct export_args *args = data;
    const struct export_kind *kind = kinds;
    while (strcmp(kind->name, args->kind) != 0)
        kind++; /* it is one of the choices */
    TRY(kinds_check(cli, options, args, kind->name, kind->options));
    return kind->run(cli, args);
}

const struct cli_command cmd_export = {
    .name = "export",
    .summary = "hand history over in a bundle, or to a git repository",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct export_args),
    .run = run,
};
