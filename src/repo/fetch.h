/*
 * repo/fetch.h - bringing what another repository has
 *
 * Public entry: dits_fetch() in dits/transfer.h. fetch.c decides what to ask
 * for and brings it, fetch_refs.c moves the refs. The first one that was asked
 * for by name, or what the branch follows, is REF_FETCH_HEAD: people say
 * FETCH_HEAD.
 */
#ifndef REPO_FETCH_H
#define REPO_FETCH_H

#include <dits/transfer.h>

#include "repo/name_map.h"
#include "repo/receiving.h"
#include "repo/remote.h"
#include "repo/transport.h"

/* One ref that is wanted. Owns its texts. */
struct fetch_item {
    char *source; /* full name there */
    struct dits_oid id;
    enum chunk_kind kind;
    struct dits_oid commit;
    char *target; /* full name here; NULL: it is only brought */
    bool force;
    struct dits_oid before;
    enum dits_ref_change change;
    const char *reason; /* a constant */
};

struct fetching {
    dits_repo *repo;
    const struct dits_fetch_options *options;
    struct remote remote; /* without a name: an address was given */
    struct transport *transport;
    struct transport_refs refs; /* of the other side */
    struct refspecs specs;      /* that were asked for, or of the settings */
    struct fetch_item *items;
    size_t count;
    size_t capacity;
    struct name_map pairs; /* "SOURCE:TARGET" of each item */
    struct receiving receiving;
    struct bundle_list list; /* what came */
    struct dits_oid head;    /* zero: none */
    struct dits_transfer_result result;
};

MUST_USE dits_error *fetch_add(struct fetching *fetching,
                               const struct transport_ref *ref,
                               const char *target, bool force);

/* All is here and durable: check it, move refs in one operation, and tell. */
MUST_USE dits_error *fetch_publish(struct fetching *fetching);

#endif
