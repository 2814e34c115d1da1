/*
 * cli/exchange.h - the kinds of things that import and export know
 *
 * `dits import KIND` is one command with one table of options, and so is
 * `dits export KIND`: cmd_import.c and cmd_export.c have them, with a row for
 * each kind, which says what options it takes. Each kind is one file,
 * import_KIND.c or export_KIND.c.
 */
#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include <dits/exchange.h>

#include "cli/command.h"

struct import_args {
    const char *kind;
    struct cli_list operands; /* what is imported comes first */
    bool force;
    const char *prefix;
    struct cli_list branches;
    struct cli_number depth;
    /* of 'bundle': */
    bool list_heads;
    bool verify;
    /* of 'folder': */
    const char *by;
    const char *pattern;
    bool dry_run;
    /* of 'git': */
    const char *lfs;
};

MUST_USE dits_error *import_bundle(struct cli *cli,
                                   const struct import_args *args);
MUST_USE dits_error *import_folder(struct cli *cli,
                                   const struct import_args *args);
MUST_USE dits_error *import_git(struct cli *cli,
                                const struct import_args *args);

struct export_args {
    const char *kind;
    struct cli_list operands; /* where to comes first */
    /* of 'bundle': */
    bool all;
    struct cli_number depth;
    const char *since;
    struct cli_list exclude;
    /* of 'git': */
    bool force;
    const char *lfs;
};

MUST_USE dits_error *export_bundle(struct cli *cli,
                                   const struct export_args *args);
MUST_USE dits_error *export_git(struct cli *cli,
                                const struct export_args *args);

/* A depth of 0 commits is a usage error. */
MUST_USE dits_error *exchange_check_depth(struct cli *cli,
                                          const struct cli_number *depth);

/* Whether the history here is shallow after an import, or was. */
void exchange_note_cuts(const struct cli *cli, uint64_t before, uint64_t after);

/* How many versions of files went without their content. */
void exchange_note_obliterated(const struct cli *cli, uint64_t count);

/* The git to run, as the user's environment has it. */
struct dits_git exchange_git(const struct cli *cli);

struct exchange_counts {
    uint64_t commits;
    uint64_t branches;
    uint64_t tags;
};

/* "imported 3 commits; 1 branch and 0 tags", or that there was nothing new. */
void exchange_print(FILE *out, const char *done,
                    const struct exchange_counts *counts);

/* A line of its own behind it, where there are any: "  3 left out". */
void exchange_print_more(FILE *out, uint64_t count, const char *what);

#endif
