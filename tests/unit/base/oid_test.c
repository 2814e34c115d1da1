#include "base/oid.h"

#include <string.h>

#include "base/hash.h"
#include "support/test.h"

TEST(hex_and_back)
{
    struct dits_oid id = {0};
    struct dits_oid back = {0};
    char hex[OID_HEX_SIZE] = "";
    hash_bytes("", 0, &id);
    dits_oid_hex(&id, hex);
    /* The published BLAKE3 of no bytes. */
    CHECK(strcmp(hex, "af1349b9f5f9a1a6a0404dea36dcc949"
                      "9bcb25c9adc112b7cc9a93cae41f3262") == 0);
    CHECK(oid_parse(hex, &back) && dits_oid_equal(&id, &back));
    CHECK(!oid_parse("af13", &back));
    hex[5] = 'g';
    CHECK(!oid_parse(hex, &back));
}

TEST(prefixes_count_in_digits)
{
    struct dits_oid id = {.hash = {0xab, 0xcd}};
    struct dits_oid prefix = {0};
    CHECK(oid_parse_prefix("abc", 3, &prefix));
    CHECK(oid_has_prefix(&id, &prefix, 3));
    CHECK(!oid_has_prefix(&id, &prefix, 4));
    CHECK(oid_parse_prefix("ABCD", 4, &prefix));
    CHECK(oid_has_prefix(&id, &prefix, 4));
}

TEST(kinds_give_the_same_bytes_different_ids)
{
    struct hash hash = {0};
    struct dits_oid plain = {0};
    struct dits_oid derived = {0};
    hash_bytes("take", 4, &plain);
    hash_begin_derived(&hash, "a context of this test");
    hash_update(&hash, "take", 4);
    hash_finish(&hash, &derived);
    CHECK(!dits_oid_equal(&plain, &derived));
}
