/*
 * repo/pathspec_parse.h - one item of a pathspec
 */
#ifndef REPO_PATHSPEC_PARSE_H
#define REPO_PATHSPEC_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct pathspec_item {
    char *text;    /* as the user gave it */
    char *pattern; /* from the top, without a final '/' */
    size_t pattern_length;
    size_t literal_length; /* of its front without wildcards */
    size_t glob_offset;    /* of the first folder or name with wildcards */
    unsigned flags;        /* of glob_match() */
    bool is_literal;       /* no wildcards */
    bool is_exclude;
    bool is_folder_only; /* ended in '/' */
    bool is_noted;       /* some path satisfies it */
};

MUST_USE dits_error *pathspec_item_parse(const char *work_dir,
                                         const char *prefix, const char *text,
                                         struct pathspec_item *out);
void pathspec_item_release(struct pathspec_item *item);

/* Length of the file or folder that all it can match is or lies in. */
size_t pathspec_item_start(const struct pathspec_item *item);

#endif
