/*
 * object/wrapped_store.h - storing a packed file unpacked
 */
#ifndef OBJECT_WRAPPED_STORE_H
#define OBJECT_WRAPPED_STORE_H

#include "base/source.h"
#include "object/asset.h"

/*
 * Store `source` as a wrapped asset, if it is a gzip or zip file whose streams
 * can be made again to the byte. That is proven for the whole file before the
 * asset is put. `*out_stored` is false for all others, for which some chunks
 * may have been put that nothing refers to.
 *
 * Errors: those of the source and the store, CANCELLED, NOMEM.
 */
MUST_USE dits_error *wrapped_store(const struct asset_store_options *options,
                                   struct source *source, bool *out_stored,
                                   struct dits_oid *out_id,
                                   struct asset_info *out_info);

#endif
