/*
 * cli/paths.h - paths as they are shown
 */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include <stdbool.h>

#include "base/buf.h"
#include "cli/cli.h"

/*
 * Append `path` as git quotes it: as it is, or, with quotes, backslashes or
 * control characters in it, between quotes with escapes as in C. With
 * `quote_spaces` also when there is a space in it.
 */
MUST_USE dits_error *path_quote(const char *path, bool quote_spaces,
                                struct buf *out);

/* Append `path`, from the top, as seen from the folder `prefix`: "../a". */
MUST_USE dits_error *path_relative(const char *prefix, const char *path,
                                   struct buf *out);

/* Print `path`, from the top, quoted. */
MUST_USE dits_error *path_print(FILE *out, const char *path);

/* Print `path`, from the top, quoted, as seen from where the user is. */
MUST_USE dits_error *path_print_here(const struct cli *cli, const char *path);

#endif
