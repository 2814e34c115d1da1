#include "net/pin.h"

#include <string.h>

#include "base/crypt.h"
#include "base/text.h"

enum {
    DER_SEQUENCE = 0x30,
    DER_VERSION = 0xa0, /* tag [0] of a certificate, absent in the oldest */
    /* Of a certificate, between its version and its key: serial number,
       algorithm, issuer, times, subject. */
    FIELDS_BEFORE_KEY = 5,
};

static const char prefix[] = "sha256//";
static const char begins[] = "-----BEGIN CERTIFICATE-----";
static const char ends[] = "-----END CERTIFICATE-----";

struct element {
    uint8_t tag;
    struct slice whole;
    struct slice content;
};

/* The next element; `rest` is behind it then. */
static bool read_element(struct slice *rest, struct element *out)
{
    size_t at = 2;
    size_t size = 0;
    if (rest->size < 2)
        return false;
    size = rest->data[1];
    if (size >= 0x80) {
        size_t count = size & 0x7f;
        if (count == 0 || count > 3 || rest->size - 2 < count)
            return false;
        size = 0;
        for (size_t i = 0; i < count; i++)
            size = size << 8 | rest->data[at++];
    }
    if (size > rest->size - at)
        return false;
    out->tag = rest->data[0];
    out->whole = slice_of(rest->data, at + size);
    out->content = slice_of(rest->data + at, size);
    *rest = slice_of(rest->data + at + size, rest->size - at - size);
    return true;
}

/* RFC 5280, section 4.1: the seventh field of what is signed. */
static bool find_key(struct slice der, struct slice *out)
{
    struct element at = {0};
    if (!read_element(&der, &at) || at.tag != DER_SEQUENCE)
        return false;
    der = at.content;
    if (!read_element(&der, &at) || at.tag != DER_SEQUENCE)
        return false;
    der = at.content;
    if (!read_element(&der, &at))
        return false;
    for (int i = at.tag == DER_VERSION ? 0 : 1; i <= FIELDS_BEFORE_KEY; i++) {
        if (!read_element(&der, &at))
            return false;
    }
    *out = at.whole;
    return at.tag == DER_SEQUENCE;
}

dits_error *pin_of_der(struct slice certificate, struct buf *out,
                       bool *out_valid)
{
    uint8_t digest[32];
    struct slice key = {0};
    *out_valid = find_key(certificate, &key);
    if (!*out_valid)
        return NULL;
    crypt_sha256(key, digest);
    TRY(buf_put_text(out, prefix));
    return crypt_base64_put(slice_of(digest, sizeof(digest)), true, out);
}

dits_error *pin_of_pem(struct slice text, struct buf *out, bool *out_valid)
{
    CLEANUP(buf_release) struct buf der = {0};
    *out_valid = false;
    if (text.size == 0)
        return NULL;
    const uint8_t *start =
        memmem(text.data, text.size, begins, sizeof(begins) - 1);
    if (start == NULL)
        return NULL;
    start += sizeof(begins) - 1;
    size_t rest = (size_t)(text.data + text.size - start);
    const uint8_t *end = memmem(start, rest, ends, sizeof(ends) - 1);
    if (end == NULL)
        return NULL;
    bool is_base64 = false;
    TRY(crypt_base64_read(slice_of(start, (size_t)(end - start)), &der,
                          &is_base64));
    return is_base64 ? pin_of_der(buf_slice(&der), out, out_valid) : NULL;
}

bool pin_is_valid(const char *text)
{
    size_t size = strlen(text);
    if (size != PIN_SIZE || !text_starts_with(text, prefix) ||
        text[size - 1] != '=')
        return false;
    for (size_t i = sizeof(prefix) - 1; i < size - 1; i++) {
        int c = (unsigned char)text[i];
        if (!text_is_letter(c) && (c < '0' || c > '9') && c != '+' && c != '/')
            return false;
    }
    return true;
}
