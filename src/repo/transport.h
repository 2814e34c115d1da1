/*
 * repo/transport.h - another repository, wherever it is
 *
 * Each call is one request of the protocol (docs/design/0014): what goes in and
 * comes out can be written down as bytes, and nothing is remembered on the
 * other side but what is durable. transport_local.c is for a repository that
 * lies in a folder; others have the same calls.
 *
 * T1. Neither side trusts the other. Chunks are checked against their ids by
 *     who receives them, and all that a ref leads to is gone over before the
 * ref is published (repo/arrival.h). T2. What was taken and made durable is not
 * asked for again: a transfer that was cut off goes on when it is begun anew.
 * T3. From open to close nothing that the transfer counts on is swept, on
 * either side.
 */
#ifndef REPO_TRANSPORT_H
#define REPO_TRANSPORT_H

#include "repo/bundle.h"

/* Ids in one request. */
#define TRANSPORT_BATCH 1024u

/* A ref of the other side. */
struct transport_ref {
    const char *name; /* full, by the rules */
    char *owned_name; /* the same where it is in a list; or NULL */
    struct dits_oid id;
    enum chunk_kind kind;   /* CHUNK_COMMIT or CHUNK_TAG */
    struct dits_oid commit; /* what it leads to in the end */
};

/* Sorted by name. Owns all. */
struct transport_refs {
    struct transport_ref *items;
    size_t count;
    size_t capacity;
    char *head; /* the full name of the branch that HEAD is on; NULL: none */
    struct dits_oid head_id; /* zero: there is no commit yet */
};

void transport_refs_release(struct transport_refs *refs);
const struct transport_ref *transport_refs_find(
    const struct transport_refs *refs, const char *name);

/* Who takes chunks: told what there is, asked what of it is lacked. */
struct transport_sink {
    /* At most TRANSPORT_BATCH at once; an answer for each. */
    dits_error *(*lacks)(const struct dits_oid *ids, size_t count, bool *out,
                         void *payload);
    /* One of these. `stored` is borrowed. Checked by who takes it. */
    dits_error *(*take)(const struct frame *frame, const void *stored,
                        void *payload);
    /* One that is not lacked, checked. NULL: it is too far for that. */
    dits_error *(*read)(enum chunk_kind kind, const struct dits_oid *id,
                        struct buf *out, void *payload);
    void *payload;
};

/* What a receiver asks for. */
struct transport_wish {
    const struct bundle_ref *refs;
    size_t ref_count;
    const struct dits_oid *haves; /* commits that both sides have */
    size_t have_count;
    uint64_t depth;   /* so many commits from each ref; 0: all */
    bool follow_tags; /* also tags of what is sent */
};

/* One ref of the other side, and what became of it. */
struct transport_update {
    const char *name;       /* full */
    struct dits_oid before; /* what it must be; zero: not there */
    struct dits_oid after;  /* zero: removed */
    enum chunk_kind kind;   /* of `after` */
    char *refused;          /* owned: why; NULL: it was done */
};

struct transport;

struct transport_ops {
    dits_error *(*list)(struct transport *transport,
                        struct transport_refs *out);
    /* Which commits are in a history there: an answer for each. */
    dits_error *(*has)(struct transport *transport, const struct dits_oid *ids,
                       size_t count, bool *out);
    /* What goes is listed first, then its chunks are offered to the sink. */
    dits_error *(*fetch)(struct transport *transport,
                         const struct transport_wish *wish,
                         struct bundle_list *out,
                         const struct transport_sink *sink);
    /* The other way: it takes chunks. */
    dits_error *(*sink)(struct transport *transport,
                        struct transport_sink *out);
    /*
     * What was taken is made durable and gone over; then the refs move, all in
     * one step: those that may or, if `atomic`, all or none.
     */
    dits_error *(*publish)(struct transport *transport,
                           const struct bundle_list *list,
                           struct transport_update *updates, size_t count,
                           bool atomic);
    void (*close)(struct transport *transport);
};

/* The start of each kind of transport. */
struct transport {
    const struct transport_ops *ops;
    const dits_context *context;
    const char *where; /* for messages; owned by the kind */
};

/* Where to go, and on whose behalf. Borrowed. */
struct transport_target {
    const dits_repo *repo; /* whose settings count; NULL: the user's alone */
    const char *base;      /* relative paths count from there; NULL: here */
    const char *url;
    const char *task; /* "pushing": shown while it takes chunks; a constant */
};

/*
 * The url is a path, or "file://" before one; or
 * "ssh://[user@]host[:port]/path" or "[user@]host:path"; or
 * "https://host[:port]/NAME". Errors: NOT_FOUND (no
 * repository there), UNSUPPORTED (another kind of address), INVALID, NETWORK.
 */
MUST_USE dits_error *transport_connect(const dits_context *context,
                                       const struct transport_target *target,
                                       struct transport **out);

/* The same without a repository of ours. */
MUST_USE dits_error *transport_open(const dits_context *context,
                                    const char *base, const char *url,
                                    const char *task, struct transport **out);
void transport_close(struct transport *transport);
void transport_closep(struct transport **transport); /* for CLEANUP() */

/* The path that such an address means. NULL: it is of another kind. */
MUST_USE dits_error *transport_local_path(const char *base, const char *url,
                                          char **out);

/* transport_local.c */
MUST_USE dits_error *transport_open_local(const dits_context *context,
                                          const char *path, const char *task,
                                          struct transport **out);

/*
 * Offer all that the list leads to, batch by batch, and send what is lacked.
 * What was obliterated is put into the list instead. `counts` (NULL allowed)
 * gets what was sent.
 */
struct dits_transfer_result;
MUST_USE dits_error *transport_send(dits_repo *repo, struct bundle_list *list,
                                    const struct transport_sink *sink,
                                    struct dits_transfer_result *counts);

/* The commits of ours that the other side has, as far as it matters: appended,
 * id by id. */
MUST_USE dits_error *transport_negotiate(struct transport *transport,
                                         dits_repo *repo, struct buf *out);

#endif
