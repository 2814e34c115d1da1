/*
 * repo/grep_files.h - which files are searched
 */
#ifndef REPO_GREP_FILES_H
#define REPO_GREP_FILES_H

#include <dits/grep.h>

#include "repo/pathspec.h"

struct grep_file {
    char *path;            /* owned */
    struct dits_oid asset; /* zero: the file on disk */
};

/* In the order of paths. Empty is the zero value. */
struct grep_files {
    struct grep_file *items;
    size_t count;
    size_t capacity;
};

void grep_files_release(struct grep_files *files);

/* The files of a revision, or, with NULL, of what the options say. */
MUST_USE dits_error *grep_files_find(dits_repo *repo,
                                     const struct dits_grep_options *options,
                                     const struct pathspec *pathspec,
                                     const char *revision,
                                     struct grep_files *out);

#endif
