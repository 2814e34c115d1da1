/*
 * repo/blame_file.h - one version of a text
 */
#ifndef REPO_BLAME_FILE_H
#define REPO_BLAME_FILE_H

#include "object/tree.h"
#include "repo/repo.h"

/* The asset of the file; zero when there is none of that name. */
MUST_USE dits_error *blame_file_find(dits_repo *repo,
                                     const struct dits_oid *tree,
                                     const char *path, struct dits_oid *out);

/* The bytes of an asset. UNSUPPORTED when it is no text or too much. */
MUST_USE dits_error *blame_file_read(dits_repo *repo,
                                     const struct dits_oid *asset,
                                     const char *path, struct buf *out);

/* Those of the work tree. */
MUST_USE dits_error *blame_file_read_disk(dits_repo *repo, const char *path,
                                          struct buf *out);

#endif
