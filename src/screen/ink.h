/*
 * screen/ink.h - text with colours, taken apart for the screen
 *
 * Commands colour what they print with escape sequences; here these become
 * styles. Nothing else of a control character is left: text comes from file
 * names, messages and files, and could play tricks on the terminal.
 */
#ifndef SCREEN_INK_H
#define SCREEN_INK_H

#include <stdbool.h>
#include <stddef.h>

#include "screen/screen.h"

/* Begins with `at` alone: plain text. */
struct ink {
    const char *at;
    struct screen_style style;
    size_t column; /* that comes next, for tabs */
    size_t spaces; /* of a tab, still to come */
};

/* A character, what combines with it, and how many columns it takes. */
struct ink_piece {
    struct screen_style style;
    struct screen_text text;
    size_t columns;
};

/* False at the end of the text. */
bool ink_next(struct ink *ink, struct ink_piece *out);

/* Columns of the whole text. */
size_t ink_width(const char *text);

/* Whether the text has `wanted` in it, in any case of A to Z, colours aside. */
bool ink_contains(const char *text, const char *wanted);

#endif
