#include "net/exchange.h"

#include <string.h>

#include "support/test.h"

TEST(fields_are_found_by_name)
{
    const struct exchange_header fields[] = {{"host", "a"}, {"accept", "b"}};
    struct exchange exchange CLEANUP(exchange_release) = {0};
    exchange_init(&exchange);
    exchange.fields = fields;
    exchange.field_count = 2;
    CHECK(strcmp(exchange_field(&exchange, "accept"), "b") == 0);
    CHECK(exchange_field(&exchange, "cookie") == NULL);
}

TEST(header_fields_of_an_answer_are_kept_and_bounded)
{
    struct exchange exchange CLEANUP(exchange_release) = {0};
    exchange_init(&exchange);
    CHECK_FAILS(DITS_E_INVALID,
                exchange_set(&exchange, "location", "a\r\nset-cookie: b"));
    for (size_t i = 0; i < EXCHANGE_MAX_HEADERS; i++)
        CHECK_OK(exchange_set(&exchange, "etag", "\"1\""));
    CHECK_FAILS(DITS_E_LIMIT, exchange_set(&exchange, "etag", "\"1\""));
    CHECK(exchange.header_count == EXCHANGE_MAX_HEADERS);
    CHECK(strcmp(exchange.headers[3].value, "\"1\"") == 0);
}

TEST(an_answer_is_never_larger_than_a_body_may_be)
{
    struct exchange exchange CLEANUP(exchange_release) = {0};
    exchange_init(&exchange);
    void *bytes = NULL;
    CHECK_OK(buf_extend(&exchange.reply, EXCHANGE_MAX_BODY, &bytes));
    CHECK_FAILS(DITS_E_LIMIT, buf_put_u8(&exchange.reply, 0));
}
