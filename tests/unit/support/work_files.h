/*
 * tests/unit/support/work_files.h - files in the work tree of a temp_repo
 *
 * Folders are made as needed. Each function is false when the system refuses.
 */
#ifndef SUPPORT_WORK_FILES_H
#define SUPPORT_WORK_FILES_H

#include "base/buf.h"
#include "support/temp_repo.h"

bool work_write(const struct temp_repo *temp, const char *path,
                const char *text);
bool work_write_bytes(const struct temp_repo *temp, const char *path,
                      struct slice bytes);

/* Remove all that lies there, but not the repository. */
bool work_empty(const struct temp_repo *temp);

/* Whether there is a regular file of exactly this text. */
bool work_is(const struct temp_repo *temp, const char *path, const char *text);
bool work_exists(const struct temp_repo *temp, const char *path);
bool work_remove(const struct temp_repo *temp, const char *path);
bool work_link(const struct temp_repo *temp, const char *path,
               const char *target);
bool work_chmod(const struct temp_repo *temp, const char *path, unsigned mode);

/* `dits add PATH` with the default options, or -A for NULL. */
MUST_USE dits_error *work_add(struct temp_repo *temp, const char *path);

/*
 * What `dits status -s` would print, one line for each path: "M  a.mov",
 * " D b", "?? c/", "UU d". Free with mem_free().
 */
MUST_USE dits_error *work_status(struct temp_repo *temp, char **out);

/* Whether the status is exactly `expected`; prints it when not. */
bool work_status_is(struct temp_repo *temp, const char *expected);

#endif
