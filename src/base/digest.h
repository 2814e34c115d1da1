/*
 * base/digest.h - SHA-1 and SHA-256, which other programs name things by
 *
 * Dits' own ids are BLAKE3 (base/hash.h). GnuTLS is behind it, and loaded by
 * the commands that need it.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum digest_kind { DIGEST_SHA1, DIGEST_SHA256 };

enum { DIGEST_SHA1_BYTES = 20, DIGEST_SHA256_BYTES = 32 };

/* What makes digests, one after another. */
struct digest;

/* UNSUPPORTED when the library cannot be loaded. */
MUST_USE dits_error *digest_new(enum digest_kind kind, struct digest **out);
void digest_free(struct digest *digest);
void digest_freep(struct digest **digest);

/* Bytes of the result. */
size_t digest_size(const struct digest *digest);

void digest_add(struct digest *digest, const void *data, size_t size);

/* The digest of what was added since the last call; it begins anew. */
void digest_finish(struct digest *digest, uint8_t *out);

#endif
