/*
 * store/maintain.h - keeping packs few
 *
 * Every command that stores something leaves a pack behind. Once eight packs
 * of about the same size have gathered they are merged into one, so a chunk is
 * copied a few times in its life and packs stay few whatever happens.
 */
#ifndef STORE_MAINTAIN_H
#define STORE_MAINTAIN_H

#include "store/store.h"

/*
 * Merge small packs if there are many of them, and remove what killed writers
 * left. For after publishing, when the caller has no writer any more. Does
 * nothing while others use the store, or if nothing was written through this
 * `store` since it was opened. Costs next to nothing then.
 *
 * Errors: CANCELLED, IO, LIMIT, NOMEM. The store is whole in any case, so
 * callers may well ignore them.
 */
MUST_USE dits_error *store_maintain(struct store *store);

/* Whether something was written through this `store` since it was opened. */
bool store_has_grown(const struct store *store);

#endif
