/*
 * cli/hooks.h - programs of the user that commands run on the way
 *
 * git's hooks: executable files of git's names in .dits/hooks, or in the folder
 * that the setting core.hooksPath names. They run at the top of the work tree,
 * while no lock is held, with DITS_DIR and DITS_PREFIX set. Nothing that is
 * versioned, cloned or imported ever becomes a hook.
 */
#ifndef CLI_HOOKS_H
#define CLI_HOOKS_H

#include <dits/oid.h>

#include "cli/cli.h"

/* The arguments of a hook, up to the first NULL. */
struct hook_arguments {
    const char *items[3];
};

/* Whether there is a hook of that name that can be run. */
MUST_USE dits_error *hook_is_there(const struct cli *cli, const char *name,
                                   bool *out);

/* One that may refuse: DENIED when it does, CANCELLED when it was stopped. */
MUST_USE dits_error *hook_ask(const struct cli *cli, const char *name,
                              const struct hook_arguments *arguments);

/* The same with something to read. */
MUST_USE dits_error *hook_ask_about(const struct cli *cli, const char *name,
                                    const struct hook_arguments *arguments,
                                    FILE *input);

/* One that is told afterwards: `*out_status` is 0 where there is none. */
MUST_USE dits_error *hook_tell(const struct cli *cli, const char *name,
                               const struct hook_arguments *arguments,
                               int *out_status);

/*
 * After HEAD or files were checked out; zero ids: no commit. The exit status of
 * the hook becomes that of the command.
 */
MUST_USE dits_error *hooks_post_checkout(struct cli *cli,
                                         const struct dits_oid *before,
                                         const struct dits_oid *after,
                                         bool is_branch);

/* After a merge changed the work tree. */
MUST_USE dits_error *hooks_post_merge(const struct cli *cli, bool is_squash);

#endif
