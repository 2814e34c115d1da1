/*
 * base/hash.h - BLAKE3
 *
 * The only file that knows the library. File data is hashed plainly; each kind
 * of object is hashed in BLAKE3's derive-key mode under a context string of
 * its own, so that no bytes have the same id as two kinds.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>

#include "base/oid.h"

/* Room for the library's state; aligned for it. */
struct hash {
    _Alignas(16) unsigned char state[1920];
};

void hash_begin(struct hash *hash);

/* `context` is a constant of the program, never made from input. */
void hash_begin_derived(struct hash *hash, const char *context);
void hash_update(struct hash *hash, const void *data, size_t size);

/* May be called more than once; the state is not changed. */
void hash_finish(const struct hash *hash, struct dits_oid *out);

/* All at once. */
void hash_bytes(const void *data, size_t size, struct dits_oid *out);

/*
 * The first 8 bytes of the hash, little-endian: the checksum of headers and
 * pages in Dits' own files.
 */
uint64_t hash_checksum(const void *data, size_t size);

#endif
