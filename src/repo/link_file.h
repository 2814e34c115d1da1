/*
 * repo/link_file.h - the file .dits in the top of a linked work tree
 *
 * Text of three lines (docs/formats/worktree.md): what it is, where the folder
 * .dits of the repository lies, and what the work tree is called there.
 */
#ifndef REPO_LINK_FILE_H
#define REPO_LINK_FILE_H

#include "base/buf.h"
#include "base/error.h"

#define LINK_FILE_MAX 8192u

/* Zero is empty; texts are owned. */
struct link_file {
    char *dits_dir; /* absolute */
    char *name;
};

void link_file_release(struct link_file *link);

/* One part of a path, at most 100 bytes of UTF-8, that no system minds. */
bool link_file_name_is_valid(const char *name);

/* CORRUPT, UNSUPPORTED (a later format). */
MUST_USE dits_error *link_file_parse(struct slice bytes, struct link_file *out);
MUST_USE dits_error *link_file_encode(const struct link_file *link,
                                      struct buf *out);

/* Of the work tree at `top`. `*out_found` false: there is no such file. */
MUST_USE dits_error *link_file_read(const char *top, struct link_file *out,
                                    bool *out_found);

/* Durable. */
MUST_USE dits_error *link_file_write(const char *top,
                                     const struct link_file *link);

#endif
