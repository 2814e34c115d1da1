/*
 * repo/git_files.h - the contents of git's blobs, stored as files are
 *
 * A pointer of Git LFS becomes the file that it stands for, where that is in
 * the store. Memory does not depend on the size of a blob.
 */
#ifndef REPO_GIT_FILES_H
#define REPO_GIT_FILES_H

#include "repo/git_batch.h"
#include "repo/repo.h"

struct git_files {
    dits_repo *repo; /* borrowed, as all above `sha256` */
    struct store_writer *writer;
    struct git_batch *batch;
    const char *lfs; /* the store's folder */
    struct dits_import_result *result;
    struct digest *sha256; /* NULL until a pointer was met */
    struct fs_file large;  /* where a larger blob is put together */
    struct buf bytes;
};

void git_files_release(struct git_files *files);

/* Store the next answer of the batch, the blob `id`. */
MUST_USE dits_error *git_files_store(struct git_files *files,
                                     const struct dits_oid *id,
                                     struct dits_oid *out_asset);

#endif
