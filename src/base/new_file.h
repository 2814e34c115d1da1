/*
 * base/new_file.h - a file that appears under its path once it is whole
 *
 * For what is written outside of a repository. Until it is published there is
 * nothing under that path, or what was there; afterwards it is durable.
 */
#ifndef BASE_NEW_FILE_H
#define BASE_NEW_FILE_H

#include "base/dir.h"

/* Released is the zero value. */
struct new_file {
    struct dir folder;
    char *folder_path;
    char *name;
    struct dir_new_file file; /* write to file.file */
};

/*
 * In the folder of `path`, which must be there. Errors: NOT_FOUND, DENIED,
 * INVALID (what is there is no file).
 */
MUST_USE dits_error *new_file_begin(const char *path, struct new_file *out);

/* Make it durable, and put it in place of a file that is there. */
MUST_USE dits_error *new_file_publish(struct new_file *file);

/* For CLEANUP(): what was not published leaves nothing. */
void new_file_release(struct new_file *file);

#endif
