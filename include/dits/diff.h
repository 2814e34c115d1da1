/*
 * dits/diff.h - what differs between two states of the tree
 */
#ifndef DITS_DIFF_H
#define DITS_DIFF_H

#include <dits/media.h>
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
    unsigned
        similarity; /* of a rename: percent of the content that is the same */
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

    /*
     * By chunks, whatever the content: what version control pays for. Not
     * known, and all 0, of a file on disk whose other side is stored as
     * streams: only dits_add() takes it apart like that.
     */
    bool has_chunks;
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

/* What differs between two versions of a media file. */
enum dits_media_subject {
    DITS_ABOUT_CONTAINER = 1, /* `before` and `after` are its names */
    DITS_ABOUT_DURATION = 2,  /* `old_to` and `new_to` */
    DITS_ABOUT_TRACK = 3,     /* a track as a whole: added or removed */
    DITS_ABOUT_SAMPLES = 4,   /* the content of a track */
    DITS_ABOUT_START = 5,     /* when a track begins: `old_from`, `new_from` */
    DITS_ABOUT_FACT = 6,      /* `name`, `before`, `after` */
};

enum dits_media_action {
    DITS_MEDIA_SAME = 0,
    DITS_MEDIA_ADDED = 1,
    DITS_MEDIA_REMOVED = 2, /* what the new version lost */
    DITS_MEDIA_CHANGED = 3,
    DITS_MEDIA_REPLACED = 4, /* nothing of a track's content is left */
    DITS_MEDIA_NOT_READ = 5, /* too large, in another file, or encrypted */
};

/* Borrowed for the call. Times are seconds from the start of the track. */
struct dits_media_change {
    enum dits_media_subject subject;
    enum dits_media_action action;
    size_t old_track; /* from 1; 0: none, or the file */
    size_t new_track;
    enum dits_media_kind kind;     /* of the track */
    const char *name;              /* of a fact, or a property as "codec" */
    const char *before;            /* text; NULL: not there */
    const char *after;             /* text; NULL: not there */
    struct dits_rational old_from; /* the stretch of the old side */
    struct dits_rational old_to;
    struct dits_rational new_from; /* the stretch of the new side */
    struct dits_rational new_to;
    struct dits_rational rate; /* frames a second of the new side's video */
    bool is_head; /* the stretch is at the head of the track, or the tail */
    bool is_tail;
    bool is_location; /* a fact of where it was filmed */
};

typedef dits_error *dits_media_change_fn(const struct dits_media_change *change,
                                         void *payload);

/*
 * Compare two versions of a media file by their tracks. `*out_is_media` is
 * false, and nothing is told, unless both sides are media. Frames and sound are
 * compared as such: the same ones in another container are the same. Reads the
 * samples of both sides, up to a bound.
 *
 * In order: container, duration, then for each track of the new side itself,
 * its samples, start and facts; then tracks that are gone; then facts of the
 * file.
 */
DITS_API DITS_MUST_USE dits_error *dits_diff_media(dits_diff *diff,
                                                   size_t index,
                                                   dits_media_change_fn *fn,
                                                   void *payload,
                                                   bool *out_is_media);

DITS_END_DECLS

#endif
