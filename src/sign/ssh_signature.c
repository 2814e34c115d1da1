#include "sign/ssh_signature.h"

#include <string.h>

#define BEGIN "-----BEGIN SSH SIGNATURE-----"
#define END "-----END SSH SIGNATURE-----"
#define MAGIC "SSHSIG"

enum { VERSION = 1, COLUMNS = 70 };

void ssh_signature_release(struct ssh_signature *signature)
{
    buf_release(&signature->bytes);
    *signature = (struct ssh_signature){0};
}

static dits_error *take_parts(struct ssh_signature *signature)
{
    struct cursor in =
        cursor_over(signature->bytes.data, signature->bytes.size);
    struct slice magic = {0};
    struct slice reserved = {0};
    uint32_t version = 0;
    TRY(cursor_slice(&in, strlen(MAGIC), &magic));
    TRY(cursor_be32(&in, &version));
    if (memcmp(magic.data, MAGIC, strlen(MAGIC)) != 0 || version != VERSION)
        return error_new(DITS_E_CORRUPT, "it is of another form");
    TRY(ssh_string_take(&in, &signature->key));
    TRY(ssh_string_take(&in, &signature->name_space));
    TRY(ssh_string_take(&in, &reserved));
    TRY(ssh_string_take(&in, &signature->hash));
    TRY(ssh_string_take(&in, &signature->value));
    return cursor_end(&in);
}

dits_error *ssh_signature_parse(struct slice text, struct ssh_signature *out)
{
    CLEANUP(ssh_signature_release) struct ssh_signature signature = {0};
    dits_error *err = ssh_armour_read(text, BEGIN, END, &signature.bytes);
    if (err == NULL)
        err = take_parts(&signature);
    if (err != NULL && dits_error_has(err, DITS_E_INVALID))
        return error_make(DITS_E_CORRUPT, err, __FILE__, __LINE__,
                          "the signature cannot be read");
    TRY_CONTEXT(err, "the signature cannot be read");
    *out = MOVE(signature);
    return NULL;
}

static dits_error *put_parts(struct slice key, const char *name_space,
                             struct slice value, struct buf *out)
{
    TRY(buf_put_text(out, MAGIC));
    TRY(buf_put_be32(out, VERSION));
    TRY(ssh_string_put(out, key));
    TRY(ssh_string_put(out, slice_of_text(name_space)));
    TRY(ssh_string_put(out, (struct slice){0}));
    TRY(ssh_string_put(out, slice_of_text("sha512")));
    return ssh_string_put(out, value);
}

dits_error *ssh_signature_put(struct slice key, const char *name_space,
                              struct slice value, struct buf *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf text = {0};
    TRY(put_parts(key, name_space, value, &bytes));
    TRY(crypt_base64_put(buf_slice(&bytes), true, &text));
    TRY(buf_put_text(out, BEGIN "\n"));
    for (size_t at = 0; at < text.size; at += COLUMNS) {
        size_t left = text.size - at;
        TRY(buf_put(out, text.data + at, left < COLUMNS ? left : COLUMNS));
        TRY(buf_put_u8(out, '\n'));
    }
    return buf_put_text(out, END "\n");
}

dits_error *ssh_signature_put_signed(struct slice name_space, const char *hash,
                                     struct slice message, struct buf *out)
{
    uint8_t sum[64];
    bool is_long = strcmp(hash, "sha512") == 0;
    if (is_long)
        crypt_sha512(message, sum);
    else
        crypt_sha256(message, sum);
    TRY(buf_put_text(out, MAGIC));
    TRY(ssh_string_put(out, name_space));
    TRY(ssh_string_put(out, (struct slice){0}));
    TRY(ssh_string_put(out, slice_of_text(hash)));
    return ssh_string_put(out, slice_of(sum, is_long ? 64 : 32));
}

dits_error *ssh_signature_make(const struct ssh_private_key *key,
                               struct slice to_sign, struct buf *out)
{
    uint8_t value[CRYPT_SIGNATURE_SIZE];
    TRY(crypt_sign(key->secret, to_sign, value));
    TRY(ssh_string_put(out, ssh_key_type(buf_slice(&key->blob))));
    return ssh_string_put(out, slice_of(value, sizeof(value)));
}

/* The 64 bytes of an Ed25519 signature; NULL when it is none. */
static const uint8_t *value_of(const struct ssh_signature *signature)
{
    struct cursor in =
        cursor_over(signature->value.data, signature->value.size);
    struct slice type = {0};
    struct slice value = {0};
    dits_error *err = ssh_string_take(&in, &type);
    if (err == NULL)
        err = ssh_string_take(&in, &value);
    if (err == NULL)
        err = cursor_end(&in);
    bool is_value = err == NULL && value.size == CRYPT_SIGNATURE_SIZE &&
                    slice_equal(type, ssh_key_type(signature->key));
    dits_error_free(err); /* then it is a bad signature */
    return is_value ? value.data : NULL;
}

dits_error *ssh_signature_check(const struct ssh_signature *signature,
                                const char *name_space, struct slice message,
                                bool *out_good)
{
    CLEANUP(buf_release) struct buf to_sign = {0};
    const uint8_t *public_key = ssh_key_ed25519(signature->key);
    bool is_long = slice_equal(signature->hash, slice_of_text("sha512"));
    *out_good = false;
    if (!slice_equal(signature->name_space, slice_of_text(name_space)))
        return NULL;
    if (public_key == NULL)
        return error_new(DITS_E_UNSUPPORTED, "a key of the type %s",
                         ssh_key_name(signature->key));
    if (!is_long && !slice_equal(signature->hash, slice_of_text("sha256")))
        return error_new(DITS_E_UNSUPPORTED, "a hash that is not known");
    const uint8_t *value = value_of(signature);
    if (value == NULL)
        return NULL;
    TRY(ssh_signature_put_signed(signature->name_space,
                                 is_long ? "sha512" : "sha256", message,
                                 &to_sign));
    *out_good = crypt_is_signed(public_key, buf_slice(&to_sign), value);
    return NULL;
}
