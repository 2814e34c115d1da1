/*
 * dits/exchange.h - coming from other systems, and going to them
 */
#ifndef DITS_EXCHANGE_H
#define DITS_EXCHANGE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/*
 * The installed git, which reads and writes its own repositories. Zero means
 * the default for each field.
 */
struct dits_git {
    const char *program; /* its path; "/usr/bin/git" */
    const char *home;    /* where the user's settings for git are; none */
};

/* Zero means the default for each field. */
struct dits_import_git_options {
    struct dits_git git;
    const char *lfs;             /* store of Git LFS; that of the repository */
    const char *prefix;          /* put before the names of branches and tags */
    const char *const *branches; /* only these, and tags of what they hold */
    size_t branch_count;
    uint64_t depth; /* so many commits from each branch and tag; 0: all */
};

struct dits_import_result {
    uint64_t commits;     /* new */
    uint64_t branches;    /* new or moved */
    uint64_t tags;        /* new */
    uint64_t lfs_files;   /* taken from the store of Git LFS */
    uint64_t lfs_missing; /* not there: the pointer was taken instead */
    uint64_t submodules;  /* left out */
    uint64_t unnameable;  /* left out: no file of Dits has such a name */
    uint64_t cuts_before; /* commits of the history here without parents */
    uint64_t cuts;
    struct dits_oid before; /* HEAD's commit; zero: none */
    struct dits_oid after;
};

/*
 * Make history of the git repository at `path` (its work tree, or the
 * repository itself). All refs move in one operation; the current branch takes
 * the files along, as a switch does. What was imported before is not read
 * again. Where git's history is shallow, or is cut by a depth, so is what comes
 * of it: when its parents come later, those commits are made anew.
 *
 * Errors: NOT_FOUND (no such repository or branch; no git), CORRUPT (of git's
 * objects, naming one), CONFLICT (a branch or tag would not only go forward;
 * files in the way), CANCELLED, LIMIT.
 */
DITS_API DITS_MUST_USE dits_error *dits_import_git(
    dits_repo *repo, const char *path,
    const struct dits_import_git_options *options,
    struct dits_import_result *out);

struct dits_export_result {
    uint64_t commits; /* written */
    uint64_t files;   /* the same; each content once */
    uint64_t lfs_files;
    uint64_t obliterated; /* of the files: a text that says so is written */
    uint64_t branches;    /* new or moved */
    uint64_t tags;        /* the same */
    uint64_t
        left_out; /* tags that the form has no place for: dits_fast_export() */
};

/* Zero means the default for each field. */
struct dits_fast_export_options {
    const char *const *names; /* of branches and tags; none: that of HEAD */
    size_t name_count;
    bool all; /* every branch and tag */
};

/*
 * Write history in the form that `git fast-import` reads. A stream that breaks
 * off is taken for incomplete there.
 *
 * Errors: NOT_FOUND (no such branch or tag; no commit yet), CANCELLED, and
 * those of `fn`.
 */
DITS_API DITS_MUST_USE dits_error *dits_fast_export(
    dits_repo *repo, const struct dits_fast_export_options *options,
    dits_bytes_fn *fn, void *payload, struct dits_export_result *out);

/* Zero means the default for each field. */
struct dits_export_git_options {
    struct dits_git git;
    bool uses_lfs;     /* files of more than `lfs_over` bytes become pointers */
    uint64_t lfs_over; /* of Git LFS, and lie in its store */
    bool force;        /* move branches back and tags elsewhere, too */
};

/*
 * Make the git repository at `path` (a bare one, where there is none) have all
 * branches and tags. What it has already is not written again. Its refs move in
 * one step, when all else is there.
 *
 * Errors: CONFLICT (a branch would not only go forward, or is checked out
 * there; a tag is another), CANCELLED, NOT_FOUND (no git), those of git.
 */
DITS_API DITS_MUST_USE dits_error *dits_export_git(
    dits_repo *repo, const char *path,
    const struct dits_export_git_options *options,
    struct dits_export_result *out);

DITS_END_DECLS

#endif
