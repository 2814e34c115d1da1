/*
 * base/crypt.h - signatures, passwords, and what comes with them
 *
 * The only file that knows libsodium. Ed25519 as in RFC 8032; a secret key is
 * the seed and the public key behind it, as OpenSSH keeps it.
 */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include <stdbool.h>

#include "base/buf.h"

#define CRYPT_PUBLIC_SIZE 32u
#define CRYPT_SECRET_SIZE 64u
#define CRYPT_SIGNATURE_SIZE 64u

/* The public key inside must be that of the seed: INVALID otherwise. */
MUST_USE dits_error *crypt_sign(const uint8_t secret[CRYPT_SECRET_SIZE],
                                struct slice message,
                                uint8_t out[CRYPT_SIGNATURE_SIZE]);
bool crypt_is_signed(const uint8_t public_key[CRYPT_PUBLIC_SIZE],
                     struct slice message,
                     const uint8_t signature[CRYPT_SIGNATURE_SIZE]);

void crypt_sha256(struct slice bytes, uint8_t out[32]);
void crypt_sha512(struct slice bytes, uint8_t out[64]);

/* Append in base64, with '=' at the end where `is_padded`. */
MUST_USE dits_error *crypt_base64_put(struct slice bytes, bool is_padded,
                                      struct buf *out);

/*
 * Append what padded base64 of one or more lines stands for. `*out_valid`
 * false: it is none.
 */
MUST_USE dits_error *crypt_base64_read(struct slice text, struct buf *out,
                                       bool *out_valid);

/*
 * What it costs to try a password: Argon2id (RFC 9106) on one lane. The text
 * that is kept has cost, salt and hash in the form that all programs know.
 */
#define CRYPT_PASSWORD_SIZE 128u

struct crypt_cost {
    unsigned long long passes; /* at least 1 */
    size_t memory;             /* bytes, at least 8 KiB */
};

/* Errors: NOMEM. */
MUST_USE dits_error *crypt_password_hash(struct slice password,
                                         const struct crypt_cost *cost,
                                         char out[CRYPT_PASSWORD_SIZE]);
bool crypt_password_is(const char *hash, struct slice password);

/* Whether it was made at this cost. */
bool crypt_password_costs(const char *hash, const struct crypt_cost *cost);

/* Compare secrets in a time that says nothing of where they differ. */
bool crypt_equal(const void *a, const void *b, size_t size);

/* Overwrite a secret, also where a compiler thinks that nobody looks. */
void crypt_wipe(void *secret, size_t size);

/* buf_release() for secrets. */
void crypt_buf_wipe(struct buf *secret);

#endif
