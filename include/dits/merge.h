/*
 * dits/merge.h - bringing two lines of work together
 *
 * What cannot be decided is a conflict: texts get markers, of any other file
 * both sides are put beside each other, "clip.ours.mov" and "clip.theirs.mov".
 * The work is then unfinished until every path is resolved and dits_continue()
 * or a commit ends it, or dits_abort() gives it up. Each call is one operation
 * that undo takes back.
 */
#ifndef DITS_MERGE_H
#define DITS_MERGE_H

#include <dits/commit.h>
#include <dits/worktree.h>

DITS_BEGIN_DECLS

/* What a path of a merge came to. */
enum dits_merge_event_kind {
    DITS_MERGE_AUTO = 0,          /* both changed it; merged by lines */
    DITS_MERGE_CONTENT = 1,       /* both changed it otherwise */
    DITS_MERGE_BOTH_ADDED = 2,    /* each in its own way */
    DITS_MERGE_DELETED = 3,       /* one deleted what the other changed */
    DITS_MERGE_RENAME_DELETE = 4, /* one renamed what the other deleted */
    DITS_MERGE_RENAME_RENAME = 5, /* each to another name */
    DITS_MERGE_FILE_FOLDER = 6,   /* a file where the other has a folder */
};

/* Borrowed for the call. */
struct dits_merge_event {
    enum dits_merge_event_kind kind;
    const char *path;     /* where the result is */
    const char *old_path; /* before a rename or a move aside; else NULL */
    const char *other;    /* the second name of RENAME_RENAME; else NULL */
    bool is_text;         /* has conflict markers */
    bool is_ours; /* DELETED, RENAME_DELETE: our side deleted it; FILE_FOLDER:
                     the file is ours */
    const char *ours_file; /* both sides beside each other, or NULL */
    const char *theirs_file;
};

/* An error ends the merge, which then changes nothing. */
typedef dits_error *dits_merge_fn(const struct dits_merge_event *event,
                                  void *payload);

/* How stretches of text in conflict are written. */
enum dits_conflict_style {
    DITS_STYLE_DEFAULT = 0, /* the setting merge.conflictStyle */
    DITS_STYLE_MERGE = 1,
    DITS_STYLE_DIFF3 = 2, /* with what both sides began from */
    DITS_STYLE_ZDIFF3 = 3,
};

/* Which side is taken where both changed the same. */
enum dits_merge_favor {
    DITS_FAVOR_NONE = 0,
    DITS_FAVOR_OURS = 1,
    DITS_FAVOR_THEIRS = 2,
};

enum dits_fast_forward {
    DITS_FF_DEFAULT = 0, /* the setting merge.ff; else when it is possible */
    DITS_FF_ALLOW = 1,
    DITS_FF_NEVER = 2, /* --no-ff */
    DITS_FF_ONLY = 3,
};

/* Zero means the default for each field. */
struct dits_merge_options {
    const char *target; /* the revision to merge; needed */
    const char *message;
    enum dits_fast_forward fast_forward;
    enum dits_conflict_style style;
    enum dits_merge_favor favor;
    bool squash;    /* only stage what it brings, as changes of one's own */
    bool no_commit; /* stop before the commit */
    bool allow_unrelated;
    dits_merge_fn *on_path; /* NULL allowed */
    void *payload;
};

enum dits_merge_outcome {
    DITS_MERGE_UP_TO_DATE = 0,
    DITS_MERGE_FAST_FORWARD = 1,
    DITS_MERGE_COMMITTED = 2,
    DITS_MERGE_STAGED = 3, /* no_commit or squash: all is well, to be committed
                            */
    DITS_MERGE_CONFLICTS = 4,
};

struct dits_merge_result {
    enum dits_merge_outcome outcome;
    struct dits_oid before;
    struct dits_oid after; /* HEAD; as before when nothing was committed */
    uint64_t conflicts;    /* paths */
};

/*
 * Merge a revision into HEAD.
 *
 * Errors: NOT_FOUND; CONFLICT (unfinished work; staged changes; files with
 * changes that would be lost, named; histories without a common commit; no fast
 * forward where only that is allowed), INVALID (no commit here yet).
 */
