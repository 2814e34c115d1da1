/*
 * repo/media_source.h - a stored file, for those who read a source
 */
#ifndef REPO_MEDIA_SOURCE_H
#define REPO_MEDIA_SOURCE_H

#include "base/source.h"
#include "object/asset.h"

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
