#include "base/hash.h"

#include <assert.h>
#include <blake3.h>
#include <string.h>

static_assert(sizeof(struct hash) >= sizeof(blake3_hasher),
              "struct hash must hold the library's state");

static blake3_hasher *state_of(struct hash *hash)
{
    return (blake3_hasher *)(void *)hash->state;
}

void hash_begin(struct hash *hash)
{
    blake3_hasher_init(state_of(hash));
}

void hash_begin_derived(struct hash *hash, const char *context)
{
    blake3_hasher_init_derive_key(state_of(hash), context);
}

void hash_update(struct hash *hash, const void *data, size_t size)
{
    blake3_hasher_update(state_of(hash), data, size);
}

void hash_finish(const struct hash *hash, struct dits_oid *out)
{
    blake3_hasher_finalize((const blake3_hasher *)(const void *)hash->state,
                           out->hash, OID_SIZE);
}

void hash_bytes(const void *data, size_t size, struct dits_oid *out)
{
    blake3_hasher hasher;
    blake3_hasher_init(&hasher);
    blake3_hasher_update(&hasher, data, size);
    blake3_hasher_finalize(&hasher, out->hash, OID_SIZE);
}

uint64_t hash_checksum(const void *data, size_t size)
{
    struct dits_oid id = {0};
    hash_bytes(data, size, &id);
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(value); i++)
        value |= (uint64_t)id.hash[i] << (8 * i);
    return value;
}
