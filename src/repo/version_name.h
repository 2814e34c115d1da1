/*
 * repo/version_name.h - names that people give to versions of a file
 *
 * "cut.mov", "cut_v2.mov", "cut_v2_FINAL (1).mov" are one file, "cut.mov", in
 * three versions. A name is its stem, marks of a version behind it, and an
 * extension. Marks are numbers ("v2", "ver 3", "rev4"), dates ("2024-01-31",
 * "240131_1530"), words ("final", "REAL", "copy", "old"), and numbers in
 * parentheses. A plain number of up to three digits ("_02") is one behind
 * another mark or behind a word for work ("cut_02"); elsewhere it is a maybe:
 * "shot_01" and "shot_02" are two shots, "clip" and "clip 2" are not.
 */
#ifndef REPO_VERSION_NAME_H
#define REPO_VERSION_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERSION_NAME_MARKS = 12 };

/* Marks sort by kind, a name that ends earlier standing at VERSION_NOTHING. */
enum version_kind {
    VERSION_EARLY = 0, /* "old", "draft" */
    VERSION_NOTHING = 1,
    VERSION_COPY = 2, /* "copy", "(1)" */
    VERSION_NUMBER = 3,
    VERSION_DATE = 4,
    VERSION_LETTER = 5, /* "v2b"; what else a pattern finds */
    VERSION_LATE = 6,   /* "new", "final", "real", "latest" */
};

struct version_mark {
    enum version_kind kind;
    uint64_t number;
};

struct version_name {
    size_t start;     /* where the stem begins: 0, but by a user's rule */
    size_t stem;      /* where it ends */
    size_t extension; /* where the extension begins, with its point */
    struct version_mark marks[VERSION_NAME_MARKS];
    size_t count;
    size_t maybe; /* of the marks, from the first on: they are plain numbers */
    size_t sure_stem; /* where the stem ends when these are no marks */
};

/* Of a file's name, without folders. */
void version_name_parse(const char *name, struct version_name *out);

/* The maybes are no marks. */
void version_name_doubt(struct version_name *name);

/*
 * The same by the user's rule: `stem` and `version` are what it found in the
 * name, as offsets and lengths.
 */
struct version_span {
    size_t start;
    size_t length;
};
void version_name_set(const char *name, struct version_span stem,
                      struct version_span version, struct version_name *out);

/* Which of two versions is the earlier: below 0, 0 (they say the same), above.
 */
int version_name_compare(const struct version_name *a,
                         const struct version_name *b);

#endif
