/*
 * dits/diff.h - what differs between two states of the tree
 */
#ifndef DITS_DIFF_H
#define DITS_DIFF_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_diff_kind {
    DITS_DIFF_REVISION = 0, /* a commit or tree */
    DITS_DIFF_STAGED = 1,
    DITS_DIFF_WORKTREE = 2,
    DITS_DIFF_EMPTY = 3, /* no files at all: before a root commit */
};

struct dits_diff_side {
    enum dits_diff_kind kind;
    const char *revision; /* of DITS_DIFF_REVISION; NULL: HEAD */
};

struct dits_diff_options {
    struct dits_diff_side from;
    struct dits_diff_side to;
    struct dits_paths paths;
    bool no_renames;
};

/* One file that differs. Borrowed for the call. */
struct dits_diff_file {
    char status;          /* A M D R T */
    const char *old_path; /* NULL: not there */
    const char *new_path; /* NULL: not there */
    char old_mode;        /* 'f' file, 'x' executable, 'l' symlink, 0: none */
    char new_mode;
    struct dits_oid old_id; /* of the asset; zero: none */
    struct dits_oid new_id;
    uint64_t old_size; /* bytes */
    uint64_t new_size;
};

typedef struct dits_diff dits_diff;

/* Compare, and keep the result. The caller frees `*out`. */
DITS_API DITS_MUST_USE dits_error *dits_diff_new(
    dits_repo *repo, const struct dits_diff_options *options, dits_diff **out);
DITS_API void dits_diff_free(dits_diff *diff);

/* The files that differ, sorted by path. Borrowed from the diff. */
DITS_API size_t dits_diff_count(const dits_diff *diff);
DITS_API const struct dits_diff_file *dits_diff_file_at(const dits_diff *diff,
                                                        size_t index);

/* How the content of one file differs. */
struct dits_content_change {
    bool is_text; /* both sides are text of a size that lines make sense for */
    uint64_t lines_added;
    uint64_t lines_deleted;

    /* By chunks, whatever the content: what version control pays for. */
    uint64_t shared_chunks; /* of the new side, also in the old one */
    uint64_t shared_bytes;
    uint64_t new_chunks; /* of the new side alone */
    uint64_t new_bytes;
    uint64_t old_bytes; /* of the old side alone */
};

DITS_API DITS_MUST_USE dits_error *dits_diff_content(
    dits_diff *diff, size_t index, struct dits_content_change *out);

/* A line of a patch: ' ', '+', '-', '@' (hunk header), '\\' (no newline). */
typedef dits_error *dits_diff_line_fn(char origin, const char *line,
                                      size_t length, void *payload);

/* The patch of a text file. UNSUPPORTED when it is not text. */
DITS_API DITS_MUST_USE dits_error *dits_diff_lines(dits_diff *diff,
                                                   size_t index,
                                                   unsigned context_lines,
                                                   dits_diff_line_fn *fn,
                                                   void *payload);

/* A stretch of the new side (old_offset unused) or the old side that differs.
 */
struct dits_diff_range {
    uint64_t old_offset;
    uint64_t old_size; /* 0: inserted */
    uint64_t new_offset;
    uint64_t new_size; /* 0: removed */
};

typedef dits_error *dits_diff_range_fn(const struct dits_diff_range *range,
                                       void *payload);

/* Where a file of any kind differs, by whole chunks, in file order. */
DITS_API DITS_MUST_USE dits_error *dits_diff_ranges(dits_diff *diff,
                                                    size_t index,
                                                    dits_diff_range_fn *fn,
                                                    void *payload);

DITS_END_DECLS

#endif
