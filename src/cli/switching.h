/*
 * cli/switching.h - what switch, checkout, restore and reset share
 */
#ifndef CLI_SWITCHING_H
#define CLI_SWITCHING_H

#include <dits/worktree.h>

#include "base/buf.h"
#include "cli/cli.h"

/*
 * Switch, and tell as git does where HEAD is now. A target "-" is the branch
 * before this one. Errors: those of dits_switch().
 */
MUST_USE dits_error *switching_run(struct cli *cli,
                                   const struct dits_switch_options *options);

/*
 * "-" is the branch before this one, or the commit where there was none: then
 * `*text` becomes its name, which `*owned` keeps; mem_free() it. NOT_FOUND.
 */
MUST_USE dits_error *switching_read_dash(struct cli *cli, const char **text,
                                         char **owned);

/* After files were restored: the hook post-checkout is told. */
MUST_USE dits_error *switching_tell_restored(struct cli *cli);

/* Append "1234567 subject" of the commit. */
MUST_USE dits_error *switching_put_commit(const struct cli *cli,
                                          const struct dits_oid *id,
                                          struct buf *out);

/* Whether there is a branch `name`. */
MUST_USE dits_error *switching_is_branch(struct cli *cli, const char *name,
                                         bool *out);

#endif
