/*
 * dits/refs.h - branches, tags, HEAD and their history
 */
#ifndef DITS_REFS_H
#define DITS_REFS_H

#include <dits/commit.h>
#include <stdbool.h>

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Where HEAD is. Release with dits_head_release(). */
struct dits_head {
    char *branch;           /* NULL: detached */
    struct dits_oid commit; /* zero: no commit yet */
};

DITS_API DITS_MUST_USE dits_error *dits_head_get(dits_repo *repo,
                                                 struct dits_head *out);
DITS_API void dits_head_release(struct dits_head *head);

/* Borrowed for the call. */
struct dits_ref {
    const char *name;        /* short: "main", "v1" */
    struct dits_oid commit;  /* what it leads to */
    struct dits_oid tag;     /* the tag object; zero for a plain ref */
    const char *tag_message; /* NULL for a plain ref */
    bool is_current;         /* the branch that HEAD is on */
    const char *worktree;    /* the other work tree whose HEAD is on it: where
                                it lies; else NULL */
};

/* An error ends the walk and is what the walk returns. Sorted by name. */
typedef dits_error *dits_ref_fn(const struct dits_ref *ref, void *payload);

DITS_API DITS_MUST_USE dits_error *dits_branch_each(dits_repo *repo,
                                                    dits_ref_fn *fn,
                                                    void *payload);

/* `start` NULL: HEAD. Errors: EXISTS unless `force`, INVALID (name). */
DITS_API DITS_MUST_USE dits_error *dits_branch_create(dits_repo *repo,
                                                      const char *name,
                                                      const char *start,
                                                      bool force);

/*
 * `out_commit` (NULL allowed): where it was. Errors: NOT_FOUND; CONFLICT for
 * the current branch, and for one that HEAD does not contain unless `force`.
 */
DITS_API DITS_MUST_USE dits_error *dits_branch_delete(
    dits_repo *repo, const char *name, bool force, struct dits_oid *out_commit);

/* `from` NULL: the current branch. HEAD and the reflog move along. */
DITS_API DITS_MUST_USE dits_error *dits_branch_rename(dits_repo *repo,
                                                      const char *from,
                                                      const char *to,
                                                      bool force);

DITS_API DITS_MUST_USE dits_error *dits_tag_each(dits_repo *repo,
                                                 dits_ref_fn *fn,
                                                 void *payload);

struct dits_tag_options {
    const char *name;
    const char *target;  /* a revision; NULL: HEAD */
    const char *message; /* NULL: a plain ref; else a tag object */
    bool force;
    enum dits_sign sign;     /* of a tag object */
    const char *signing_key; /* a file or a public key; NULL: user.signingKey */
};

DITS_API DITS_MUST_USE dits_error *dits_tag_create(
    dits_repo *repo, const struct dits_tag_options *options);
DITS_API DITS_MUST_USE dits_error *dits_tag_delete(dits_repo *repo,
                                                   const char *name,
                                                   struct dits_oid *out_commit);

/* Borrowed for the call. */
struct dits_reflog_entry {
    uint64_t number; /* 0 is the newest: HEAD@{0} */
    struct dits_oid before;
    struct dits_oid after;
    struct dits_person who;
    const char *message; /* "commit: first cut" */
};

typedef dits_error *dits_reflog_fn(const struct dits_reflog_entry *entry,
                                   void *payload);

/* Newest first. `name`: "HEAD" or a branch; NULL: HEAD. */
DITS_API DITS_MUST_USE dits_error *dits_reflog_each(dits_repo *repo,
                                                    const char *name,
                                                    dits_reflog_fn *fn,
                                                    void *payload);

struct dits_reflog_expire_options {
    bool all;           /* every ref, also those that are gone */
    const char *expire; /* as dits_date_parse(), "now"; NULL: the setting */
    bool dry_run;
};

/*
 * Drop the old entries of the refs `names` ("HEAD", branches, full names). The
 * newest of each stays, and so does one that holds a commit younger than gc's
 * grace period. Operations keep what they lead to for as long as they last.
 */
DITS_API DITS_MUST_USE dits_error *dits_reflog_expire(
    dits_repo *repo, const char *const *names, size_t count,
    const struct dits_reflog_expire_options *options, uint64_t *out_dropped);

/* Drop the entry NAME@{NUMBER}. Errors: NOT_FOUND. */
DITS_API DITS_MUST_USE dits_error *dits_reflog_delete(dits_repo *repo,
                                                      const char *name,
                                                      uint64_t number,
                                                      bool dry_run);

/*
 * What a revision names: HEAD, HEAD~2, main^2, a tag, an id or an unambiguous
 * start of one (4 digits at least), @{1}, main@{yesterday}, main@{2.days.ago},
 * REV^{tree}, REV:path (an asset or a tree), :path (as staged), :/text and
 * REV^{/text} (the youngest commit whose message matches).
 *
 * Errors: NOT_FOUND, INVALID (syntax), CONFLICT (ambiguous; the hint lists).
 */
enum dits_revision_kind {
    DITS_REVISION_COMMIT = 0, /* a commit; tags are followed */
    DITS_REVISION_TREE = 1,   /* a tree; commits and tags are followed */
    DITS_REVISION_ANY = 2,    /* whatever it names */
};

DITS_API DITS_MUST_USE dits_error *dits_revision_resolve(
    dits_repo *repo, const char *text, enum dits_revision_kind kind,
    struct dits_oid *out);

/* Shortest unambiguous form of `id`, at least 7 digits. */
DITS_API DITS_MUST_USE dits_error *dits_oid_abbreviate(
    dits_repo *repo, const struct dits_oid *id, char out[DITS_OID_HEX_SIZE]);

/* The same with at least `digits`: 4 to 64, others become the nearest. */
DITS_API DITS_MUST_USE dits_error *dits_oid_abbreviate_to(
    dits_repo *repo, const struct dits_oid *id, uint64_t digits,
    char out[DITS_OID_HEX_SIZE]);

/* Zero means the default for each field. */
struct dits_describe_options {
    bool tags;                  /* also tags without a message */
    bool all;                   /* also branches; names are then "tags/v1" */
    bool exact;                 /* only a name that the commit itself has */
    bool always;                /* no name is an answer, not NOT_FOUND */
    bool first_parent;          /* look along first parents only */
    uint64_t candidates;        /* names to choose from: 10, 24 at most */
    const char *const *matches; /* patterns: names must match one of them */
    size_t match_count;
    const char *const *excludes; /* and none of these */
    size_t exclude_count;
};

/* Release with dits_description_release(). */
struct dits_description {
    struct dits_oid commit;
    char *name;        /* of the nearest tag or branch; NULL: none */
    uint64_t distance; /* commits that `commit` has and that one has not */
};

/*
 * The nearest name that the history of `revision` (NULL: HEAD) has, as git
 * describe chooses it. Errors: NOT_FOUND, with a hint.
 */
DITS_API DITS_MUST_USE dits_error *dits_describe(
    dits_repo *repo, const char *revision,
    const struct dits_describe_options *options, struct dits_description *out);
DITS_API void dits_description_release(struct dits_description *description);

DITS_END_DECLS

#endif
