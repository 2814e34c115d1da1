#include "server/id.h"

#include <string.h>

#include "base/random.h"

void server_id_new(struct server_id *out)
{
    random_bytes(out->bytes, sizeof(out->bytes));
}

bool server_id_equal(const struct server_id *a, const struct server_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool server_id_is_none(const struct server_id *id)
{
    static const struct server_id none = {{0}};
    return server_id_equal(id, &none);
}

void server_hex_put(const uint8_t *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* -1: it is none, as are capital letters: there is one way to write an id. */
static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool server_hex_read(const char *text, size_t size, uint8_t *out)
{
    for (size_t i = 0; i < size; i++) {
        int high = digit_of(text[2 * i]);
        int low = high < 0 ? -1 : digit_of(text[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void server_id_hex(const struct server_id *id, char out[SERVER_ID_HEX_SIZE])
{
    server_hex_put(id->bytes, sizeof(id->bytes), out);
}

bool server_id_parse(const char *text, struct server_id *out)
{
    return server_hex_read(text, sizeof(out->bytes), out->bytes);
}

struct db_value server_id_value(const struct server_id *id)
{
    if (server_id_is_none(id))
        return db_null();
    return db_blob(id->bytes, sizeof(id->bytes));
}

void server_id_column(struct db_rows *rows, int column, struct server_id *out)
{
    if (!db_column_blob(rows, column, out->bytes, sizeof(out->bytes)))
        *out = (struct server_id){{0}};
}
