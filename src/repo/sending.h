/*
 * repo/sending.h - the chunks that go to another place
 *
 * All that the refs of a list lead to, but for what its prerequisites lead to:
 * into a bundle, or to another repository.
 */
#ifndef REPO_SENDING_H
#define REPO_SENDING_H

#include "repo/bundle.h"

/*
 * Put into the list what was obliterated of all that it leads to: it cannot be
 * sent. `out_gone` gets the chunks that are not here any more.
 */
MUST_USE dits_error *sending_list_gone(dits_repo *repo,
                                       struct bundle_list *list,
                                       struct id_set *out_gone);

/* Called for each chunk once, an object before what it names. */
typedef dits_error *sending_fn(enum chunk_kind kind, const struct dits_oid *id,
                               void *payload);
MUST_USE dits_error *sending_each(dits_repo *repo,
                                  const struct bundle_list *list,
                                  const struct id_set *gone, sending_fn *fn,
                                  void *payload);

/* The bytes of one chunk on its way. Zero is empty. */
struct sending_bytes {
    struct buf plain;
    struct buf packed;
};
void sending_bytes_release(struct sending_bytes *bytes);

/*
 * Read a chunk, checked. Chunks that the store has compressed travel so, too:
 * `*out_stored`, as the frame says, is borrowed from `bytes`.
 */
MUST_USE dits_error *sending_read(dits_repo *repo, enum chunk_kind kind,
                                  const struct dits_oid *id,
                                  struct sending_bytes *bytes,
                                  struct frame *out, const void **out_stored);

#endif
