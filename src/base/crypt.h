/*
 * base/crypt.h - signatures, and what comes with them
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

/* Overwrite a secret, also where a compiler thinks that nobody looks. */
void crypt_wipe(void *secret, size_t size);

/* buf_release() for secrets. */
void crypt_buf_wipe(struct buf *secret);

#endif
