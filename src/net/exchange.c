#include "net/exchange.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void exchange_init(struct exchange *exchange)
{
    *exchange = (struct exchange){.reply = buf_limited(EXCHANGE_MAX_BODY)};
}

void exchange_release(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->header_count; i++)
        mem_free(exchange->headers[i].value);
    buf_release(&exchange->reply);
    exchange_init(exchange);
}

const char *exchange_field(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->field_count; i++) {
        if (strcmp(exchange->fields[i].name, name) == 0)
            return exchange->fields[i].value;
    }
    return NULL;
}

/* What a field of HTTP may hold (RFC 9110, section 5.5), as far as we use it.
 */
static bool is_field_text(const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < ' ' || c == 0x7f)
            return false;
    }
    return true;
}

dits_error *exchange_set(struct exchange *exchange, const char *name,
                         const char *value)
{
    if (!is_field_text(value))
        return error_new(DITS_E_INVALID, "header field %s: a control character",
                         name);
    if (exchange->header_count == EXCHANGE_MAX_HEADERS)
        return error_new(DITS_E_LIMIT, "too many header fields");
    char *copy = NULL;
    TRY(text_copy(value, &copy));
    exchange->headers[exchange->header_count++] =
        (struct exchange_answer_header){.name = name, .value = copy};
    return NULL;
}
