/*
 * dits/worktree.h - the files a user works on, and what is staged
 *
 * Paths that come out of these are relative to the top of the work tree.
 */
#ifndef DITS_WORKTREE_H
#define DITS_WORKTREE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* What happened, or would happen, to one path. Borrowed for the call. */
struct dits_path_event {
    char action;      /* 'A' added, 'M' modified, 'D' removed, 'R' renamed */
    const char *path; /* the new one */
    const char *old_path; /* of a rename, else NULL */
};

/* An error ends the command, which then changes nothing. */
typedef dits_error *dits_path_fn(const struct dits_path_event *event,
                                 void *payload);

/* Zero means the default for each field. */
struct dits_add_options {
    bool all;              /* -A: also removals and everything untracked */
    bool update;           /* -u: only what is tracked */
    bool dry_run;          /* -n */
    bool force;            /* -f: also what is ignored */
    dits_path_fn *on_path; /* NULL allowed; for each path that changes */
    void *payload;
};

struct dits_add_result {
    uint64_t files_added;
    uint64_t files_modified;
    uint64_t files_removed;
    uint64_t bytes;        /* of added and modified files */
    uint64_t new_bytes;    /* of those, not in the store before */
    uint64_t stored_bytes; /* what the store grew by */
};

/*
 * Stage files. Nothing is staged unless all is; a file that changes while it is
 * read gives CONFLICT naming it.
 *
 * Errors: NOT_FOUND (a path that matches nothing), DENIED, CONFLICT, INVALID (a
 * name that is not UTF-8; an ignored path named outright), LIMIT, CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_add(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_add_options *options, struct dits_add_result *out);

struct dits_remove_options {
    bool cached;    /* keep the file in the work tree */
    bool force;     /* also with changes that are not committed */
    bool recursive; /* -r */
    bool dry_run;
    dits_path_fn *on_path;
    void *payload;
};

/* Errors: NOT_FOUND, CONFLICT (changes would be lost), INVALID (a folder). */
DITS_API DITS_MUST_USE dits_error *dits_remove(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_remove_options *options);

enum dits_clean_scope {
    DITS_CLEAN_UNTRACKED = 0, /* what is ignored stays */
    DITS_CLEAN_ALL = 1,       /* -x: only what `exclude` matches stays */
    DITS_CLEAN_IGNORED = 2,   /* -X: only what is ignored goes */
};

/* A path that should have gone, and why it stays; both borrowed. */
typedef void dits_clean_left_fn(const char *path, const dits_error *why,
                                void *payload);

/* Zero means the default for each field. */
struct dits_clean_options {
    enum dits_clean_scope scope;
    bool folders;              /* -d: also untracked folders */
    bool force;                /* -f: needed unless clean.requireForce is no */
    bool dry_run;              /* -n: needs no force */
    struct dits_paths exclude; /* -e: patterns that are ignored, too */
    dits_path_fn *on_path; /* NULL allowed; a folder that goes with all that is
                              in it is one path, and ends in '/' */
    dits_clean_left_fn *on_left; /* NULL allowed */
    void *payload;
};

struct dits_clean_result {
    uint64_t files; /* removed, or that would be */
    uint64_t bytes; /* of these */
    uint64_t paths_left;
};

/*
 * Remove files that are not tracked: below `paths`, which imply `folders`, or
 * (NULL, or no items) where the repository was opened. Each is stored first, so
 * that undo brings it back; what cannot be stored or removed is left, and told
 * of. Repositories in the work tree stay. `out` may be NULL.
 *
 * Errors, with nothing removed: INVALID (no force, a path outside), NOT_FOUND
 * (a path that matches nothing), IO, LIMIT, CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_clean(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_clean_options *options, struct dits_clean_result *out);

/* Zero means the default for each field. */
struct dits_drop_options {
    bool force;   /* also with changes, which undo brings back, and of files
                     that are not committed */
    bool dry_run; /* -n */
    dits_path_fn *on_path; /* NULL allowed; 'M' for each file */
    void *payload;
};

struct dits_drop_result {
    uint64_t files;
    uint64_t bytes; /* of their contents */
};

/*
 * Leave the content of tracked files to the repository alone: a stand-in takes
 * its place, which every other function knows as the file. The stored content
 * is read and verified before. Symlinks, files of less than 4 KiB, absent ones
 * and those that are dropped are passed over. `out` may be NULL.
 *
 * Errors, with nothing changed: NOT_FOUND (a path that matches nothing),
 * CONFLICT (not committed, or changes), CORRUPT, CANCELLED, IO.
 */
DITS_API DITS_MUST_USE dits_error *dits_drop(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_drop_options *options, struct dits_drop_result *out);

struct dits_get_options {
    bool dry_run;
    dits_path_fn *on_path; /* NULL allowed; 'M' for each file */
    void *payload;
};

/*
 * Bring the content of dropped files back. Others are passed over. `options`
 * and `out` may be NULL.
 *
 * Errors, with nothing changed: NOT_FOUND, CORRUPT, CANCELLED, IO.
 */
DITS_API DITS_MUST_USE dits_error *dits_get(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_get_options *options, struct dits_drop_result *out);

struct dits_move_options {
    bool force; /* replace the destination */
    bool dry_run;
    dits_path_fn *on_path;
    void *payload;
};

