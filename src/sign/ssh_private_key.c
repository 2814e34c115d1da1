/* The file format openssh-key-v1. */
#include <string.h>

#include "sign/ssh_key.h"

#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1" /* with its NUL */

void ssh_private_key_release(struct ssh_private_key *key)
{
    buf_release(&key->blob);
    crypt_wipe(key->secret, sizeof(key->secret));
    key->is_encrypted = false;
    key->has_secret = false;
}

static bool starts_with(struct slice text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.size >= length && memcmp(text.data, prefix, length) == 0;
}

bool ssh_private_key_is(struct slice text)
{
    return starts_with(text, "-----BEGIN ");
}

dits_error *ssh_armour_read(struct slice text, const char *begin,
                            const char *end, struct buf *out)
{
    bool is_valid = false;
    size_t front = strlen(begin);
    size_t back = strlen(end);
    while (text.size > 0 && strchr("\r\n", text.data[text.size - 1]) != NULL)
        text.size--;
    if (text.size >= front + back && starts_with(text, begin) &&
        memcmp(text.data + text.size - back, end, back) == 0) {
        struct slice inner =
            slice_of(text.data + front, text.size - front - back);
        TRY(crypt_base64_read(inner, out, &is_valid));
    }
    return is_valid ? NULL
                    : error_new(DITS_E_INVALID, "'%s' is not complete", begin);
}

/* The part that a passphrase protects: a key's type, its halves, a comment. */
static dits_error *take_secret(struct slice part, struct ssh_private_key *key)
{
    struct cursor in = cursor_over(part.data, part.size);
    struct slice type = {0};
    struct slice public_key = {0};
    struct slice secret = {0};
    uint32_t first = 0;
    uint32_t second = 0;
    const uint8_t *expected = ssh_key_ed25519(buf_slice(&key->blob));
    if (expected == NULL)
        return NULL;
    TRY(cursor_be32(&in, &first));
    TRY(cursor_be32(&in, &second));
    TRY(ssh_string_take(&in, &type));
    TRY(ssh_string_take(&in, &public_key));
    TRY(ssh_string_take(&in, &secret));
    if (first != second || secret.size != CRYPT_SECRET_SIZE ||
        !slice_equal(type, ssh_key_type(buf_slice(&key->blob))) ||
        !slice_equal(public_key, slice_of(expected, CRYPT_PUBLIC_SIZE)))
        return error_new(DITS_E_INVALID, "its parts do not fit together");
    memcpy(key->secret, secret.data, sizeof(key->secret));
    key->has_secret = true;
    return NULL;
}

static dits_error *take_key(struct cursor *in, struct ssh_private_key *key)
{
    struct slice magic = {0};
    struct slice cipher = {0};
    struct slice ignored = {0};
    struct slice blob = {0};
    struct slice part = {0};
    uint32_t count = 0;
    TRY(cursor_slice(in, sizeof(MAGIC), &magic));
    TRY(ssh_string_take(in, &cipher));
    TRY(ssh_string_take(in, &ignored)); /* how the passphrase becomes a key */
    TRY(ssh_string_take(in, &ignored)); /* and with which numbers */
    TRY(cursor_be32(in, &count));
    TRY(ssh_string_take(in, &blob));
    TRY(ssh_string_take(in, &part));
    if (memcmp(magic.data, MAGIC, sizeof(MAGIC)) != 0 || count != 1)
        return error_new(DITS_E_INVALID, "it is of another form");
    TRY(buf_put(&key->blob, blob.data, blob.size));
    key->is_encrypted = !slice_equal(cipher, slice_of_text("none"));
    return key->is_encrypted ? NULL : take_secret(part, key);
}

dits_error *ssh_private_key_parse(struct slice text,
                                  struct ssh_private_key *out)
{
    CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
    CLEANUP(crypt_buf_wipe) struct buf bytes = {0};
    if (!starts_with(text, BEGIN))
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "the private key is of an old form"),
            "'ssh-keygen -p -f FILE' writes it anew.");
    TRY(ssh_armour_read(text, BEGIN, END, &bytes));
    struct cursor in = cursor_over(bytes.data, bytes.size);
    dits_error *err = take_key(&in, &key);
    if (err != NULL && dits_error_has(err, DITS_E_CORRUPT))
        return error_make(DITS_E_INVALID, err, __FILE__, __LINE__,
                          "the private key cannot be read");
    TRY_CONTEXT(err, "the private key cannot be read");
    *out = MOVE(key);
    return NULL;
}
