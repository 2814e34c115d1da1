#include "screen/width.h"

#include <string.h>

#include "base/text.h"

struct range {
    uint32_t first;
    uint32_t last;
};

static const struct range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},
    {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97f},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static const struct range empty[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x202a, 0x202e},
    {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

static bool is_in(const struct range *ranges, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

struct width_step width_step(const char *text)
{
    size_t left = strnlen(text, 4);
    size_t length = 1;
    while (length <= left && !text_is_utf8(text, length))
        length++;
    if (length > left)
        return (struct width_step){
            .length = 1, .columns = 1, .is_control = true};

    static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = (uint8_t)text[0] & masks[length];
    for (size_t i = 1; i < length; i++)
        c = c << 6 | ((uint8_t)text[i] & 0x3f);

    struct width_step step = {.length = length, .columns = 1};
    step.is_control = c < 0x20 || (c >= 0x7f && c < 0xa0) ||
                      (c >= 0x202a && c <= 0x202e) ||
                      (c >= 0x2066 && c <= 0x2069);
    if (step.is_control)
        return step;
    if (is_in(empty, sizeof(empty) / sizeof(empty[0]), c))
        step.columns = 0;
    else if (is_in(wide, sizeof(wide) / sizeof(wide[0]), c))
        step.columns = 2;
    return step;
}

size_t width_of(const char *text)
{
    size_t columns = 0;
    while (*text != '\0') {
        struct width_step step = width_step(text);
        columns += step.columns;
        text += step.length;
    }
    return columns;
}

dits_error *width_cut_front(const char *text, size_t columns, struct buf *out)
{
    size_t width = width_of(text);
    if (width > columns && columns > 0) {
        TRY(buf_put_text(out, "\xe2\x80\xa6")); /* … */
        columns--;
    }
    while (*text != '\0') {
        struct width_step step = width_step(text);
        if (width > columns)
            width -= step.columns;
        else if (step.is_control)
            TRY(buf_put_u8(out, '?'));
        else
            TRY(buf_put(out, text, step.length));
        text += step.length;
    }
    return NULL;
}
