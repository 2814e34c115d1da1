#include "base/oid.h"

#include <string.h>

void dits_oid_hex(const struct dits_oid *id, char out[DITS_OID_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < OID_SIZE; i++) {
        out[2 * i] = digits[id->hash[i] >> 4];
        out[2 * i + 1] = digits[id->hash[i] & 15];
    }
    out[DITS_OID_HEX_SIZE - 1] = '\0';
}

bool dits_oid_equal(const struct dits_oid *a, const struct dits_oid *b)
{
    return memcmp(a->hash, b->hash, OID_SIZE) == 0;
}

bool dits_oid_is_zero(const struct dits_oid *id)
{
    static const struct dits_oid zero;
    return dits_oid_equal(id, &zero);
}

int oid_compare(const struct dits_oid *a, const struct dits_oid *b)
{
    return memcmp(a->hash, b->hash, OID_SIZE);
}

/* -1 when `c` is no hex digit. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool oid_parse_prefix(const char *text, size_t digits, struct dits_oid *out)
{
    struct dits_oid id = {0};
    if (digits > (size_t)2 * OID_SIZE)
        return false;

    for (size_t i = 0; i < digits; i++) {
        int value = digit_value(text[i]);
        if (value < 0)
            return false;
        id.hash[i / 2] |= (uint8_t)(i % 2 == 0 ? value << 4 : value);
    }
    *out = id;
    return true;
}

bool oid_parse(const char *text, struct dits_oid *out)
{
    return strlen(text) == OID_HEX_SIZE - 1 &&
           oid_parse_prefix(text, OID_HEX_SIZE - 1, out);
}

bool oid_has_prefix(const struct dits_oid *id, const struct dits_oid *prefix,
                    size_t digits)
{
    if (memcmp(id->hash, prefix->hash, digits / 2) != 0)
        return false;
    return digits % 2 == 0 ||
           (id->hash[digits / 2] & 0xf0) == (prefix->hash[digits / 2] & 0xf0);
}
