/*
 * dits/repo.h - an opened repository
 *
 * A dits_repo is used by one thread at a time; several may be open at once, in
 * one process or in many.
 */
#ifndef DITS_REPO_H
#define DITS_REPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <dits/context.h>
#include <dits/error.h>
#include <dits/oid.h>

DITS_BEGIN_DECLS

typedef struct dits_repo dits_repo;

/* Zero means the default for each field. */
struct dits_init_options {
    const char *initial_branch; /* "main" */
    bool bare; /* without files to work on: others push to it */
};

/*
 * Make a repository in the folder `path`, which is made when missing, and open
 * it. In a folder that is one already nothing changes, and `*out_existed`
 * (NULL allowed) says so.
 *
 * Errors: INVALID (branch name), DENIED, LIMIT (disk full).
 */
DITS_API DITS_MUST_USE dits_error *dits_repo_init(
    const dits_context *context, const char *path,
    const struct dits_init_options *options, bool *out_existed,
    dits_repo **out);

/*
 * Open the repository that `path` lies in. Its own configuration is read; the
 * place of `path` in the work tree becomes the prefix that path arguments are
 * relative to. The caller frees `*out`; `context` outlives it.
 *
 * Errors: NOT_FOUND when there is none, UNSUPPORTED for a newer format.
 */
DITS_API DITS_MUST_USE dits_error *dits_repo_open(const dits_context *context,
                                                  const char *path,
                                                  dits_repo **out);

/* NULL is allowed. */
DITS_API void dits_repo_free(dits_repo *repo);

/*
 * The command line, kept with every operation that follows (dits/operation.h).
 * Copied.
 */
DITS_API DITS_MUST_USE dits_error *dits_repo_set_command(
    dits_repo *repo, const char *command_line);

/* Absolute path of the work tree; of the .dits folder, which is that of the
 * main work tree for all (dits/worktrees.h). Borrowed. */
DITS_API const char *dits_repo_work_dir(const dits_repo *repo);
/* Whether it has no files to work on. */
DITS_API bool dits_repo_is_bare(const dits_repo *repo);

DITS_API const char *dits_repo_dir(const dits_repo *repo);

/* The folder, in .dits or .dits itself, for what is this work tree's own. */
DITS_API const char *dits_repo_private_dir(const dits_repo *repo);

/* What this linked work tree is called; NULL: it is the main one. */
DITS_API const char *dits_repo_worktree(const dits_repo *repo);

/* Where the path given to dits_repo_open() lies in the work tree: "" or "a/b".
 */
DITS_API const char *dits_repo_prefix(const dits_repo *repo);

/* Free what the library handed out as plain memory. NULL is allowed. */
DITS_API void dits_free(void *memory);

/*
 * Paths that a user names: relative to the prefix, with git's pathspec
 * patterns (`*`, `?`, `[…]`, `**`, a folder for all below it, ":/" for the top,
 * ":!" to exclude). Borrowed. No items means everything.
 */
struct dits_paths {
    const char *const *items;
    size_t count;
};

/* Takes the next bytes. An error ends the work and is what it returns. */
typedef dits_error *dits_bytes_fn(const void *data, size_t size, void *payload);

DITS_END_DECLS

#endif
