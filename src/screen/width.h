/*
 * screen/width.h - how much room text takes on a terminal
 */
#ifndef SCREEN_WIDTH_H
#define SCREEN_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Columns of UTF-8 `text`: 2 for wide East Asian characters and emoji, 0 for
 * combining marks. A byte that is not UTF-8 counts 1.
 */
size_t width_of(const char *text);

/* One character or one stray byte: how long, and how many columns. */
struct width_step {
    size_t length;
    size_t columns;
    bool is_control; /* or a stray byte: not to be shown as it is */
};

/* The first of `text`, which is not empty. */
struct width_step width_step(const char *text);

/*
 * At most `columns` of the end of `text`, fit for one line: "…/take-2.mov".
 * Control characters, which could play tricks on the terminal, become '?'.
 */
MUST_USE dits_error *width_cut_front(const char *text, size_t columns,
                                     struct buf *out);

#endif
