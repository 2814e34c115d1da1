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
#include <stdint.h>

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

/*
 * The hash of a long input, made by several threads: each hashes whole parts
 * of it, in any order; then the parts are added in order to a hash that was
 * begun with hash_begin(), and what is left at the end goes through
 * hash_update(). The result is that of hashing all at once.
 */
#define HASH_PART_BYTES 262144u

struct hash_part {
    unsigned char halves[2][OID_SIZE];
};

/* Part number `index` of the input: HASH_PART_BYTES bytes. */
void hash_part(const void *data, uint64_t index, struct hash_part *out);
void hash_add_part(struct hash *hash, const struct hash_part *part);

/* All at once. */
void hash_bytes(const void *data, size_t size, struct dits_oid *out);

/*
 * The first 8 bytes of the hash, little-endian: the checksum of headers and
 * pages in Dits' own files.
 */
uint64_t hash_checksum(const void *data, size_t size);

#endif
