#include "media/mpegts/ts_text.h"

#include "base/be.h"

enum { UNKNOWN = 0xfffd };

enum table { TABLE_LATIN, TABLE_UTF8, TABLE_UTF16, TABLE_OTHER };

/* Which table is used, and past what names it. */
static enum table take_table(struct slice *text)
{
    uint8_t first = text->size > 0 ? text->data[0] : 0x20;
    size_t skip = first >= 0x20 ? 0 : first == 0x10 ? 3 : first == 0x1f ? 2 : 1;
    bool is_latin = first >= 0x20 || first == 0x0b ||
                    (first == 0x10 && text->size >= 3 &&
                     (text->data[2] == 1 || text->data[2] == 15));
    if (skip > text->size)
        skip = text->size;
    *text = slice_of(text->data + skip, text->size - skip);
    return is_latin        ? TABLE_LATIN
           : first == 0x15 ? TABLE_UTF8
           : first == 0x11 ? TABLE_UTF16
                           : TABLE_OTHER;
}

static dits_error *put(struct buf *out, uint32_t c)
{
    if (c < 0x80)
        return buf_put_u8(out, (uint8_t)c);
    if (c < 0x800) {
        TRY(buf_put_u8(out, (uint8_t)(0xc0 | c >> 6)));
        return buf_put_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
    }
    TRY(buf_put_u8(out, (uint8_t)(0xe0 | c >> 12)));
    TRY(buf_put_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f))));
    return buf_put_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
}

dits_error *ts_text_decode(struct slice text, struct buf *out)
{
    enum table table = take_table(&text);
    size_t step = table == TABLE_UTF16 ? 2 : 1;
    buf_clear(out);
    if (table == TABLE_UTF8)
        return buf_put(out, text.data, text.size);
    for (size_t at = 0; at + step <= text.size; at += step) {
        uint32_t c = step == 2 ? be16_load(text.data + at) : text.data[at];
        if (c < 0x20 || (c >= 0x80 && c < 0xa0))
            continue; /* emphasis and line breaks */
        if (c >= 0xd800 && c < 0xe000)
            c = UNKNOWN;
        TRY(put(out, table == TABLE_OTHER && c >= 0x80 ? UNKNOWN : c));
    }
    return NULL;
}
