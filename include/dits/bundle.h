/*
 * dits/bundle.h - history in one file, to be carried elsewhere
 *
 * A bundle holds refs and everything that they lead to, but for what the
 * receiver has already: its prerequisites.
 */
#ifndef DITS_BUNDLE_H
#define DITS_BUNDLE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Zero means the default for each field. */
struct dits_bundle_options {
    const char *const *revisions; /* branches, tags, "^base", "base..branch";
                                     none: the current branch */
    size_t revision_count;
    bool all; /* every branch and tag; revisions may only exclude */

    /* What is cut off: nothing is excluded then. The receiver's history is
     * shallow, and may be deepened. */
    uint64_t depth;            /* so many commits from each ref; 0: all */
    const char *shallow_since; /* none before that date; with no depth */
    const char *const *shallow_exclude; /* what these lead to; the same */
    size_t shallow_exclude_count;
};

struct dits_bundle_result {
    uint64_t refs;
    uint64_t prerequisites;
    uint64_t commits;
    uint64_t chunks;
    uint64_t bytes;       /* of the file */
    uint64_t cuts;        /* commits without their parents */
    uint64_t obliterated; /* files whose content is not in it for that reason */
};

/*
 * Write the file at `path`, in place of one that is there, whole or not at all.
 * In the place of content that was obliterated is the record of it: when, by
 * whom and why.
 * `out` may be NULL.
 *
 * Errors: CONFLICT (nothing in it that is not excluded), INVALID (a revision
 * that is no branch or tag; options that exclude each other), NOT_FOUND,
 * CORRUPT, IO, LIMIT, CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_bundle_export(
    dits_repo *repo, const char *path,
    const struct dits_bundle_options *options, struct dits_bundle_result *out);

enum dits_bundle_change {
    DITS_BUNDLE_LISTED = 0,    /* only told of */
    DITS_BUNDLE_NEW = 1,       /* there was no such ref */
    DITS_BUNDLE_FORWARD = 2,   /* it went on from where it was */
    DITS_BUNDLE_FORCED = 3,    /* what it was is no part of it any more */
    DITS_BUNDLE_UNCHANGED = 4, /* it was the same */
};

/* Borrowed for the call. */
struct dits_bundle_ref {
    const char *name;       /* full: "refs/heads/main" */
    struct dits_oid before; /* what it was here; zero: nothing, not asked */
    struct dits_oid after;  /* a commit, or the object of a tag */
    enum dits_bundle_change change;
};

/* An error ends the walk and is what it returns; of an import, too. */
typedef dits_error *dits_bundle_ref_fn(const struct dits_bundle_ref *ref,
                                       void *payload);

/* The refs in a bundle, sorted by name. Its chunks are not read. */
DITS_API DITS_MUST_USE dits_error *dits_bundle_each_ref(const char *path,
                                                        dits_bundle_ref_fn *fn,
                                                        void *payload);

/*
 * Read and check every byte of a bundle, and whether the repository has its
 * prerequisites. `out` (NULL allowed) counts what is in it.
 *
 * Errors: CORRUPT, UNSUPPORTED, CONFLICT (a prerequisite is missing).
 */
DITS_API DITS_MUST_USE dits_error *dits_bundle_verify(
    dits_repo *repo, const char *path, struct dits_bundle_result *out);

/* Zero means the default for each field. */
struct dits_bundle_import_options {
    const char *const *refs; /* short or full names; none: all */
    size_t ref_count;
    const char *prefix;         /* "studio/": refs come to stand below it */
    bool force;                 /* also where a ref does not go forward */
    dits_bundle_ref_fn *on_ref; /* NULL allowed; once all may move */
    void *payload;
};

struct dits_bundle_import_result {
    uint64_t refs;       /* made or moved */
    uint64_t chunks;     /* in the bundle */
    uint64_t new_chunks; /* of these, not here before */
    uint64_t new_bytes;  /* of these */
    uint64_t files_written;
    uint64_t files_removed;
    uint64_t cuts_before; /* commits of the history here without parents */
    uint64_t cuts;
    uint64_t obliterated; /* files that came without their content */
};

/*
 * Take what a bundle holds. Refs move only when all that they lead to is here
 * and whole. Branches are made or go forward; the branch that HEAD is on takes
 * what is staged and the files along, as dits_switch() does. Chunks that are
 * here already are not stored again, so an import that was cut short goes on.
 * Where a bundle is cut, the history here becomes shallow; where it has what
 * was cut here, it is deeper then, or whole. What was obliterated where it
 * comes from, and is not here, counts as obliterated here, too. Neither is
 * undone with the refs. `out` may be NULL.
 *
 * Errors, with no ref and no file changed: CORRUPT (the file is damaged, or
 * lacks something that its refs lead to), UNSUPPORTED, CONFLICT (a prerequisite
 * is missing, a ref would not go forward, changed files are in the way),
 * NOT_FOUND (no such ref in it), INVALID (the prefix), IO, LIMIT, CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_bundle_import(
    dits_repo *repo, const char *path,
    const struct dits_bundle_import_options *options,
    struct dits_bundle_import_result *out);

DITS_END_DECLS

#endif
