/*
 * dits/commit.h - commits and the history they form
 */
#ifndef DITS_COMMIT_H
#define DITS_COMMIT_H

#include <dits/repo.h>
#include <dits/signature.h>

DITS_BEGIN_DECLS

/* Borrowed texts. */
struct dits_person {
    const char *name;
    const char *email;
    int64_t time;           /* seconds since 1970 UTC */
    int32_t offset_minutes; /* of the zone, east positive */
};

/* One commit, read whole. Immutable. */
typedef struct dits_commit dits_commit;

/* Errors: NOT_FOUND, CORRUPT. The caller frees `*out`. */
DITS_API DITS_MUST_USE dits_error *dits_commit_load(dits_repo *repo,
                                                    const struct dits_oid *id,
                                                    dits_commit **out);
DITS_API void dits_commit_free(dits_commit *commit);

/* Borrowed from the commit. */
DITS_API const struct dits_oid *dits_commit_id(const dits_commit *commit);
DITS_API const struct dits_oid *dits_commit_tree(const dits_commit *commit);
DITS_API size_t dits_commit_parent_count(const dits_commit *commit);
DITS_API const struct dits_oid *dits_commit_parent(const dits_commit *commit,
                                                   size_t index);

/*
 * Whether the history here was cut at this commit: it has parents, none of
 * which is here, and none is counted.
 */
DITS_API bool dits_commit_is_cut(const dits_commit *commit);
DITS_API const struct dits_person *dits_commit_author(
    const dits_commit *commit);
DITS_API const struct dits_person *dits_commit_committer(
    const dits_commit *commit);
DITS_API const char *dits_commit_message(const dits_commit *commit);

/* Zero means the default for each field. */
struct dits_commit_options {
    const char *message; /* needed, unless amending: then the old one */
    const char *author;  /* "Name <mail>"; NULL: from the settings */
    const char *date;    /* of the author: dits_date_parse(); NULL: now */
    bool amend;          /* replace HEAD's commit */
    bool allow_empty;    /* also when nothing changed */
    bool allow_empty_message;
    enum dits_sign sign;
    const char *signing_key; /* a file or a public key; NULL: user.signingKey */
    bool all;                /* first stage every tracked file's changes */
    struct dits_paths paths; /* only these, as git commit PATH… does */
    bool is_staged; /* what `all` or `paths` say: by dits_commit_stage() */
    uint64_t ahead; /* what that gave */
};

/*
 * Stage what `all` or `paths` say, before somebody is asked about the commit
 * who wants to see it. dits_commit_create() with `is_staged` and `*out_ahead`
 * makes one operation of both; dits_commit_unstage() gives it up.
 *
 * Errors: those of dits_commit_create() that are known by then.
 */
DITS_API DITS_MUST_USE dits_error *dits_commit_stage(
    dits_repo *repo, const struct dits_commit_options *options,
    uint64_t *out_ahead);

/* As if it had not been; where other things were done since, an undo. */
DITS_API DITS_MUST_USE dits_error *dits_commit_unstage(dits_repo *repo,
                                                       uint64_t ahead);

struct dits_commit_result {
    struct dits_oid id;
    bool is_root;
    uint64_t files_changed;
    uint64_t bytes_before; /* of the files changed, deleted or added */
    uint64_t bytes_after;
};

/*
 * Record what is staged as a new commit on HEAD.
 *
 * Errors: CONFLICT (nothing to commit; the branch moved meanwhile), INVALID
 * (empty message, no identity: the hint says how to set one), LOCKED.
 */
DITS_API DITS_MUST_USE dits_error *dits_commit_create(
    dits_repo *repo, const struct dits_commit_options *options,
    struct dits_commit_result *out);

/* Zero means the default for each field. */
struct dits_log_options {
    const char *const *revisions; /* "main", "v1..main", "^v1"; none: HEAD */
    size_t revision_count;
    bool all;                /* every branch and tag too */
    struct dits_paths paths; /* only commits that change these */
    uint64_t max_count;      /* 0: no limit */
    uint64_t skip;
    const char *since; /* dits_date_parse() */
    const char *until;
    const char *author; /* part of "Name <mail>", case ignored */
    const char *grep;   /* part of the message */
    bool first_parent;
    bool topological; /* no parent before its children; for graphs */
    bool reverse;
};

/* `commit` is borrowed for the call. An error ends the walk. */
typedef dits_error *dits_commit_fn(const dits_commit *commit, void *payload);

/* Newest first. */
DITS_API DITS_MUST_USE dits_error *dits_log(
    dits_repo *repo, const struct dits_log_options *options, dits_commit_fn *fn,
    void *payload);

/*
 * A date as people write it: "2026-11-23 17:00", RFC 3339, "@1700000000",
 * "yesterday", "3 days ago", "last friday", "noon". `now` and the offset are
 * the context's. INVALID when it is none of these.
 */
DITS_API DITS_MUST_USE dits_error *dits_date_parse(const dits_context *context,
                                                   const char *text,
                                                   int64_t *out_time,
                                                   int32_t *out_offset_minutes);

DITS_END_DECLS

#endif
