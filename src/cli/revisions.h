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
 * The two states that "A..B", "A...B" (from where they parted to B) and "A^!"
 * (from its parent to A) compare, each to be freed with mem_free(); a missing
 * end is HEAD. Both are NULL when `text` is no range. NOT_FOUND where A and B
 * have nothing in common, INVALID where the A of "A^!" is a merge.
 */
MUST_USE dits_error *revision_range(struct cli *cli, const char *text,
                                    char **out_from, char **out_to);

/* Whether an operand names a revision, or a range of them. */
bool revision_is_one(const struct cli *cli, const char *text);

#endif
