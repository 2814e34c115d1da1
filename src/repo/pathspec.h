/*
 * repo/pathspec.h - the paths that a user names
 *
 * git's patterns: a file, a folder for all below it, `*`, `?` and `[…]` (which
 * also match '/'), ":/" or ":(top)" from the top instead of the prefix, ":!",
 * ":^" or ":(exclude)" for what is left out, ":(literal)", ":(icase)", and
 * ":(glob)" where `*` stays within a folder and `**` does not.
 */
#ifndef REPO_PATHSPEC_H
#define REPO_PATHSPEC_H

#include "repo/repo.h"

struct pathspec;

/*
 * `prefix` and the items are paths of the work tree `work_dir` (absolute
 * items are allowed below it). Errors: INVALID (outside the work tree, unknown
 * magic), NOMEM.
 */
MUST_USE dits_error *pathspec_new(const char *work_dir, const char *prefix,
                                  const struct dits_paths *paths,
                                  struct pathspec **out);
void pathspec_free(struct pathspec *pathspec);
void pathspec_freep(struct pathspec **pathspec);

/* For the repository, as its prefix says. */
MUST_USE dits_error *pathspec_of(const dits_repo *repo,
                                 const struct dits_paths *paths,
                                 struct pathspec **out);

/* Whether it was given no items: everything matches. */
bool pathspec_is_all(const struct pathspec *pathspec);

/* `path` from the top; a folder matches when all below it does. Any thread. */
bool pathspec_matches(const struct pathspec *pathspec, const char *path,
                      bool is_folder);

/* Whether something below the folder ("" is the top) could match. */
bool pathspec_may_be_below(const struct pathspec *pathspec, const char *folder);

/* Where to look: a file or folder for each item, none below another. */
size_t pathspec_start_count(const struct pathspec *pathspec);
const char *pathspec_start(const struct pathspec *pathspec, size_t i);

/* Whether an item names exactly this path, without a wildcard. */
bool pathspec_names(const struct pathspec *pathspec, const char *path);

/* Note which items a path that exists satisfies. One thread. */
void pathspec_note(struct pathspec *pathspec, const char *path);

/*
 * NOT_FOUND, naming the first item that no noted path satisfies. With `repo`
 * (or NULL) a folder on disk satisfies, too: it may be empty.
 */
MUST_USE dits_error *pathspec_check_noted(const struct pathspec *pathspec,
                                          const dits_repo *repo);
bool pathspec_is_noted(const struct pathspec *pathspec);

/*
 * A plain path as the user gives it (relative to `prefix`, absolute below
 * `work_dir`), from the top: "" is the top. Free with mem_free(). INVALID
 * outside the work tree.
 */
MUST_USE dits_error *pathspec_plain(const char *work_dir, const char *prefix,
                                    const char *text, char **out);

#endif
