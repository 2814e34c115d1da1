/*
 * dits/ignore.h - which files a project leaves alone
 *
 * By git's rules, from the files .ditsignore of the folders, .dits/info/exclude
 * and the one that core.excludesFile names.
 */
#ifndef DITS_IGNORE_H
#define DITS_IGNORE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Borrowed for the call. */
struct dits_ignore_answer {
    const char *path;    /* as it was given */
    bool is_ignored;     /* it is left alone */
    const char *source;  /* the file with the pattern; NULL: none matches */
    uint64_t line;       /* in it, from 1 */
    const char *pattern; /* as it stands there; '!' in front: not ignored */
};

/*
 * Asks one path after the other; the patterns are read as they are needed, and
 * what is staged once. Free with dits_ignore_check_free().
 */
typedef struct dits_ignore_check dits_ignore_check;

/* `tracked_too`: else what is tracked, or holds what is, is never ignored. */
DITS_API DITS_MUST_USE dits_error *dits_ignore_check_new(
    dits_repo *repo, bool tracked_too, dits_ignore_check **out);
DITS_API void dits_ignore_check_free(dits_ignore_check *check);

/*
 * `path` is plain, relative to the prefix, and need not exist; `out` is valid
 * until the next question. INVALID outside of the work tree.
 */
DITS_API DITS_MUST_USE dits_error *dits_ignore_ask(
    dits_ignore_check *check, const char *path, struct dits_ignore_answer *out);

DITS_END_DECLS

#endif
