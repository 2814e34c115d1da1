/*
 * dits/transfer.h - history that travels between repositories
 */
#ifndef DITS_TRANSFER_H
#define DITS_TRANSFER_H

#include <dits/remote.h>

DITS_BEGIN_DECLS

/* Borrowed for the call. */
struct dits_remote_ref {
    const char *name;       /* full; "HEAD" comes first where it leads to one */
    struct dits_oid id;     /* a commit, or the object of a tag */
    struct dits_oid commit; /* what that leads to */
    const char *target;     /* of HEAD: the branch that it is on; else NULL */
};
typedef dits_error *dits_remote_ref_fn(const struct dits_remote_ref *ref,
                                       void *payload);

/*
 * The refs of another repository: `remote` is the name of one, or an address;
 * NULL: the default. `repo` may be NULL for an address. `*out_url` (NULL
 * allowed) is freed with dits_free().
 *
 * Errors: NOT_FOUND (no repository there), UNSUPPORTED (an address of another
 * kind), CORRUPT.
 */
DITS_API DITS_MUST_USE dits_error *dits_remote_list(
    const dits_context *context, dits_repo *repo, const char *remote,
    dits_remote_ref_fn *fn, void *payload, char **out_url);

enum dits_ref_change {
    DITS_REF_UNCHANGED = 0,
    DITS_REF_NEW = 1,
    DITS_REF_FORWARD = 2, /* it went on from where it was */
    DITS_REF_FORCED = 3,  /* what it was is no part of it any more */
    DITS_REF_REMOVED = 4,
    DITS_REF_REJECTED = 5, /* it stays: `reason` says why */
    DITS_REF_REFUSED = 6,  /* the same, as the other side has it */
};

/* What became of one ref. Borrowed for the call. */
struct dits_ref_result {
    const char *source; /* full name where it comes from; NULL: it is gone */
    const char *target; /* full name where it goes; NULL: it is kept nowhere */
    struct dits_oid before;
    struct dits_oid after;
    enum dits_ref_change change;
    const char *reason; /* "non-fast-forward"; NULL unless it was rejected */
    const char *where;  /* the address of the other side */
};
typedef dits_error *dits_ref_result_fn(const struct dits_ref_result *result,
                                       void *payload);

/* Zero means the default for each field. */
struct dits_fetch_options {
    const char *remote; /* a name or an address; NULL: the default remote */
    const char *const *refspecs; /* none: those of the settings */
    size_t refspec_count;
    bool prune;                 /* refs here whose source is gone are removed */
    bool all_tags;              /* else those of commits that are fetched */
    bool no_tags;               /* not even these */
    bool force;                 /* also where a ref does not go forward */
    bool dry_run;               /* transfers, but moves no ref */
    uint64_t depth;             /* so many commits from each ref; 0: all */
    dits_ref_result_fn *on_ref; /* NULL allowed; once refs have moved */
    void *payload;
};

struct dits_transfer_result {
    uint64_t refs; /* made, moved or removed */
    uint64_t rejected;
    uint64_t chunks;       /* new on the receiving side */
    uint64_t bytes;        /* of these, plain */
    uint64_t stored_bytes; /* of these, as they travelled */
    uint64_t cuts_before;  /* commits of the history here without parents */
    uint64_t cuts;
    struct dits_oid head; /* of a fetch: the first ref that was asked for */
};

/*
 * Bring what a remote has. Refs move in one operation, when all that they lead
 * to is here and whole; a ref that would not go forward is rejected, alone, and
 * so is the branch of a work tree. `out` may be NULL.
 *
 * Errors, with no ref changed: NOT_FOUND (no such remote, repository or ref),
 * CORRUPT (what comes is damaged or not whole), UNSUPPORTED, INVALID,
 * CANCELLED, IO, LOCKED.
 */
DITS_API DITS_MUST_USE dits_error *dits_fetch(
    dits_repo *repo, const struct dits_fetch_options *options,
    struct dits_transfer_result *out);

/* What is about to be pushed. Borrowed for the call. */
struct dits_push_ref {
    const char *source;    /* as it is called here: a full name, or what was
                              given; "(delete)" */
    const char *target;    /* full name there */
    struct dits_oid after; /* zero: it is deleted */
    struct dits_oid before;
};

/* An error ends the push before anything has travelled. */
typedef dits_error *dits_push_ask_fn(const char *remote, const char *url,
                                     const struct dits_push_ref *refs,
                                     size_t count, void *payload);

/* Zero means the default for each field. */
struct dits_push_options {
    const char *remote;          /* a name or an address; NULL: the default */
    const char *const *refspecs; /* none: the current branch, to the one that
                                    it follows */
    size_t refspec_count;
    bool all_branches;
    bool all_tags;
    bool remove; /* the refspecs are names that go there */
    bool force;  /* also where a ref does not go forward */
    bool lease;  /* the same, if it is there where it was last seen */
    const char *const *leases; /* "NAME" or "NAME:REV": these alone */
    size_t lease_count;
    bool atomic;           /* all, or none */
    bool dry_run;          /* nothing travels */
    bool set_upstream;     /* the branches follow what they were pushed to */
    dits_push_ask_fn *ask; /* NULL allowed; before anything travels */
    dits_ref_result_fn *on_ref; /* NULL allowed; when it is over */
    void *payload;
};

/*
 * Bring what is here to a remote. What travels is checked there; refs move in
 * one operation of that repository, if they are still where they were seen:
 * each by itself or, if asked for, all or none. A ref that does not go forward
 * is rejected, and so is, there, the branch of a work tree. `out` may be NULL.
 *
 * Errors, with no ref changed: NOT_FOUND (no such remote, repository or
 * revision), INVALID, CORRUPT, UNSUPPORTED, CANCELLED, IO, LOCKED.
 */
DITS_API DITS_MUST_USE dits_error *dits_push(
    dits_repo *repo, const struct dits_push_options *options,
    struct dits_transfer_result *out);

/* Zero means the default for each field. */
struct dits_clone_options {
    const char *branch; /* what HEAD shall be on, or a tag; NULL: as there */
    const char *origin; /* "origin": what the other one is called here */
    bool no_checkout;   /* the files stay where they are */
    bool bare;          /* no files at all: its branches become ours */
    bool mirror;        /* the same, and a later fetch moves all refs */
    bool no_tags;
    uint64_t depth; /* so many commits from each ref; 0: all */
};

/*
 * Make a repository in the folder `path`, which is not there or empty, of what
 * another one has, and open it. When it fails, what it made is removed again,
 * unless content has come: that stays, and the same call goes on from there, as
 * after a kill. `result` may be NULL; `*out` is freed by the caller.
 *
 * Errors: EXISTS (the folder is in use, also by a clone of something else that
 * was cut off), LOCKED (another process clones into it), NOT_FOUND (no
 * repository, or no such branch there), those of dits_fetch().
 */
DITS_API DITS_MUST_USE dits_error *dits_clone(
    const dits_context *context, const char *url, const char *path,
    const struct dits_clone_options *options,
    struct dits_transfer_result *result, dits_repo **out);

DITS_END_DECLS

#endif
