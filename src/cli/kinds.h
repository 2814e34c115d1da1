/*
 * cli/kinds.h - options and operands that only some kinds of a command take
 *
 * For commands whose first operand chooses what they do: 'import', 'export'.
 */
#ifndef CLI_KINDS_H
#define CLI_KINDS_H

#include "cli/command.h"

/*
 * A usage error when an option is given that `kind` does not take. `taken` are
 * the long names of those that it takes, up to NULL.
 */
MUST_USE dits_error *kinds_check(struct cli *cli,
                                 const struct cli_option *options,
                                 const void *args, const char *kind,
                                 const char *const *taken);

/* A usage error when there is more than one, for kinds that take one. */
MUST_USE dits_error *kinds_check_single(struct cli *cli,
                                        const struct cli_list *operands);

#endif
