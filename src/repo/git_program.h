/*
 * repo/git_program.h - running git on one of its repositories
 *
 * Only git's plumbing is called, none of which runs programs that a
 * repository's settings name; a repository that lacks objects does not fetch
 * them.
 */
#ifndef REPO_GIT_PROGRAM_H
#define REPO_GIT_PROGRAM_H

#include <dits/exchange.h>

#include "base/process.h"

/* A repository of git. Zero: none. */
struct git_place {
    const dits_context *context; /* borrowed */
    char *program;
    char *home;     /* "HOME=…" */
    char *folder;   /* that of git: "x/.git", or "x" itself */
    size_t id_size; /* bytes of its ids */
};

/* NOT_FOUND when `path` holds no repository. */
MUST_USE dits_error *git_place_open(const dits_context *context,
                                    const struct dits_git *git,
                                    const char *path, struct git_place *out);
void git_place_release(struct git_place *place);

/* The same for a repository that is yet to be made in `path`. */
MUST_USE dits_error *git_place_make(const dits_context *context,
                                    const struct dits_git *git,
                                    const char *path, struct git_place *out);

/* Whether `path` holds a repository, and its folder; free with mem_free(). */
MUST_USE dits_error *git_place_find(const char *path, char **out_folder);

/* Start git with `arguments`, which end with NULL. */
MUST_USE dits_error *git_start(const struct git_place *place,
                               const char *const *arguments,
                               struct process *out);

/* Run git and take what it prints, at most `max` bytes. */
MUST_USE dits_error *git_output(const struct git_place *place,
                                const char *const *arguments, size_t max,
                                struct buf *out);

/* Wait for the end of what was read whole. An error unless it went well. */
MUST_USE dits_error *git_finish(struct process *process, const char *what);

/* Why git ended; `what` it was about to do, "cannot read object 12ab". */
dits_error *git_failed(struct process *process, enum dits_code code,
                       const char *what) NEVER_NULL;

/* Where the repository keeps what all its work trees share. */
MUST_USE dits_error *git_common_folder(const struct git_place *place,
                                       char **out);

#endif
