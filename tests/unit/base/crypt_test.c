#include "base/crypt.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* RFC 8032, 7.1, test 2: the seed, the public key, a message of one byte. */
static const uint8_t secret[CRYPT_SECRET_SIZE] = {
    0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3,
    0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab,
    0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb, 0x3d,
    0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7,
    0x4d, 0x1b, 0x7e, 0xbc, 0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96,
    0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c,
};
static const uint8_t expected[] = {0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca,
                                   0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f, 0x64};
static const uint8_t message[] = {0x72};

TEST(signatures_are_those_of_the_standard)
{
    uint8_t made[CRYPT_SIGNATURE_SIZE] = {0};
    struct slice what = slice_of(message, sizeof(message));
    CHECK_OK(crypt_sign(secret, what, made));
    CHECK(memcmp(made, expected, sizeof(expected)) == 0);
    CHECK(crypt_is_signed(secret + 32, what, made));
    CHECK(!crypt_is_signed(secret + 32, slice_of("s", 1), made));
    made[0] ^= 1;
    CHECK(!crypt_is_signed(secret + 32, what, made));
}

TEST(a_key_with_a_foreign_public_part_signs_nothing)
{
    uint8_t other[CRYPT_SECRET_SIZE];
    uint8_t made[CRYPT_SIGNATURE_SIZE] = {0};
    memcpy(other, secret, sizeof(other));
    other[40] ^= 1;
    CHECK_FAILS(DITS_E_INVALID, crypt_sign(other, slice_of(message, 1), made));
}

TEST(hashes_are_those_of_the_standard)
{
    uint8_t sum[64] = {0};
    crypt_sha256(slice_of_text("abc"), sum);
    CHECK(memcmp(sum, "\xba\x78\x16\xbf\x8f\x01\xcf\xea", 8) == 0);
    crypt_sha512(slice_of_text("abc"), sum);
    CHECK(memcmp(sum, "\xdd\xaf\x35\xa1\x93\x61\x7a\xba", 8) == 0);
}

TEST(base64_goes_there_and_back)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    bool valid = false;
    CHECK_OK(crypt_base64_put(slice_of("\xff\0dits", 6), true, &text));
    CHECK(strcmp(buf_text(&text), "/wBkaXRz") == 0);
    CHECK_OK(crypt_base64_put(slice_of("a", 1), true, &text));
    CHECK(strcmp(buf_text(&text), "/wBkaXRzYQ==") == 0);
    CHECK_OK(crypt_base64_read(slice_of_text("\n/wBka\r\nXRzYQ==\n"), &bytes,
                               &valid));
    CHECK(valid && slice_equal(buf_slice(&bytes), slice_of("\xff\0ditsa", 7)));
    buf_clear(&text);
    CHECK_OK(crypt_base64_put(slice_of("a", 1), false, &text));
    CHECK(strcmp(buf_text(&text), "YQ") == 0);
}

TEST(what_is_no_base64_is_refused)
{
    static const char *const texts[] = {
        "", "YQ", "YQ=", "Y Q=", "YQ==x", "Y-__"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        bool valid = true;
        CHECK_OK(crypt_base64_read(slice_of_text(texts[i]), &bytes, &valid));
        CHECK(!valid && bytes.size == 0);
    }
}

TEST(secrets_are_overwritten)
{
    struct buf secret_text = {0};
    uint8_t bytes[4] = {1, 2, 3, 4};
    crypt_wipe(bytes, sizeof(bytes));
    CHECK(memcmp(bytes, "\0\0\0", 4) == 0);
    CHECK_OK(buf_put_text(&secret_text, "secret"));
    crypt_buf_wipe(&secret_text);
    CHECK(secret_text.data == NULL);
    crypt_buf_wipe(&secret_text);
}

TEST(want_of_memory_is_told)
{
    CLEANUP(buf_release) struct buf text = {0};
    bool valid = false;
    mem_fault_arm(1);
    CHECK_FAILS(DITS_E_NOMEM, crypt_base64_put(slice_of("a", 1), true, &text));
    mem_fault_arm(1);
    CHECK_FAILS(DITS_E_NOMEM,
                crypt_base64_read(slice_of_text("YQ=="), &text, &valid));
    (void)mem_fault_disarm();
}

TEST(passwords_are_kept_as_argon2id_and_told_apart)
{
    static const struct crypt_cost cost = {.passes = 1, .memory = 8192};
    static const struct crypt_cost other = {.passes = 2, .memory = 8192};
    char hash[CRYPT_PASSWORD_SIZE] = {0};
    char again[CRYPT_PASSWORD_SIZE] = {0};
    struct slice password = slice_of_text("correct horse");
    CHECK_OK(crypt_password_hash(password, &cost, hash));
    CHECK_OK(crypt_password_hash(password, &cost, again));
    CHECK(strncmp(hash, "$argon2id$v=19$m=8,t=1,p=1$", 27) == 0);
    CHECK(strcmp(hash, again) != 0); /* a salt of its own */
    CHECK(crypt_password_is(hash, password));
    CHECK(!crypt_password_is(hash, slice_of_text("correct horsf")));
    CHECK(!crypt_password_is("", password));
    CHECK(!crypt_password_is("$argon2id$", password));
    CHECK(crypt_password_costs(hash, &cost));
    CHECK(!crypt_password_costs(hash, &other));
    CHECK(!crypt_password_costs("", &cost));
}

TEST(secrets_are_compared_to_the_last_byte)
{
    CHECK(crypt_equal("abc", "abc", 3));
    CHECK(!crypt_equal("abc", "abd", 3));
    CHECK(crypt_equal("abc", "abd", 2));
}
