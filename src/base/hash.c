#include "base/hash.h"

#include <assert.h>
#include <blake3.h>
#include <string.h>

#include "base/le.h"

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

/*
 * Parts. BLAKE3 is a binary tree over pieces of 1 KiB; the library keeps the
 * roots of finished subtrees on a stack inside its state. A part is a subtree:
 * hashed in a state of its own that only starts at a later piece, it leaves
 * its two halves there. Adding a part merges and pushes as the library does.
 * All that this needs of the library is its public struct; the unit test
 * compares with hashing at once.
 */
enum {
    PIECES_PER_PART = HASH_PART_BYTES / BLAKE3_CHUNK_LEN,
    ROUNDS = 7,
    FLAG_PARENT = 4,
};

static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                    0xa54ff53a, 0x510e527f, 0x9b05688c,
                                    0x1f83d9ab, 0x5be0cd19};

static const uint8_t message_order[16] = {2, 6,  3,  10, 7, 0,  4,  13,
                                          1, 11, 12, 5,  9, 14, 15, 8};

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value >> bits | value << (32 - bits);
}

static void mix(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d,
                const uint32_t *words)
{
    *a += *b + words[0];
    *d = rotate(*d ^ *a, 16);
    *c += *d;
    *b = rotate(*b ^ *c, 12);
    *a += *b + words[1];
    *d = rotate(*d ^ *a, 8);
    *c += *d;
    *b = rotate(*b ^ *c, 7);
}

/* One round; columns, then diagonals. */
static void mix_all(uint32_t v[16], const uint32_t m[16])
{
    for (size_t i = 0; i < 4; i++)
        mix(&v[i], &v[4 + i], &v[8 + i], &v[12 + i], &m[2 * i]);
    for (size_t i = 0; i < 4; i++)
        mix(&v[i], &v[4 + (i + 1) % 4], &v[8 + (i + 2) % 4],
            &v[12 + (i + 3) % 4], &m[8 + 2 * i]);
}

/* The inner node over two halves, in place of the first. */
static void merge_halves(const uint32_t key[8], uint8_t halves[2 * OID_SIZE])
{
    uint32_t m[16];
    uint32_t v[16] = {0};
    for (size_t i = 0; i < 16; i++)
        m[i] = le32_load(halves + 4 * i);
    memcpy(v, key, 32);
    memcpy(v + 8, initial, 16);
    v[14] = BLAKE3_BLOCK_LEN;
    v[15] = FLAG_PARENT;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t next[16];
        mix_all(v, m);
        for (size_t i = 0; i < 16; i++)
            next[i] = m[message_order[i]];
        memcpy(m, next, sizeof(m));
    }
    for (size_t i = 0; i < 8; i++)
        le32_store(halves + 4 * i, v[i] ^ v[8 + i]);
}

void hash_part(const void *data, uint64_t index, struct hash_part *out)
{
    blake3_hasher hasher;
    blake3_hasher_init(&hasher);
    hasher.chunk.chunk_counter = index * PIECES_PER_PART;
    blake3_hasher_update(&hasher, data, HASH_PART_BYTES);
    assert(hasher.cv_stack_len == 2);
    memcpy(out->halves, hasher.cv_stack, sizeof(out->halves));
}

/* Push a subtree that starts at the `pieces`th piece. */
static void push_subtree(blake3_hasher *hasher, const unsigned char *root,
                         uint64_t pieces)
{
    unsigned left = (unsigned)__builtin_popcountll(pieces);
    while (hasher->cv_stack_len > left) {
        hasher->cv_stack_len--;
        merge_halves(hasher->key,
                     hasher->cv_stack +
                         (size_t)(hasher->cv_stack_len - 1) * OID_SIZE);
    }
    memcpy(hasher->cv_stack + (size_t)hasher->cv_stack_len * OID_SIZE, root,
           OID_SIZE);
    hasher->cv_stack_len++;
}

void hash_add_part(struct hash *hash, const struct hash_part *part)
{
    blake3_hasher *hasher = state_of(hash);
    uint64_t pieces = hasher->chunk.chunk_counter;
    assert(hasher->chunk.buf_len == 0 && pieces % PIECES_PER_PART == 0);
    push_subtree(hasher, part->halves[0], pieces);
    push_subtree(hasher, part->halves[1], pieces + PIECES_PER_PART / 2);
    hasher->chunk.chunk_counter = pieces + PIECES_PER_PART;
}
