/*
 * repo/scan.h - the work tree compared with the index by stat data
 *
 * Folders are read by all threads, each compared with its part of the index.
 * No file's content is read.
 */
#ifndef REPO_SCAN_H
#define REPO_SCAN_H

#include "repo/ignore.h"
#include "repo/index.h"
#include "repo/pathspec.h"

enum scan_state {
    SCAN_DOUBTFUL,  /* tracked; the stat data does not prove it unchanged */
    SCAN_MISSING,   /* tracked and wanted (repo/sparse.h), but not there */
    SCAN_UNTRACKED, /* a file, or with is_folder a folder with such files */
    SCAN_IGNORED,
    SCAN_NESTED,    /* an untracked folder that is a repository of its own */
    SCAN_SPECIAL,   /* a socket, a device: cannot be tracked */
    SCAN_UNREADABLE /* a folder that cannot be listed */
};

struct scan_entry {
    char *path; /* owned */
    enum scan_state state;
    bool is_folder;
    const struct index_entry *tracked; /* of DOUBTFUL and MISSING, else NULL */
    struct fs_stat stat; /* of DOUBTFUL; of UNTRACKED files if wanted */
};

struct scan_options {
    const struct index *index;
    const struct pathspec *pathspec;
    bool want_stat;       /* also of files that are not tracked */
    bool tracked_only;    /* nothing untracked */
    bool expand;          /* untracked files, not their folders */
    bool dropped;         /* what is known to be dropped counts as DOUBTFUL */
    bool ignored;         /* report what is ignored */
    bool include_ignored; /* what is ignored counts as untracked */
    bool linked;          /* a tracked file with several names is DOUBTFUL */
    bool by_cache;        /* folders are not listed when they are known */
    bool keep;            /* with `by_cache`: note what is listed */

    /* Look at these alone, of which none lies below another: NULL: where the
     * pathspec begins. */
    const char *const *starts;
    size_t start_count;
};

/* Sorted by path; paths are those of names as they are, also malformed ones. */
struct scan_result {
    struct scan_entry *entries;
    size_t count;
    size_t listed; /* folders; all others were known */
};

/* `index` outlives the result and does not change meanwhile. */
MUST_USE dits_error *scan_run(dits_repo *repo,
                              const struct scan_options *options,
                              struct scan_result *out);
void scan_result_release(struct scan_result *result);

#endif
