/*
 * server/audit.h - what was done, and by whom
 *
 * A row is never changed. Each has the hash of itself and of the row before,
 * so that none can be changed, removed or moved unnoticed; the number and the
 * hash of the last one are kept in the file audit.head as well, so that rows
 * cannot be cut off at the end either. Whoever can write both files can make
 * up another history: note the head elsewhere, and give it to audit_verify().
 */
#ifndef SERVER_AUDIT_H
#define SERVER_AUDIT_H

#include "base/oid.h"
#include "server/id.h"

/* Texts are borrowed; NULL and the zero id for what there is not. */
struct audit_entry {
    int64_t number; /* from 1; set by the log */
    int64_t time;
    struct server_id account; /* who */
    const char *name;         /* as it was called then, or called itself */
    struct server_id token;
    const char *action;   /* "token.create" */
    const char *resource; /* what it was done to */
    bool allowed;
    const char *reason;  /* why, or why not */
    const char *request; /* its id in the server's log */
    const char *address; /* shortened (server/address.h) */
};

/* Add a row: in the transaction that does what it tells of. */
MUST_USE dits_error *audit_append(struct db *db,
                                  const struct audit_entry *entry);

/*
 * After that transaction: bring the head of `folder` up to date. CORRUPT, and
 * the head stays, when the log does not hold what the head says.
 */
MUST_USE dits_error *audit_seal(struct db *db, const char *folder);

/* Rows after number `after`, in order, at most `max`. */
typedef dits_error *audit_fn(const struct audit_entry *entry, void *payload);
MUST_USE dits_error *audit_each(struct db *db, int64_t after, int64_t max,
                                audit_fn *fn, void *payload);

/* Of how many rows which is the last. Zero: of none. */
struct audit_head {
    int64_t number;
    struct dits_oid hash;
};

/* "12:HASH", as it is printed for people to keep. */
bool audit_head_parse(const char *text, struct audit_head *out);

struct audit_report {
    struct audit_head head; /* the last row that is as it should be */
    int64_t bad;            /* the first that is not; 0: all are */
    const char *what;       /* what is wrong with it; a constant */
};

/*
 * Read the whole log. `expected` (NULL: none) is a head that was noted before.
 */
MUST_USE dits_error *audit_verify(struct db *db, const char *folder,
                                  const struct audit_head *expected,
                                  struct audit_report *out);

#endif
