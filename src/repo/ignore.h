/*
 * repo/ignore.h - files that are not to be tracked
 *
 * git's rules (docs/formats/ignore.md), read from .ditsignore in each folder,
 * .dits/info/exclude and core.excludesFile. Of several patterns that match, the
 * last one of the deepest file decides.
 */
#ifndef REPO_IGNORE_H
#define REPO_IGNORE_H

#include "base/dir.h"
#include "repo/pattern.h"
#include "repo/repo.h"

#define IGNORE_FILE_NAME ".ditsignore"
#define IGNORE_FILE_MAX (4u << 20) /* bytes */

/* The patterns of one file. Immutable: any thread. */
struct ignore_rules;

/* Any bytes are valid patterns. Errors: NOMEM. */
MUST_USE dits_error *ignore_rules_parse(const void *data, size_t size,
                                        struct ignore_rules **out);
void ignore_rules_free(struct ignore_rules *rules);
void ignore_rules_freep(struct ignore_rules **rules);

enum ignore_verdict {
    IGNORE_SILENT = 0, /* no pattern matches */
    IGNORE_YES = 1,
    IGNORE_NO = 2, /* the pattern that decides starts with '!' */
};

/*
 * The pattern that decides, or NULL; borrowed. `path` is relative to the folder
 * of the file with the patterns.
 */
const struct pattern *ignore_rules_find(const struct ignore_rules *rules,
                                        const char *path, bool is_folder);
enum ignore_verdict ignore_rules_match(const struct ignore_rules *rules,
                                       const char *path, bool is_folder);

/*
 * The rules that hold in one folder: its own and, through `parent`, those of
 * the folders above it and of the repository. Immutable once made.
 */
struct ignore_level {
    const struct ignore_level *parent;
    struct ignore_rules *rules; /* NULL: none */
    size_t folder_length;       /* of the folder's path with its '/' */
    const char *source; /* what the file is called; NULL: IGNORE_FILE_NAME of
                           the folder */
};

/* Which pattern of which level decides. `path` as below. */
struct ignore_match {
    const struct ignore_level *level; /* NULL: no pattern matches */
    const struct pattern *pattern;
};
struct ignore_match ignore_find(const struct ignore_level *level,
                                const char *path, bool is_folder);

/* `path` is relative to the top of the work tree. */
bool ignore_is_ignored(const struct ignore_level *level, const char *path,
                       bool is_folder);

/* Every level made for one command. Any thread. */
struct ignore;

/* Starts with the rules of the repository and of the user. */
MUST_USE dits_error *ignore_new(dits_repo *repo, struct ignore **out);
void ignore_free(struct ignore *ignore);
void ignore_freep(struct ignore **ignore);

/* What holds at the top, before the top's own file. */
const struct ignore_level *ignore_base(const struct ignore *ignore);

/*
 * The level for a folder that is open as `dir`, at `path` ("" at the top):
 * `parent` itself when the folder has no rules. Owned by `ignore`.
 */
MUST_USE dits_error *ignore_enter(struct ignore *ignore,
                                  const struct ignore_level *parent,
                                  const struct dir *dir, const char *path,
                                  const struct ignore_level **out);

#endif
