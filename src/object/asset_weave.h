/*
 * object/asset_weave.h - storing a media file as streams and a weave
 *
 * Private to the files of object/asset*.c.
 */
#ifndef OBJECT_ASSET_WEAVE_H
#define OBJECT_ASSET_WEAVE_H

#include "media/media.h"
#include "object/asset.h"

/*
 * `media` was opened on `file`, and has spans. The caller's options as for
 * asset_store_file().
 */
MUST_USE dits_error *asset_weave_file(const struct asset_store_options *options,
                                      struct media_file *media,
                                      const struct fs_file *file, uint64_t size,
                                      struct dits_oid *out_id,
                                      struct asset_info *out_info);

#endif
