/*
 * repo/git_lfs.h - pointers of Git LFS, and the files they stand for
 *
 * A pointer is a small text with the SHA-256 and the size of a file, which lies
 * in a store beside the repository: objects/12/ab/12ab….
 */
#ifndef REPO_GIT_LFS_H
#define REPO_GIT_LFS_H

#include "base/buf.h"
#include "base/context.h"
#include "base/digest.h"
#include "base/fs.h"

/* A longer text is none. */
#define GIT_LFS_POINTER_MAX 1024u

enum { GIT_LFS_HEX_SIZE = 2 * DIGEST_SHA256_BYTES + 1 };

struct git_lfs_pointer {
    char hex[GIT_LFS_HEX_SIZE]; /* of the SHA-256 */
    uint64_t size;
};

/* False for anything but a pointer to a file that is stored as it is. */
bool git_lfs_parse(struct slice text, struct git_lfs_pointer *out);

/* The text that stands for a file of that digest and size. */
MUST_USE dits_error *git_lfs_encode(const struct git_lfs_pointer *pointer,
                                    struct buf *out);

/* For the digest's bytes. */
void git_lfs_set_digest(struct git_lfs_pointer *pointer,
                        const uint8_t digest[DIGEST_SHA256_BYTES]);

/* Where the file lies in the store `folder`. */
MUST_USE dits_error *git_lfs_path(const char *folder,
                                  const struct git_lfs_pointer *pointer,
                                  struct buf *out);

/* How a file of the store was found. */
enum git_lfs_state { GIT_LFS_MISSING, GIT_LFS_DAMAGED, GIT_LFS_GOOD };

/* Open it and compare size and digest. `out` is open when it is good. */
MUST_USE dits_error *git_lfs_open(const dits_context *context,
                                  struct digest *sha256, const char *folder,
                                  const struct git_lfs_pointer *pointer,
                                  struct fs_file *out,
                                  enum git_lfs_state *out_state);

#endif
