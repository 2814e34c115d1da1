/*
 * server/password.h - passwords of accounts
 *
 * Argon2id texts, made again at the next sign-in when the cost has changed. A
 * name that nobody has, an account that is disabled or has no password, and a
 * wrong password cost the same work and give the same answer.
 */
#ifndef SERVER_PASSWORD_H
#define SERVER_PASSWORD_H

#include "base/crypt.h"
#include "server/account.h"

/* In bytes. */
enum { PASSWORD_MIN = 10, PASSWORD_MAX = 1024 };

/* 64 MiB, three passes: about a quarter of a second. */
extern const struct crypt_cost password_cost;

/* How passwords are made here, and what stands in where there is none. */
struct password_rules {
    struct crypt_cost cost;
    char dummy[CRYPT_PASSWORD_SIZE];
};

MUST_USE dits_error *password_rules_make(const struct crypt_cost *cost,
                                         struct password_rules *out);

/* INVALID: too short, too long, or not text. */
MUST_USE dits_error *password_check(struct slice password);

/*
 * Set what crypt_password_hash() made of one that password_check() lets pass:
 * hashing takes long, and so is done before the transaction.
 */
MUST_USE dits_error *password_set(struct db *db, const struct server_id *id,
                                  const char *hash, int64_t now);

/*
 * Outside a transaction. `*out_passed`: the account is there, enabled, and
 * this is its password. `out` is filled in when there is one of that name,
 * whatever the password, for the audit log.
 */
MUST_USE dits_error *password_sign_in(struct db *db,
                                      const struct password_rules *rules,
                                      const char *name, struct slice password,
                                      struct account *out, bool *out_passed);

#endif
