#include "base/crypt.h"

#include <sodium.h>
#include <string.h>

dits_error *crypt_sign(const uint8_t secret[CRYPT_SECRET_SIZE],
                       struct slice message, uint8_t out[CRYPT_SIGNATURE_SIZE])
{
    uint8_t public_key[CRYPT_PUBLIC_SIZE];
    uint8_t made[CRYPT_SECRET_SIZE];
    if (sodium_init() < 0)
        return error_new(DITS_E_UNSUPPORTED, "libsodium does not start");
    /* With another public key, two signatures would give the secret away. */
    bool is_pair = crypto_sign_seed_keypair(public_key, made, secret) == 0 &&
                   sodium_memcmp(made, secret, sizeof(made)) == 0;
    sodium_memzero(made, sizeof(made));
    if (!is_pair)
        return error_new(DITS_E_INVALID,
                         "the public part of a key is not that of its secret");
    (void)crypto_sign_detached(out, NULL, message.data, message.size, secret);
    return NULL;
}

bool crypt_is_signed(const uint8_t public_key[CRYPT_PUBLIC_SIZE],
                     struct slice message,
                     const uint8_t signature[CRYPT_SIGNATURE_SIZE])
{
    return crypto_sign_verify_detached(signature, message.data, message.size,
                                       public_key) == 0;
}

void crypt_sha256(struct slice bytes, uint8_t out[32])
{
    (void)crypto_hash_sha256(out, bytes.data, bytes.size);
}

void crypt_sha512(struct slice bytes, uint8_t out[64])
{
    (void)crypto_hash_sha512(out, bytes.data, bytes.size);
}

dits_error *crypt_base64_put(struct slice bytes, bool is_padded,
                             struct buf *out)
{
    int variant = is_padded ? sodium_base64_VARIANT_ORIGINAL
                            : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    size_t size = sodium_base64_encoded_len(bytes.size, variant);
    void *at = NULL;
    TRY(buf_extend(out, size, &at));
    (void)sodium_bin2base64(at, size, bytes.data, bytes.size, variant);
    out->size--; /* the NUL */
    return NULL;
}

dits_error *crypt_base64_read(struct slice text, struct buf *out,
                              bool *out_valid)
{
    const char *begin = (const char *)text.data;
    const char *end = NULL;
    size_t before = out->size;
    size_t size = 0;
    void *at = NULL;
    TRY(buf_extend(out, text.size / 4 * 3 + 3, &at));
    *out_valid = text.size > 0 &&
                 sodium_base642bin(at, text.size / 4 * 3 + 3, begin, text.size,
                                   "\r\n", &size, &end,
                                   sodium_base64_VARIANT_ORIGINAL) == 0 &&
                 end == begin + text.size;
    out->size = before + (*out_valid ? size : 0);
    return NULL;
}

dits_error *crypt_password_hash(struct slice password,
                                const struct crypt_cost *cost,
                                char out[CRYPT_PASSWORD_SIZE])
{
    _Static_assert(CRYPT_PASSWORD_SIZE >= crypto_pwhash_STRBYTES, "room");
    if (sodium_init() < 0)
        return error_new(DITS_E_UNSUPPORTED, "libsodium does not start");
    if (crypto_pwhash_str_alg(out, (const char *)password.data, password.size,
                              cost->passes, cost->memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return error_nomem();
    return NULL;
}

bool crypt_password_is(const char *hash, struct slice password)
{
    return sodium_init() >= 0 &&
           crypto_pwhash_str_verify(hash, (const char *)password.data,
                                    password.size) == 0;
}

bool crypt_password_costs(const char *hash, const struct crypt_cost *cost)
{
    return crypto_pwhash_str_needs_rehash(hash, cost->passes, cost->memory) ==
           0;
}

bool crypt_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

void crypt_wipe(void *secret, size_t size)
{
    sodium_memzero(secret, size);
}

void crypt_buf_wipe(struct buf *secret)
{
    if (secret->data != NULL)
        sodium_memzero(secret->data, secret->capacity);
    buf_release(secret);
}
