/*
 * repo/push.h - bringing what is here to another repository
 *
 * Public entry: dits_push() in dits/transfer.h. push_refs.c decides which refs
 * shall be what, push.c brings them there.
 */
#ifndef REPO_PUSH_H
#define REPO_PUSH_H

#include <dits/transfer.h>

#include "repo/known.h"
#include "repo/name_map.h"
#include "repo/remote.h"
#include "repo/transport.h"

/* One ref that shall move there. Owns its texts. */
struct push_item {
    char *source; /* full name here, or what was given */
    char *target; /* full name there */
    struct dits_oid before;
    struct dits_oid after; /* zero: it goes */
    enum chunk_kind kind;
    struct dits_oid commit; /* what `after` leads to */
    bool force;
    enum dits_ref_change change;
    char *reason;
};

struct pushing {
    dits_repo *repo;
    const struct dits_push_options *options;
    struct remote remote;
    struct transport *transport;
    struct transport_refs refs; /* of the other side */
    struct known known;
    struct push_item *items;
    size_t count;
    size_t capacity;
    struct name_map targets; /* of the items, by their numbers */
    struct dits_transfer_result result;
};

/* push_refs.c: what is asked for, and which of it may be. */
MUST_USE dits_error *push_choose(struct pushing *pushing);
void push_item_release(struct push_item *item);

/* Whether it is to be done. */
bool push_is_due(const struct push_item *item);

#endif
