/*
 * store/adopt.h - a pack whose frames were written elsewhere
 *
 * What others send is written to a file of its own as it comes, header and
 * frames as in a pack. Once it is complete, index and trailer go behind them
 * and the file becomes a pack of the store: nothing is copied.
 */
#ifndef STORE_ADOPT_H
#define STORE_ADOPT_H

#include "base/fs.h"
#include "store/store.h"

/*
 * Where the last frame ends that is whole, header and bytes, when all frames
 * from `checked` on are read and checked. Of those before, the headers alone
 * are looked at. At least PACK_HEADER_SIZE. Errors: CORRUPT (it does not begin
 * as a pack), IO, NOMEM, CANCELLED.
 */
MUST_USE dits_error *adopt_measure(const dits_context *context,
                                   const struct fs_file *file, uint64_t checked,
                                   uint64_t *out_end);

/*
 * Make the file at `path`, open as `file`, a pack. It lies on the store's disk,
 * its frames up to its end are whole and were checked, and the caller has a
 * store writer. It is durable afterwards (store/store.h, S1), and its name is
 * gone from `path`. Errors: CORRUPT (a gap, a chunk twice), IO, LIMIT, NOMEM.
 */
MUST_USE dits_error *adopt_pack(struct store *store, const char *path,
                                const struct fs_file *file);

#endif
