#include "base/hash.h"

#include <string.h>

#include "base/mem.h"
#include "support/test.h"

enum { MOST_PARTS = 9 };

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

/* `size` bytes in parts, added in order. */
static void hash_in_parts(const uint8_t *data, size_t size,
                          struct dits_oid *out)
{
    struct hash hash;
    hash_begin(&hash);
    size_t count = size / HASH_PART_BYTES;
    for (size_t i = 0; i < count; i++) {
        struct hash_part part;
        hash_part(data + i * HASH_PART_BYTES, i, &part);
        hash_add_part(&hash, &part);
    }
    hash_update(&hash, data + count * HASH_PART_BYTES,
                size - count * HASH_PART_BYTES);
    hash_finish(&hash, out);
}

TEST(hashing_in_parts_gives_the_hash_of_the_whole)
{
    static const size_t more[] = {0, 1, 1023, 1024, 1025, 5000, 262143};
    size_t room = (size_t)(MOST_PARTS + 1) * HASH_PART_BYTES;
    CLEANUP(free_bytes) uint8_t *data = mem_new_array(uint8_t, room);
    CHECK(data != NULL);
    for (size_t i = 0; i < room; i++)
        data[i] = (uint8_t)(i * 31 >> 3 ^ i >> 11);

    for (size_t parts = 0; parts <= MOST_PARTS; parts++) {
        for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
            struct dits_oid whole = {0};
            struct dits_oid pieced = {0};
            size_t size = parts * HASH_PART_BYTES + more[i];
            hash_bytes(data, size, &whole);
            hash_in_parts(data, size, &pieced);
            CHECK(dits_oid_equal(&whole, &pieced));
        }
    }
}

TEST(the_official_vectors_hold)
{
    /* From the BLAKE3 test vectors: input bytes count 0, 1, … 250, 0, 1, … */
    static const struct {
        size_t size;
        const char *hex;
    } vectors[] = {
        {0, "af1349b9f5f9a1a6a0404dea36dcc949"
            "9bcb25c9adc112b7cc9a93cae41f3262"},
        {1, "2d3adedff11b61f14c886e35afa03673"
            "6dcd87a74d27b5c1510225d0f592e213"},
        {102400, "bc3e3d41a1146b069abffad3c0d44860"
                 "cf664390afce4d9661f7902e7943e085"},
    };
    CLEANUP(free_bytes) uint8_t *data = mem_new_array(uint8_t, 102400);
    CHECK(data != NULL);
    for (size_t i = 0; i < 102400; i++)
        data[i] = (uint8_t)(i % 251);
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct dits_oid id = {0};
        char hex[OID_HEX_SIZE];
        hash_bytes(data, vectors[i].size, &id);
        dits_oid_hex(&id, hex);
        CHECK(strcmp(hex, vectors[i].hex) == 0);
    }
}

TEST(the_same_bytes_have_another_hash_in_another_context)
{
    struct hash hash;
    struct dits_oid plain = {0};
    struct dits_oid derived = {0};
    hash_bytes("x", 1, &plain);
    hash_begin_derived(&hash, "a context of this test");
    hash_update(&hash, "x", 1);
    hash_finish(&hash, &derived);
    CHECK(!dits_oid_equal(&plain, &derived));
}
