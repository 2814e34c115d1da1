#include "screen/ink.h"

#include <string.h>

#include "base/text.h"
#include "screen/width.h"

enum { TAB = 8, PIECE_MAX = 24 };

static void set_style(struct screen_style *style, unsigned number)
{
    if (number == 0)
        *style = (struct screen_style){0};
    else if (number == 1)
        style->is_bold = true;
    else if (number == 2)
        style->is_dim = true;
    else if (number == 7)
        style->is_reverse = true;
    else if (number >= 31 && number <= 36)
        style->color = (enum screen_color)(SCREEN_RED + (number - 31));
}

/* "\033[1;36m" at the front, and nothing else, changes the style. */
static bool take_style(struct ink *ink)
{
    const char *at = ink->at;
    struct screen_style style = ink->style;
    unsigned number = 0;
    if (at[0] != '\033' || at[1] != '[')
        return false;
    for (at += 2; (*at >= '0' && *at <= '9') || *at == ';'; at++) {
        if (*at == ';')
            set_style(&style, number);
        number = *at == ';' || number > 999
                     ? 0
                     : number * 10 + (unsigned)(*at - '0');
    }
    if (*at != 'm')
        return false;
    set_style(&style, number);
    ink->style = style;
    ink->at = at + 1;
    return true;
}

static void take_space(struct ink *ink, struct ink_piece *out)
{
    ink->spaces--;
    ink->column++;
    *out =
        (struct ink_piece){.style = ink->style, .text = {" ", 1}, .columns = 1};
}

/* What combines with a character stays with it, up to a bound. */
static size_t combined(const char *at, size_t size)
{
    size_t length = size;
    while (at[length] != '\0') {
        struct width_step step = width_step(at + length);
        if (step.columns > 0 || step.is_control)
            break;
        size = length + step.length <= PIECE_MAX ? length + step.length : size;
        length += step.length;
    }
    return size;
}

bool ink_next(struct ink *ink, struct ink_piece *out)
{
    while (ink->spaces == 0 && take_style(ink))
        ;
    if (ink->spaces == 0 && *ink->at == '\t') {
        ink->spaces = TAB - ink->column % TAB;
        ink->at++;
    }
    if (ink->spaces > 0) {
        take_space(ink, out);
        return true;
    }
    if (*ink->at == '\0')
        return false;
    struct width_step step = width_step(ink->at);
    bool is_shown = !step.is_control && step.columns > 0;
    *out =
        (struct ink_piece){.style = ink->style, .text = {"?", 1}, .columns = 1};
    size_t size = step.length;
    if (is_shown) {
        size = combined(ink->at, step.length);
        out->text = (struct screen_text){ink->at, size};
        out->columns = step.columns;
    }
    ink->at += size;
    ink->column += out->columns;
    return true;
}

size_t ink_width(const char *text)
{
    struct ink ink = {.at = text};
    struct ink_piece piece = {0};
    while (ink_next(&ink, &piece))
        ;
    return ink.column;
}

static bool same_letters(struct ink_piece piece, const char *wanted)
{
    for (size_t i = 0; i < piece.text.size; i++)
        if (wanted[i] == '\0' ||
            text_lower((unsigned char)wanted[i]) !=
                text_lower((unsigned char)piece.text.bytes[i]))
            return false;
    return true;
}

static bool starts_with(struct ink ink, const char *wanted)
{
    struct ink_piece piece = {0};
    while (*wanted != '\0' && ink_next(&ink, &piece)) {
        if (!same_letters(piece, wanted))
            return false;
        wanted += piece.text.size;
    }
    return *wanted == '\0';
}

bool ink_contains(const char *text, const char *wanted)
{
    struct ink ink = {.at = text};
    struct ink_piece piece = {0};
    do {
        if (starts_with(ink, wanted))
            return true;
    } while (ink_next(&ink, &piece));
    return false;
}
