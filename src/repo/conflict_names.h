/*
 * repo/conflict_names.h - "clip.ours.mov": both sides beside a conflict
 */
#ifndef REPO_CONFLICT_NAMES_H
#define REPO_CONFLICT_NAMES_H

#include "repo/repo.h"

/* So many names are tried for each side. */
#define CONFLICT_NAMES_MAX 100u

/*
 * The name of a side ("ours") of `path`: "cut/clip.ours.mov", and with a
 * `number` from 2 "cut/clip.ours2.mov". No two paths share one. Free with
 * mem_free().
 */
MUST_USE dits_error *conflict_name(const char *path, const char *side,
                                   unsigned number, char **out);

/* Whether a path has another meaning already. */
typedef bool conflict_taken_fn(const char *path, void *payload);

/* The first one that is neither taken nor in the work tree. */
MUST_USE dits_error *conflict_name_free(const dits_repo *repo, const char *path,
                                        const char *side,
                                        conflict_taken_fn *is_taken,
                                        void *payload, char **out);

#endif
