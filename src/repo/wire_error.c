/* Errors on their way from one side to the other. */
#include <string.h>

#include "base/text.h"
#include "object/object.h"
#include "repo/wire.h"

enum { TEXT_MAX_BYTES = 65536 };

/* What HTTP calls it, and what a status alone is taken for. */
static const struct {
    enum dits_code code;
    int status;
} table[] = {
    {DITS_E_INVALID, 400},   {DITS_E_DENIED, 403},   {DITS_E_NOT_FOUND, 404},
    {DITS_E_CONFLICT, 409},  {DITS_E_GONE, 410},     {DITS_E_LIMIT, 413},
    {DITS_E_CORRUPT, 422},   {DITS_E_LOCKED, 423},   {DITS_E_UNSUPPORTED, 501},
    {DITS_E_NETWORK, 502},   {DITS_E_OFFLINE, 503},  {DITS_E_EXISTS, 409},
    {DITS_E_CANCELLED, 503}, {DITS_E_NOMEM, 503},    {DITS_E_DENIED, 401},
    {DITS_E_IO, 500},        {DITS_E_INTERNAL, 500},
};
enum { ROWS = sizeof(table) / sizeof(table[0]) };

int wire_error_status(const dits_error *err)
{
    for (size_t i = 0; i < ROWS; i++)
        if (table[i].code == dits_error_code(err))
            return table[i].status;
    return 500;
}

dits_error *wire_error_encode(const dits_error *err, struct buf *out)
{
    CLEANUP(buf_release) struct buf message = {0};
    const char *hint = NULL;
    for (const dits_error *at = err; at != NULL; at = dits_error_cause(at)) {
        TRY(buf_printf(&message, "%s%s", at == err ? "" : ": ",
                       dits_error_message(at)));
        if (hint == NULL)
            hint = dits_error_hint(at);
    }
    hint = hint != NULL ? hint : "";
    TRY(buf_put_le16(out, (uint16_t)dits_error_code(err)));
    TRY(object_put_bytes(out, message.data, message.size));
    return object_put_bytes(out, hint, strlen(hint));
}

static dits_error *by_status(int status)
{
    enum dits_code code = DITS_E_NETWORK;
    for (size_t i = 0; i < ROWS && code == DITS_E_NETWORK; i++)
        if (table[i].status == status)
            code = table[i].code;
    return error_new(code, "the other side answers with status %d", status);
}

static dits_error *take(struct slice bytes, struct slice *out_message,
                        struct slice *out_hint, uint16_t *out_code)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    TRY(cursor_le16(&in, out_code));
    TRY(object_take_bytes(&in, TEXT_MAX_BYTES, out_message));
    TRY(object_take_bytes(&in, TEXT_MAX_BYTES, out_hint));
    TRY(cursor_end(&in));
    if (!text_is_utf8(out_message->data, out_message->size) ||
        !text_is_utf8(out_hint->data, out_hint->size))
        return error_new(DITS_E_CORRUPT, "an error that is no text");
    return NULL;
}

/* Hints are printed as they are, in lines: nothing else may come with them. */
static bool has_controls(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] < 0x20 && text.data[i] != '\n') ||
            text.data[i] == 0x7f)
            return true;
    return false;
}

dits_error *wire_error_decode(int status, struct slice bytes)
{
    struct slice message = {0};
    struct slice hint = {0};
    uint16_t code = 0;
    dits_error *err = take(bytes, &message, &hint, &code);
    if (err != NULL || code < DITS_E_INTERNAL || code > DITS_E_OFFLINE) {
        dits_error_free(err); /* it is no answer of ours */
        return by_status(status);
    }
    err = error_new((enum dits_code)code, "%.*s", (int)message.size,
                    (const char *)message.data);
    if (hint.size == 0 || has_controls(hint))
        return err;
    return error_hint(err, "%.*s", (int)hint.size, (const char *)hint.data);
}
