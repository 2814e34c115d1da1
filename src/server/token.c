#include "server/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "base/deflate.h"
#include "base/hash.h"
#include "base/random.h"

enum {
    AT_KIND = 5,
    AT_ID = 9,
    AT_SECRET = 42,
    AT_SUM = 107,
    LENGTH = 115,
};

static const char *const kinds[] = {
    [TOKEN_PERSONAL] = "pat",
    [TOKEN_SERVICE] = "svc",
    [TOKEN_SESSION] = "ses",
    [TOKEN_SETUP] = "set",
};

const char *token_kind_name(enum token_kind kind)
{
    return kinds[kind];
}

bool token_kind_parse(const char *name, enum token_kind *out)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i], name) != 0)
            continue;
        *out = (enum token_kind)i;
        return true;
    }
    return false;
}

static void hash_secret(const uint8_t secret[TOKEN_SECRET_BYTES],
                        struct dits_oid *out)
{
    struct hash hash;
    hash_begin_derived(&hash, "dits 2026-12-01 secret of a token");
    hash_update(&hash, secret, TOKEN_SECRET_BYTES);
    hash_finish(&hash, out);
    crypt_wipe(&hash, sizeof(hash));
}

static void put_sum(const char *text, char out[9])
{
    uint32_t sum = deflate_crc32(0, text, AT_SUM - 1);
    (void)snprintf(out, 9, "%08" PRIx32, sum);
}

void token_make(enum token_kind kind, const struct server_id *id,
                char out_text[TOKEN_TEXT_SIZE], struct dits_oid *out_hash)
{
    uint8_t secret[TOKEN_SECRET_BYTES];
    random_bytes(secret, sizeof(secret));
    hash_secret(secret, out_hash);
    (void)snprintf(out_text, TOKEN_TEXT_SIZE, "dits_%s_", kinds[kind]);
    server_id_hex(id, out_text + AT_ID);
    out_text[AT_SECRET - 1] = '_';
    server_hex_put(secret, sizeof(secret), out_text + AT_SECRET);
    out_text[AT_SUM - 1] = '_';
    put_sum(out_text, out_text + AT_SUM);
    crypt_wipe(secret, sizeof(secret));
}

bool token_parse(const char *text, enum token_kind *out_kind,
                 struct server_id *out_id, struct dits_oid *out_hash)
{
    uint8_t secret[TOKEN_SECRET_BYTES];
    char kind[4] = {0};
    char sum[9] = {0};
    if (strnlen(text, LENGTH + 1) != LENGTH || memcmp(text, "dits_", 5) != 0 ||
        text[AT_ID - 1] != '_' || text[AT_SECRET - 1] != '_' ||
        text[AT_SUM - 1] != '_')
        return false;
    memcpy(kind, text + AT_KIND, 3);
    put_sum(text, sum);
    if (!token_kind_parse(kind, out_kind) ||
        !server_id_parse(text + AT_ID, out_id) ||
        memcmp(text + AT_SUM, sum, 8) != 0 ||
        !server_hex_read(text + AT_SECRET, sizeof(secret), secret))
        return false;
    hash_secret(secret, out_hash);
    crypt_wipe(secret, sizeof(secret));
    return true;
}
