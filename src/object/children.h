/*
 * object/children.h - what an object names
 *
 * For who has the bytes of an object and not, or not yet, what it leads to: it
 * came from elsewhere. Whatever the bytes are, nothing else is read.
 */
#ifndef OBJECT_CHILDREN_H
#define OBJECT_CHILDREN_H

#include "store/store.h"

/* An error ends the walk and is what the walk returns. */
typedef dits_error *object_child_fn(enum chunk_kind kind,
                                    const struct dits_oid *id, void *payload);

/*
 * Each id that the object names, in the order in which it has them; the same
 * one may come again. The empty tree, which is stored nowhere, is left out. Of
 * data there are none.
 *
 * Errors: CORRUPT, UNSUPPORTED (made by a newer Dits), NOMEM.
 */
MUST_USE dits_error *object_each_child(enum chunk_kind kind, struct slice bytes,
                                       object_child_fn *fn, void *payload);

#endif
