/*
 * dits/import_folder.h - a folder of versions becomes history
 */
#ifndef DITS_IMPORT_FOLDER_H
#define DITS_IMPORT_FOLDER_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* One file of the folder and what becomes of it. Borrowed for the call. */
struct dits_import_file {
    uint64_t commit;    /* the number of its commit: 1, 2, ... */
    const char *source; /* from the top of the folder */
    const char *path;   /* what it is called in the commit */
    int64_t time;       /* when it was last changed: seconds since 1970 UTC */
    uint64_t size;
    uint64_t version; /* 1, 2, ... of `versions`; 1 of 1 where it is alone */
    uint64_t versions;
};

/* An error ends the import, which then changes nothing. */
typedef dits_error *dits_import_file_fn(const struct dits_import_file *file,
                                        void *payload);

/* Zero means the default for each field. */
struct dits_import_folder_options {
    const char *branch;  /* "imported/" and the folder's name */
    const char *pattern; /* POSIX extended: the first group is the stem of a
                            name, the second the version; names that it does
                            not fit are no versions */
    bool by_time;        /* versions in the order of their times alone */
    bool force;          /* move the branch if it is there */
    bool dry_run;
    dits_import_file_fn *on_file; /* NULL allowed; in the order of commits */
    void *payload;
};

struct dits_import_folder_result {
    uint64_t files;
    uint64_t commits;
    uint64_t bytes;
    struct dits_oid tip; /* zero after a dry run */
};

/*
 * Make a branch with a history of its own out of the files below `folder`,
 * which is only read. Files that are alone are in the first commit, under
 * their names; every version of one is a commit with its time, and all are of
 * one name. Repositories within (.dits, .git) are left out. `out` may be NULL.
 *
 * Errors, with nothing changed: NOT_FOUND, EXISTS (the branch, unless forced),
 * INVALID (the pattern, the branch's name, a name that is not UTF-8, two files
 * that would have one name), CONFLICT (the current branch; a file changed while
 * it was read; no file), LIMIT, CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_import_folder(
    dits_repo *repo, const char *folder,
    const struct dits_import_folder_options *options,
    struct dits_import_folder_result *out);

DITS_END_DECLS

#endif
