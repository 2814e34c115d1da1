#include "sign/ssh_key.h"

#include <string.h>

#include "base/text.h"

#define ED25519 "ssh-ed25519"

dits_error *ssh_string_put(struct buf *out, struct slice bytes)
{
    TRY(buf_put_be32(out, (uint32_t)bytes.size));
    return buf_put(out, bytes.data, bytes.size);
}

dits_error *ssh_string_take(struct cursor *in, struct slice *out)
{
    struct cursor at = *in;
    uint32_t size = 0;
    TRY(cursor_be32(&at, &size));
    TRY(cursor_slice(&at, size, out));
    *in = at;
    return NULL;
}

struct slice ssh_key_type(struct slice blob)
{
    struct cursor in = cursor_over(blob.data, blob.size);
    struct slice type = {0};
    dits_error *err = ssh_string_take(&in, &type);
    bool failed = err != NULL;
    dits_error_free(err); /* it has no type */
    return failed ? (struct slice){0} : type;
}

dits_error *ssh_key_read_line(const char *line, struct buf *out,
                              size_t *out_length)
{
    size_t type = strcspn(line, " \t");
    size_t gap = strspn(line + type, " \t");
    const char *text = line + type + gap;
    size_t length = strcspn(text, " \t\r\n");
    bool is_valid = false;
    buf_clear(out);
    if (length <= SSH_KEY_MAX)
        TRY(crypt_base64_read(slice_of(text, length), out, &is_valid));
    if (!is_valid || gap == 0 || type == 0 ||
        !slice_equal(ssh_key_type(buf_slice(out)), slice_of(line, type)))
        return error_new(DITS_E_INVALID, "this is not a public key");
    if (out_length != NULL)
        *out_length = type + gap + length;
    return NULL;
}

const char *ssh_key_name(struct slice blob)
{
    static const struct {
        const char *type;
        const char *name;
    } names[] = {
        {ED25519, "ED25519"},
        {"ssh-rsa", "RSA"},
        {"ssh-dss", "DSA"},
        {"ecdsa-sha2-nistp256", "ECDSA"},
        {"ecdsa-sha2-nistp384", "ECDSA"},
        {"ecdsa-sha2-nistp521", "ECDSA"},
        {"sk-ssh-ed25519@openssh.com", "ED25519-SK"},
        {"sk-ecdsa-sha2-nistp256@openssh.com", "ECDSA-SK"},
    };
    struct slice type = ssh_key_type(blob);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (slice_equal(type, slice_of_text(names[i].type)))
            return names[i].name;
    return "unknown";
}

dits_error *ssh_key_fingerprint(struct slice blob, struct buf *out)
{
    uint8_t hash[32];
    crypt_sha256(blob, hash);
    TRY(buf_put_text(out, "SHA256:"));
    return crypt_base64_put(slice_of(hash, sizeof(hash)), false, out);
}

const uint8_t *ssh_key_ed25519(struct slice blob)
{
    static const size_t front = 4 + sizeof(ED25519) - 1 + 4;
    static const uint8_t length[4] = {0, 0, 0, CRYPT_PUBLIC_SIZE};
    if (blob.size != front + CRYPT_PUBLIC_SIZE ||
        !slice_equal(ssh_key_type(blob), slice_of_text(ED25519)) ||
        memcmp(blob.data + front - 4, length, 4) != 0)
        return NULL;
    return blob.data + front;
}
