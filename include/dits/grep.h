/*
 * dits/grep.h - searching the lines of files
 */
#ifndef DITS_GREP_H
#define DITS_GREP_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_grep_syntax {
    DITS_GREP_BASIC = 0,    /* POSIX basic regular expressions */
    DITS_GREP_EXTENDED = 1, /* POSIX extended ones */
    DITS_GREP_FIXED = 2,    /* texts as they are */
};

/* Zero means the default for each field. */
struct dits_grep_options {
    const char *const *patterns; /* a line with any of these is a hit */
    size_t pattern_count;
    enum dits_grep_syntax syntax;
    bool ignore_case;
    bool words;  /* hits begin and end where words do */
    bool invert; /* the other lines are the hits */

    const char *const *revisions; /* each is searched; none: the work tree */
    size_t revision_count;
    bool staged;             /* what is staged in place of the work tree */
    bool untracked;          /* of the work tree also what is not tracked */
    struct dits_paths paths; /* none: all below where the repository was opened
                              */

    bool as_text;     /* also files that look like binary ones */
    bool skip_binary; /* not these at all */
    bool files_only;  /* stop after the first hit of each file */
    bool first_only;  /* and after the first file with a hit */
    bool no_lines;    /* tell of files alone */
    bool spans;       /* where in a line the hits are */
    uint64_t before;  /* lines of context */
    uint64_t after;
};

/* Bytes of a line. */
struct dits_grep_span {
    size_t start;
    size_t size;
};

enum dits_grep_kind {
    DITS_GREP_HIT = 1,     /* a line */
    DITS_GREP_CONTEXT = 2, /* a line beside hits */
    DITS_GREP_GAP = 3,     /* lines left out between two with context */
    DITS_GREP_FILE = 4,    /* the end of a file, with hits or not */
};

/* Borrowed for the call. */
struct dits_grep_event {
    enum dits_grep_kind kind;
    const char *revision; /* as it was given; NULL: none was */
    const char *path;     /* from the top */
    uint64_t number;      /* of the line, from 1; of a file: its hits */
    const char *line;     /* without its newline; a NUL follows */
    size_t size;          /* bytes of it */
    const struct dits_grep_span *spans; /* of a hit, if asked for */
    size_t span_count;
    bool is_binary; /* of a file: its lines were not told of */
};

/* One call at a time, perhaps from other threads. An error ends the search. */
typedef dits_error *dits_grep_fn(const struct dits_grep_event *event,
                                 void *payload);

/*
 * Search files in the order of revisions and paths, several at a time. A file
 * of any size takes a few MB: a line above 4 MB is searched, and told of, in
 * pieces. A file with a NUL in its first 8,000 bytes is binary.
 *
 * Errors: INVALID (a pattern), NOT_FOUND (a revision), CORRUPT, CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_grep(
    dits_repo *repo, const struct dits_grep_options *options, dits_grep_fn *fn,
    void *payload);

DITS_END_DECLS

#endif
