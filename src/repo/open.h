/*
 * repo/open.h - what opening and making a repository share
 *
 * Public entry: dits_repo_open() and dits_repo_init() in dits/repo.h.
 */
#ifndef REPO_OPEN_H
#define REPO_OPEN_H

#include "base/error.h"
#include "repo/repo.h"

#define OPEN_FOLDER ".dits"
#define OPEN_FORMAT 1 /* core.format in .dits/config */

/* Open the repository whose work tree has its top at `top` (absolute). */
MUST_USE dits_error *open_top(const dits_context *context, const char *top,
                              const char *prefix, dits_repo **out);

/* That whose folder is `path` itself, and none above it. NOT_FOUND. */
MUST_USE dits_error *open_exactly(const dits_context *context, const char *path,
                                  dits_repo **out);

/* The same without its database: `db` stays NULL. */
MUST_USE dits_error *open_without_database(const dits_context *context,
                                           const char *top, const char *prefix,
                                           dits_repo **out);

/* The top (absolute) of the work tree that `path` lies in. NOT_FOUND. */
MUST_USE dits_error *open_find_top(const char *path, char **out_path,
                                   char **out_top);

/* For CLEANUP(). */
void open_freep(dits_repo **repo);

#endif
