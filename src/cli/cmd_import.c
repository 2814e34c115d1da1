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
    {"folder", import_folder, {"branch", "by", "dry-run", "force", "pattern"}},
    {"git", import_git, {"branch", "depth", "lfs", "prefix"}},
};

static const char *const kind_names[] = {"bundle", "folder", "git", NULL};
static const char *const orders[] = {"name", "time", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("KIND", struct import_args, kind,
                "'bundle': a file that 'dits export bundle' made; 'folder': "
                "files like 'cut_v2_final.mov', which become history; 'git': a "
                "git repository on this machine",
                .choices = kind_names),
    CLI_OPERANDS("PATH", struct import_args, operands,
                 "where it is; which refs of a bundle to take may follow",
                 .flags = CLI_NEEDED),
    CLI_STRING(0, "prefix", "NAME/", struct import_args, prefix,
               "bundle, git: put the branches and tags below NAME/, as in "
               "'NAME/main'"),
    CLI_SWITCH('f', "force", struct import_args, force,
               "bundle, folder: also move refs to where they do not lead "
               "forward"),
    CLI_SWITCH(0, "list-heads", struct import_args, list_heads,
               "bundle: only list the refs in it"),
    CLI_SWITCH(0, "verify", struct import_args, verify,
               "bundle: only check that it is whole, and that what it goes on "
               "from is here"),
    CLI_STRINGS(
        'b', "branch", "NAME", struct import_args, branches,
        "folder: the branch to make; default: 'imported/' and the folder's "
        "name; git: import this branch alone, and tags of what it holds; may "
        "be repeated"),
    CLI_NUMBER(0, "depth", "NUM", struct import_args, depth,
               "git: take no more than NUM commits from each branch and tag; "
               "the history is shallow then"),
    CLI_STRING(0, "by", "ORDER", struct import_args, by,
               "folder: 'name' orders versions by their names, and by time "
               "where those say nothing; 'time' by time alone",
               .choices = orders),
    CLI_STRING(0, "pattern", "REGEX", struct import_args, pattern,
               "folder: which part of a name is the file's own, the first "
               "group, and which the version, the second"),
    CLI_SWITCH('n', "dry-run", struct import_args, dry_run,
               "folder: print what would be committed, and commit nothing"),
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
    "'dits import folder DIR' makes a branch on which the versions of each "
    "file\n"
    "in DIR are committed one after another under one name. DIR is only "
    "read.\n"
    "\n"
    "'dits import git PATH' takes the branches, tags, merges, authors, dates,\n"
    "messages, modes and symlinks of a git repository. Files of Git LFS come "
    "from\n"
    "its store. Submodules are left out, with a warning. A shallow history "
    "stays\n"
    "shallow, and is made anew when a later import has what was cut off.\n"
    "\n"
    "Branches that a bundle or git has are made or go forward; nothing moves\n"
    "before all is checked. The current one takes the files along. A second\n"
    "import adds what is new. 'dits undo' takes it back.\n";

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
    .summary = "take in a bundle, a folder of versions or a git repository",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct import_args),
    .run = run,
};
