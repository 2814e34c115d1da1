/*
 * cli/content.h - the content of stored files
 */
#ifndef CLI_CONTENT_H
#define CLI_CONTENT_H

#include <dits/fragments.h>

#include "cli/cli.h"
#include "cli/range.h"

/*
 * Split "REV:PATH" into a revision and a path from where the user is, as the
 * library takes them. ":PATH" is what is staged, a path that starts with "./"
 * is relative. Without a colon it is a path in HEAD. Both are to be freed with
 * mem_free().
 */
MUST_USE dits_error *content_split(const struct cli *cli, const char *object,
                                   char **out_revision, char **out_path);

/* What of a file is written. Zero is all of it. */
struct content_part {
    bool has_bytes;
    struct range_bytes bytes; /* of the file, or of what is made of it: */

    /* A file of some fragments of the clip (dits/fragments.h). */
    bool has_fragments;
    struct range_numbers fragments;
    bool has_times; /* the same, chosen by time */
    struct range_times times;
    struct dits_fragment_file_options options;
};

/* Write that part of the file to the command's output. */
MUST_USE dits_error *content_copy_part(struct cli *cli, const char *revision,
                                       const char *path,
                                       const struct content_part *part);

/*
 * Write the file to the command's output. A folder sets `*out_is_folder`,
 * where that is not NULL, and else is INVALID.
 */
MUST_USE dits_error *content_copy(struct cli *cli, const char *revision,
                                  const char *path, bool *out_is_folder);

#endif
