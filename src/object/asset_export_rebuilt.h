/*
 * object/asset_export_rebuilt.h - writing a file that is put together from
 * streams
 *
 * Private to the files of object/asset*.c.
 */
#ifndef OBJECT_ASSET_EXPORT_REBUILT_H
#define OBJECT_ASSET_EXPORT_REBUILT_H

#include "object/asset.h"

/*
 * Like asset_export(). What is written is hashed on the way, and must be the
 * file that the asset names: CORRUPT otherwise.
 */
MUST_USE dits_error *asset_export_rebuilt(struct asset *asset,
                                          const dits_context *context,
                                          unsigned threads,
                                          const struct fs_file *file,
                                          void (*on_progress)(uint64_t, void *),
                                          void *payload);

#endif
