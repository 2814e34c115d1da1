/*
 * repo/rule_file.h - reading ignore and attributes files
 */
#ifndef REPO_RULE_FILE_H
#define REPO_RULE_FILE_H

#include "base/buf.h"
#include "base/dir.h"

/*
 * The file at `path`, a path of the system. Absence is an answer. LIMIT past
 * `max` bytes.
 */
MUST_USE dits_error *rule_file_read(const char *path, size_t max,
                                    struct buf *out, bool *out_found);

/*
 * The file `name` of a folder of the work tree. What is no regular file is
 * absent: a symlink could lead anywhere.
 */
MUST_USE dits_error *rule_file_read_in(const struct dir *dir, const char *name,
                                       size_t max, struct buf *out,
                                       bool *out_found);

#endif
