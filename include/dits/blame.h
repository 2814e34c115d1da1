/*
 * dits/blame.h - which commit each line of a text comes from
 */
#ifndef DITS_BLAME_H
#define DITS_BLAME_H

#include <dits/commit.h>

DITS_BEGIN_DECLS

struct dits_blame_options {
    const char *path;     /* relative to the prefix */
    const char *revision; /* NULL: the work tree's file, on HEAD */
    /* "2,5", "2,+4", "5,-4", "/START/,/END/"; none: all lines */
    const char *const *ranges;
    size_t range_count;
    bool ignore_space; /* changes of white space alone are none */
};

/* The lines of one file, each with its origin. */
typedef struct dits_blame dits_blame;

/*
 * Follow each line back to where it came to be: through merges to the first
 * parent that has it, and through renames, also of files that changed as well.
 * The caller frees `*out`.
 *
 * Errors: NOT_FOUND (no such file), INVALID (a range, a folder), UNSUPPORTED
 * (no text, or more than 64 MB of it), CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_blame_new(
    dits_repo *repo, const struct dits_blame_options *options,
    dits_blame **out);
DITS_API void dits_blame_free(dits_blame *blame);

/* Borrowed from the blame. */
struct dits_blame_line {
    uint64_t number;  /* from 1, in the file */
    const char *text; /* without its newline */
    size_t size;
    const dits_commit *commit; /* NULL: not committed */
    const char *path;          /* of the file in that commit, from the top */
    uint64_t origin_number;    /* of the line there */
    /* The parent that has an older version of the file; zero: none has. */
    struct dits_oid previous;
    const char *previous_path;
};

/* The file's path from the top. */
DITS_API const char *dits_blame_path(const dits_blame *blame);
DITS_API size_t dits_blame_count(const dits_blame *blame);
DITS_API struct dits_blame_line dits_blame_line_at(const dits_blame *blame,
                                                   size_t index);

DITS_END_DECLS

#endif
