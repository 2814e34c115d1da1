/*
 * repo/git_stream.h - history in the form that `git fast-import` reads
 *
 * Each object has a mark, a number that later ones name it by. A file or commit
 * is written when it is first needed. Memory does not depend on the size of
 * files.
 */
#ifndef REPO_GIT_STREAM_H
#define REPO_GIT_STREAM_H

#include <dits/exchange.h>

#include "base/digest.h"
#include "base/oid_map.h"
#include "object/commit.h"
#include "object/tree.h"
#include "repo/id_set.h"
#include "repo/repo.h"

/* Where a commit of ours is in the repository that the stream goes to. */
struct git_target {
    struct oid_map ours;
    struct dits_oid *git; /* by number */
    size_t capacity;
    size_t id_size;
};

struct git_stream {
    dits_repo *repo; /* borrowed, as all to `target` */
    dits_bytes_fn *write;
    void *payload;
    const char *ref; /* the branch that commits are written on */
    const struct git_target *target; /* NULL: nothing is there */

    const char *lfs; /* the store of Git LFS; NULL: none is used */
    uint64_t lfs_over;
    struct digest *sha256;
    uint64_t lfs_files;
    uint64_t files;

    struct id_set gone;   /* assets that were obliterated */
    uint64_t obliterated; /* of these, written as a text that says so */

    struct oid_map marks; /* of what was written; mark = number + 1 */
    struct buf out;       /* not written yet */
};

void git_stream_release(struct git_stream *stream);

MUST_USE dits_error *git_stream_begin(struct git_stream *stream);

/* The commit; its parents were written, or are in the target. */
MUST_USE dits_error *git_stream_commit(struct git_stream *stream,
                                       const struct dits_oid *id);

/*
 * A commit that has this folder and nothing else, for what has no place in the
 * form but in a commit. Its mark is that of the folder.
 */
MUST_USE dits_error *git_stream_folder(struct git_stream *stream,
                                       const struct dits_oid *tree);

/* "from" and "merge" lines: `word`, and what names the object there. */
MUST_USE dits_error *git_stream_put_name(struct git_stream *stream,
                                         const char *word,
                                         const struct dits_oid *id);

/* "data": the size before the bytes. */
MUST_USE dits_error *git_stream_put_data(struct git_stream *stream,
                                         struct slice data);

/* A new mark for `id`: the line that says so. */
MUST_USE dits_error *git_stream_put_mark(struct git_stream *stream,
                                         const struct dits_oid *id);

/* The last word, and a warning of what was obliterated. Without it the stream
 * counts as cut off. */
MUST_USE dits_error *git_stream_end(struct git_stream *stream);

/*
 * git_stream_files.c: the file as a blob, unless it was written before. In the
 * place of content that was obliterated comes a text that says so.
 */
MUST_USE dits_error *git_stream_put_file(struct git_stream *stream,
                                         const struct dits_oid *asset,
                                         enum tree_mode mode);

/* Hand over what is in `out`, when it is much. */
MUST_USE dits_error *git_stream_flush(struct git_stream *stream, size_t over);

#endif
