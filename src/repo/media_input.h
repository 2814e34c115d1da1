/*
 * repo/media_input.h - a file of the disk or a stored one, as a source
 */
#ifndef REPO_MEDIA_INPUT_H
#define REPO_MEDIA_INPUT_H

#include <dits/repo.h>

#include "base/fs.h"
#include "object/file_source.h"
#include "repo/media_source.h"

/* One of the two. Zero is closed. It must not move while it is open. */
struct media_input {
    struct fs_file disk;
    struct file_source disk_source;
    struct asset_source *stored; /* NULL: of the disk */
};

/* Errors: INVALID unless it is a regular file. */
MUST_USE dits_error *media_input_open(const char *path,
                                      struct media_input *out);

/* `path` and `revision` as of dits_file_open(). */
MUST_USE dits_error *media_input_open_stored(dits_repo *repo,
                                             const char *revision,
                                             const char *path,
                                             struct media_input *out);
void media_input_close(struct media_input *input);

struct source *media_input_source(struct media_input *input);

#endif
