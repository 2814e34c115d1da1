/*
 * dits/replay.h - commits applied again in another place
 *
 * Cherry-pick, revert and rebase. Each call is one operation, whatever number
 * of commits it makes; files are touched once, at the end or where it stops. A
 * stop leaves unfinished work (dits/merge.h): dits_replay_continue() goes on
 * when the conflicts are resolved, dits_abort() gives it all up.
 */
#ifndef DITS_REPLAY_H
#define DITS_REPLAY_H

#include <dits/merge.h>

DITS_BEGIN_DECLS

/* What became of one commit. Borrowed for the call. */
struct dits_replay_event {
    struct dits_oid from; /* the commit that was applied */
    struct dits_oid made; /* zero: it had nothing new, and was left out */
};

/* After all is published; cannot stop anything. */
typedef void dits_replay_fn(const struct dits_replay_event *event,
                            void *payload);

/* How commits are applied. Zero means the default for each field. */
struct dits_replay_how {
    enum dits_conflict_style style;
    enum dits_merge_favor favor;
    bool allow_empty;          /* also commits that never changed anything */
    dits_merge_fn *on_path;    /* NULL allowed */
    dits_replay_fn *on_commit; /* NULL allowed */
    void *payload;             /* of both */
};

enum dits_replay_outcome {
    DITS_REPLAY_DONE = 0,
    DITS_REPLAY_CONFLICTS = 1, /* stopped: paths are to be resolved */
    DITS_REPLAY_EMPTY = 2,     /* stopped: the commit has nothing new here */
    DITS_REPLAY_UP_TO_DATE = 3,
    DITS_REPLAY_FAST_FORWARD = 4,
};

struct dits_replay_result {
    enum dits_replay_outcome outcome;
    struct dits_oid before; /* HEAD */
    struct dits_oid after;
    struct dits_oid stopped_at; /* the commit that it stopped at, or zero */
    uint64_t commits;           /* made */
    uint64_t dropped;
    uint64_t conflicts;
};

struct dits_pick_options {
    const char *const *revisions; /* commits, and ranges "A..B"; in order */
    size_t count;
    bool revert;       /* take them back, the newest first */
    unsigned mainline; /* of merges: the parent, from 1, to compare with */
    bool no_commit;    /* only change files and what is staged */
    bool add_origin;   /* -x: say in the message where it comes from */
    struct dits_replay_how how;
};

/*
 * Apply commits to HEAD, or take them back.
 *
 * Errors: NOT_FOUND; INVALID (a merge without `mainline`, or the other way
 * round; nothing named); CONFLICT (unfinished work, staged changes, files that
 * would be lost).
 */
DITS_API DITS_MUST_USE dits_error *dits_pick(
    dits_repo *repo, const struct dits_pick_options *options,
    struct dits_replay_result *out);

struct dits_rebase_options {
    const char *upstream; /* what is in it stays out; needed without `root` */
    const char *onto;     /* NULL: the upstream */
    const char *branch;   /* to go to first; NULL: HEAD */
    bool root;            /* all commits, from the first one on */
    bool force;           /* also when nothing would change */
    bool autostash; /* put local changes aside, and bring them back at the end:
                       operations of their own */
    struct dits_replay_how how;
};

/*
 * Make the commits that HEAD has and `upstream` has not again on `onto`,
 * without merges, without those that `upstream` has under another id, and
 * without those that bring nothing new there. With `root` and nothing named
 * they have no parent to begin with. The branch moves when all is
 * done. Errors as dits_pick().
 */
DITS_API DITS_MUST_USE dits_error *dits_rebase(
    dits_repo *repo, const struct dits_rebase_options *options,
    struct dits_replay_result *out);

/*
 * Go on with what stopped, of the kind PICK, REVERT or REBASE: commit what is
 * staged, then the commits that are left. With `skip` the one that it stopped
 * at is given up, with the changes in the files (undo brings them back).
 *
 * Errors: NOT_FOUND (no such work); CONFLICT (paths that are not resolved).
 */
DITS_API DITS_MUST_USE dits_error *dits_replay_continue(
    dits_repo *repo, enum dits_work_kind kind, bool skip,
    const struct dits_replay_how *how, struct dits_replay_result *out);

DITS_END_DECLS

#endif