DITS_API DITS_MUST_USE dits_error *dits_merge(
    dits_repo *repo, const struct dits_merge_options *options,
    struct dits_merge_result *out);

/*
 * What dits_merge() would come to, with nothing changed: `out->after` is where
 * HEAD is. Files in the way are not looked for. `*out_message` is that of the
 * commit it would make, or NULL where it would make none; free it with
 * dits_free().
 */
DITS_API DITS_MUST_USE dits_error *dits_merge_look(
    dits_repo *repo, const struct dits_merge_options *options,
    struct dits_merge_result *out, char **out_message);

/* The best common ancestors, newest first. An error of `fn` ends the walk. */
typedef dits_error *dits_oid_fn(const struct dits_oid *id, void *payload);
DITS_API DITS_MUST_USE dits_error *dits_merge_base(dits_repo *repo,
                                                   const char *a, const char *b,
                                                   dits_oid_fn *fn,
                                                   void *payload);

/* What is unfinished. */
enum dits_work_kind {
    DITS_WORK_NONE = 0,
    DITS_WORK_MERGE = 1,
    DITS_WORK_SQUASH = 2,
    DITS_WORK_PICK = 3,
    DITS_WORK_REVERT = 4,
    DITS_WORK_REBASE = 5,
    DITS_WORK_STASH = 6,
};

/* Release with dits_work_release(). */
struct dits_work {
    enum dits_work_kind kind;
    struct dits_oid start; /* HEAD when it began */
    struct dits_oid other; /* what is merged or applied */
    struct dits_oid onto;  /* of a rebase */
    char *branch;          /* short name; of a rebase: what is moved */
    char *message;         /* of the commit to be made */
    uint64_t steps_left;
    uint64_t conflicts; /* paths that are not resolved */
};

DITS_API DITS_MUST_USE dits_error *dits_work_get(dits_repo *repo,
                                                 struct dits_work *out);
DITS_API void dits_work_release(struct dits_work *work);

/*
 * Give up what is unfinished, of the kind `kind`: HEAD, what is staged and the
 * files that it touched are as they were when it began; changes made to these
 * since are captured, for undo. Changes of other files stay. NOT_FOUND when
 * there is none of the kind.
 */
DITS_API DITS_MUST_USE dits_error *dits_abort(dits_repo *repo,
                                              enum dits_work_kind kind);

/*
 * Forget what is unfinished, of the kind `kind`: HEAD, what is staged and the
 * files stay as they are, and so do conflicts, to be resolved for themselves. A
 * rebase leaves HEAD without a branch. NOT_FOUND when there is none.
 */
DITS_API DITS_MUST_USE dits_error *dits_quit(dits_repo *repo,
                                             enum dits_work_kind kind);

/* One path with a conflict. Borrowed for the call. Zero ids: it is not there.
 */
struct dits_conflict {
    const char *path;
    struct dits_oid base;
    struct dits_oid ours;
    struct dits_oid theirs;
    const char *ours_file; /* put beside it, or NULL */
    const char *theirs_file;
};

typedef dits_error *dits_conflict_fn(const struct dits_conflict *conflict,
                                     void *payload);

/* Sorted by path. */
DITS_API DITS_MUST_USE dits_error *dits_conflict_each(dits_repo *repo,
                                                      dits_conflict_fn *fn,
                                                      void *payload);

enum dits_resolution {
    DITS_RESOLVE_OURS = 1,
    DITS_RESOLVE_THEIRS = 2,
    DITS_RESOLVE_BASE = 3,
    DITS_RESOLVE_BOTH = 4, /* ours stays, theirs is added beside it */
};

struct dits_resolve_options {
    enum dits_resolution how;
    dits_path_fn *on_path; /* NULL allowed; each path that is resolved */
    void *payload;
};

/*
 * Decide the conflicts of the paths named (none: all). What is in the files,
 * and in those that were put beside them, is captured and gives way. To keep a
 * file as it was edited, dits_add() settles its conflict.
 *
 * Errors: NOT_FOUND (a path without a conflict), CONFLICT (BOTH where only one
 * side has the file).
 */
DITS_API DITS_MUST_USE dits_error *dits_resolve(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_resolve_options *options);

DITS_END_DECLS

#endif
