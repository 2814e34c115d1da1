/*
 * server/account.h - who may sign in
 *
 * What changes something is called inside a transaction of the caller, who
 * puts a row into the audit log in the same one.
 */
#ifndef SERVER_ACCOUNT_H
#define SERVER_ACCOUNT_H

#include "server/id.h"
#include "server/name.h"

enum account_kind {
    ACCOUNT_PERSON = 0,
    ACCOUNT_SERVICE = 1, /* a program: it has tokens and no password */
};

struct account {
    struct server_id id;
    char name[SERVER_NAME_SIZE];
    enum account_kind kind;
    bool is_enabled;
    bool is_admin; /* of the whole server */
    int64_t made;
};

/* Errors: INVALID (the name), EXISTS. */
MUST_USE dits_error *account_create(struct db *db, const char *name,
                                    enum account_kind kind, int64_t now,
                                    struct account *out);

/* `*out_found` false: there is none. */
MUST_USE dits_error *account_find(struct db *db, const char *name,
                                  struct account *out, bool *out_found);
MUST_USE dits_error *account_get(struct db *db, const struct server_id *id,
                                 struct account *out, bool *out_found);

/* The same; NOT_FOUND with a hint. */
MUST_USE dits_error *account_need(struct db *db, const char *name,
                                  struct account *out);

/* By name, in order. */
typedef dits_error *account_fn(const struct account *account, void *payload);
MUST_USE dits_error *account_each(struct db *db, account_fn *fn, void *payload);

/* INVALID where it would leave nobody who may administer the server. */
MUST_USE dits_error *account_set_enabled(struct db *db,
                                         const struct account *account,
                                         bool is_enabled);
MUST_USE dits_error *account_set_admin(struct db *db,
                                       const struct account *account,
                                       bool is_admin);

/* Whether somebody may administer the server. */
MUST_USE dits_error *account_has_admin(struct db *db, bool *out);

#endif