/*
 * Rename files or folders, in the work tree and in what is staged. `to` is a
 * folder where there are several sources. Plain paths relative to the prefix.
 */
DITS_API DITS_MUST_USE dits_error *dits_move(
    dits_repo *repo, const struct dits_paths *from, const char *to,
    const struct dits_move_options *options);

struct dits_restore_options {
    const char *source; /* revision; NULL: staged, or HEAD with `staged` */
    bool staged;        /* restore what is staged */
    bool worktree;      /* restore the work tree; the default without staged */
    bool keep_others;   /* files that the source has not stay as they are */
    bool outside;       /* also what is absent, outside of the sparse set */
    dits_path_fn *on_path;
    void *payload;
};

/*
 * Errors: INVALID (nothing named), NOT_FOUND (a path that names nothing; one
 * that names only what is absent outside of the sparse set).
 */
DITS_API DITS_MUST_USE dits_error *dits_restore(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_restore_options *options);

struct dits_switch_options {
    const char *target; /* branch, or a revision with `detach` or `create` */
    const char *create; /* -c NAME: make this branch at target (or HEAD) */
    bool force_create;  /* -C */
    bool orphan; /* `create` begins anew: without a commit and without files */
    bool detach;
    bool discard_changes; /* -f: captured first, undo brings them back */
    bool share_branch;    /* also to one that another work tree is on */
};

struct dits_switch_result {
    struct dits_oid before; /* zero: there was no commit */
    struct dits_oid after;
    uint64_t files_written;
    uint64_t files_removed;
    bool already_there;
};

/*
 * Errors: NOT_FOUND; CONFLICT when changes would be lost, naming the files.
 * Changes that are not in the way are kept, as git does.
 */
DITS_API DITS_MUST_USE dits_error *dits_switch(
    dits_repo *repo, const struct dits_switch_options *options,
    struct dits_switch_result *out);

enum dits_reset_mode {
    DITS_RESET_MIXED = 0, /* also what is staged */
    DITS_RESET_SOFT = 1,  /* HEAD alone */
    DITS_RESET_HARD = 2,  /* what is staged and the files */
};

struct dits_reset_options {
    const char *target; /* revision; NULL: HEAD */
    enum dits_reset_mode mode;
};

struct dits_reset_result {
    struct dits_oid before; /* zero: there was no commit */
    struct dits_oid after;
    uint64_t files_written;
    uint64_t files_removed;
};

/*
 * Move the current branch, or a detached HEAD, to `target`. On a branch without
 * a commit HEAD stands for no files at all. With DITS_RESET_HARD changes of
 * tracked files are captured and given up; what is untracked stays, but for a
 * file that stands where one of `target` belongs: that is captured, too.
 *
 * `options` NULL: mixed, to HEAD. For the staged state of single paths there is
 * dits_restore() with `staged`.
 *
 * Errors: NOT_FOUND, INVALID (no commit); CONFLICT, naming them, where
 * untracked files cannot make room: a folder of them in the place of a file, or
 * a file in that of a folder.
 */
DITS_API DITS_MUST_USE dits_error *dits_reset(
    dits_repo *repo, const struct dits_reset_options *options,
    struct dits_reset_result *out);

enum dits_change {
    DITS_UNCHANGED = 0,
    DITS_ADDED = 1,
    DITS_MODIFIED = 2,
    DITS_DELETED = 3,
    DITS_RENAMED = 4,
    DITS_TYPE_CHANGED = 5, /* file, symlink */
    DITS_UNTRACKED = 6,
    DITS_IGNORED = 7,
    DITS_DROPPED = 8, /* unchanged; the content is in the repository alone */
};

/* What both sides of a merge did to a path that is not resolved. */
enum dits_conflict_state {
    DITS_NO_CONFLICT = 0,
    DITS_BOTH_DELETED = 1,    /* DD: with other names on both sides */
    DITS_ADDED_BY_US = 2,     /* AU */
    DITS_DELETED_BY_THEM = 3, /* UD */
    DITS_ADDED_BY_THEM = 4,   /* UA */
    DITS_DELETED_BY_US = 5,   /* DU */
    DITS_BOTH_ADDED = 6,      /* AA */
    DITS_BOTH_MODIFIED = 7,   /* UU */
};

/* Borrowed for the call. An untracked folder ends in '/'. */
struct dits_status_entry {
    const char *path;
    const char *old_path;      /* of a rename, else NULL */
    enum dits_change staged;   /* HEAD against what is staged */
    enum dits_change worktree; /* what is staged against the work tree */
    /* With a conflict both of these are DITS_UNCHANGED. */
    enum dits_conflict_state conflict;
};

typedef dits_error *dits_status_fn(const struct dits_status_entry *entry,
                                   void *payload);

struct dits_status_options {
    struct dits_paths paths;
    bool ignored;        /* list ignored files too */
    bool dropped;        /* tell of dropped files; else they are unchanged */
    bool hide_untracked; /* -uno */
    bool all_untracked_files; /* -uall: files, not their folders */
};

/* Sorted by path. Writes nothing but refreshed times in the index. */
DITS_API DITS_MUST_USE dits_error *dits_status(
    dits_repo *repo, const struct dits_status_options *options,
    dits_status_fn *fn, void *payload);

DITS_END_DECLS

#endif
