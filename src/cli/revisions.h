/*
 * cli/revisions.h - operands that may be revisions or paths
 *
 * As git: revisions come first, `--` parts them from the paths. Without `--`
 * the first operand that names no revision must be a path that is there, and
 * so must those after it; one that could be both is refused.
 */
#ifndef CLI_REVISIONS_H
#define CLI_REVISIONS_H

#include "cli/command.h"

/* Borrowed from the lists that were split. */
struct revision_args {
    const char **revisions;
    size_t count;
    struct dits_paths paths;
};

/* Errors: INVALID, with a hint. */
MUST_USE dits_error *revisions_split(struct cli *cli,
                                     const struct cli_list *operands,
                                     const struct cli_list *paths,
                                     struct revision_args *out);

/*
 * Split "A..B" into its ends, each to be freed with mem_free(); a missing one
 * is HEAD. Both are NULL when `text` is no range. INVALID for "A...B".
 */
MUST_USE dits_error *revision_range(const char *text, char **out_from,
                                    char **out_to);

#endif
