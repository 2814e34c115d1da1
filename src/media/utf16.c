#include "media/utf16.h"

#include "base/be.h"

static struct slice after_unit(struct slice text)
{
    return slice_of(text.data + 2, text.size - 2);
}

dits_error *text_put_character(struct buf *out, uint32_t code)
{
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        code = 0xfffd;
    if (code < 0x80)
        return buf_put_u8(out, (uint8_t)code);
    if (code < 0x800) {
        TRY(buf_put_u8(out, (uint8_t)(0xc0 | code >> 6)));
        return buf_put_u8(out, (uint8_t)(0x80 | (code & 0x3f)));
    }
    if (code < 0x10000)
        TRY(buf_put_u8(out, (uint8_t)(0xe0 | code >> 12)));
    else {
        TRY(buf_put_u8(out, (uint8_t)(0xf0 | code >> 18)));
        TRY(buf_put_u8(out, (uint8_t)(0x80 | (code >> 12 & 0x3f))));
    }
    TRY(buf_put_u8(out, (uint8_t)(0x80 | (code >> 6 & 0x3f))));
    return buf_put_u8(out, (uint8_t)(0x80 | (code & 0x3f)));
}

dits_error *text_of_utf16(struct slice text, struct buf *out)
{
    bool is_little = text.size >= 2 && be16_load(text.data) == 0xfffe;
    uint32_t high = 0;
    if (is_little || (text.size >= 2 && be16_load(text.data) == 0xfeff))
        text = after_unit(text);
    for (; text.size >= 2; text = after_unit(text)) {
        uint32_t unit = be16_load(text.data);
        if (is_little)
            unit = (unit >> 8 | unit << 8) & 0xffff;
        if (unit == 0)
            return NULL;
        if (unit >= 0xd800 && unit < 0xdc00) {
            high = unit;
            continue;
        }
        bool is_low = unit >= 0xdc00 && unit < 0xe000;
        if (is_low && high != 0)
            unit = 0x10000 + ((high & 0x3ff) << 10 | (unit & 0x3ff));
        else if (is_low)
            unit = 0xfffd;
        high = 0;
        TRY(text_put_character(out, unit));
    }
    return NULL;
}
