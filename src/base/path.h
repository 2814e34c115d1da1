/*
 * base/path.h - paths inside a repository
 *
 * UTF-8 text, parts joined by '/', as docs/formats/tree.md allows them.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The order of paths everywhere in Dits: like strcmp(), but '/' sorts before
 * every other byte. So paths come in the order in which a walk through sorted
 * folders meets them: "a", "a/x", "a-b".
 */
int path_compare(const char *a, const char *b);

/* Whether `path` is `folder` or lies below it. "" holds everything. */
bool path_is_within(const char *path, const char *folder);

/* The last part. */
const char *path_base_name(const char *path);

#endif
