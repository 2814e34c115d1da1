#include "base/digest.h"

#include <string.h>

#include "base/oid.h"
#include "support/mem_fault.h"
#include "support/test.h"

static bool is(const uint8_t *digest, const char *hex)
{
    struct dits_oid wanted = {0};
    return oid_parse_prefix(hex, strlen(hex), &wanted) &&
           memcmp(digest, wanted.hash, strlen(hex) / 2) == 0;
}

/* The examples of FIPS 180-2. */
TEST(known_bytes_have_known_digests)
{
    CLEANUP(digest_freep) struct digest *sha1 = NULL;
    CLEANUP(digest_freep) struct digest *sha256 = NULL;
    uint8_t out[DIGEST_SHA256_BYTES] = {0};
    CHECK_OK(digest_new(DIGEST_SHA1, &sha1));
    CHECK_OK(digest_new(DIGEST_SHA256, &sha256));
    CHECK(digest_size(sha1) == 20 && digest_size(sha256) == 32);
    digest_add(sha1, "abc", 3);
    digest_finish(sha1, out);
    CHECK(is(out, "a9993e364706816aba3e25717850c26c9cd0d89d"));
    digest_add(sha256, "a", 1);
    digest_add(sha256, "bc", 2);
    digest_finish(sha256, out);
    CHECK(is(out, "ba7816bf8f01cfea414140de5dae2223"
                  "b00361a396177a9cb410ff61f20015ad"));
}

TEST(a_digest_begins_anew_when_it_was_taken)
{
    CLEANUP(digest_freep) struct digest *digest = NULL;
    uint8_t first[DIGEST_SHA256_BYTES] = {0};
    uint8_t second[DIGEST_SHA256_BYTES] = {0};
    CHECK_OK(digest_new(DIGEST_SHA256, &digest));
    digest_finish(digest, first);
    CHECK(is(first, "e3b0c44298fc1c149afbf4c8996fb924"
                    "27ae41e4649b934ca495991b7852b855"));
    digest_add(digest, "abc", 3);
    digest_finish(digest, second);
    digest_finish(digest, second);
    CHECK(memcmp(first, second, sizeof(first)) == 0);
}

TEST(a_failed_allocation_leaves_nothing_behind)
{
    struct digest *digest = NULL;
    size_t live = mem_fault_live();
    mem_fault_arm(1);
    CHECK_FAILS(DITS_E_NOMEM, digest_new(DIGEST_SHA1, &digest));
    CHECK(mem_fault_disarm() && digest == NULL && mem_fault_live() == live);
}
