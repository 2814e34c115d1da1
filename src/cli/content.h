/*
 * cli/content.h - the content of stored files
 */
#ifndef CLI_CONTENT_H
#define CLI_CONTENT_H

#include "cli/cli.h"

/*
 * Split "REV:PATH" into a revision and a path from where the user is, as the
 * library takes them. ":PATH" is what is staged, a path that starts with "./"
 * is relative. Without a colon it is a path in HEAD. Both are to be freed with
 * mem_free().
 */
MUST_USE dits_error *content_split(const struct cli *cli, const char *object,
                                   char **out_revision, char **out_path);

/*
 * Write the file to the command's output. A folder sets `*out_is_folder`,
 * where that is not NULL, and else is INVALID.
 */
MUST_USE dits_error *content_copy(struct cli *cli, const char *revision,
                                  const char *path, bool *out_is_folder);

#endif
