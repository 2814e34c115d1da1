/*
 * repo/media_source.h - where the bytes of a media file come from
 *
 * Behind the interface that media/ reads through (base/source.h).
 */
#ifndef REPO_MEDIA_SOURCE_H
#define REPO_MEDIA_SOURCE_H

#include "base/fs.h"
#include "base/source.h"
#include "object/asset.h"

/* An open file of the disk, borrowed. */
struct file_source {
    struct source base;
    const struct fs_file *file;
};

/* `size` is what the file had when it was looked at. */
void file_source_init(struct file_source *source, const struct fs_file *file,
                      uint64_t size);

/*
 * A stored file. Parsers go to and fro between tables and samples, so the last
 * blocks that were read are kept. Any thread.
 */
struct asset_source;

MUST_USE dits_error *asset_source_open(struct store *store,
                                       const struct dits_oid *id,
                                       struct asset_source **out);
void asset_source_close(struct asset_source *source); /* NULL is allowed */
void asset_source_closep(struct asset_source **source);

/* What to give to media_open(). */
struct source *asset_source_base(struct asset_source *source);
struct asset *asset_source_asset(const struct asset_source *source);

#endif
