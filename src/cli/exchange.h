/*
 * cli/exchange.h - the kinds of things that import and export know
 *
 * A kind is a row of a table in cmd_import.c or cmd_export.c, and its work is
 * in a file of its own. All kinds share the command's options; those that a
 * kind does not take are refused.
 */
#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include <dits/exchange.h>

#include "cli/command.h"

struct import_args {
    const char *kind;
    const char *source;
    const char *lfs;
    const char *prefix;
    struct cli_list branches;
};

struct import_kind {
    const char *name;
    dits_error *(*run)(struct cli *cli, const struct import_args *args);
};

/* import_git.c */
MUST_USE dits_error *import_git(struct cli *cli,
                                const struct import_args *args);

struct export_args {
    const char *kind;
    const char *target;
    const char *lfs;
    bool force;
};

struct export_kind {
    const char *name;
    dits_error *(*run)(struct cli *cli, const struct export_args *args);
};

/* export_git.c */
MUST_USE dits_error *export_git(struct cli *cli,
                                const struct export_args *args);

/* The git to run, as the user's environment has it. */
struct dits_git exchange_git(const struct cli *cli);

#endif
