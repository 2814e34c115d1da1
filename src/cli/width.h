/*
 * cli/width.h - how much room text takes on a terminal
 */
#ifndef CLI_WIDTH_H
#define CLI_WIDTH_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Columns of UTF-8 `text`: 2 for wide East Asian characters and emoji, 0 for
 * combining marks. A byte that is not UTF-8 counts 1.
 */
size_t width_of(const char *text);

/*
 * At most `columns` of the end of `text`, fit for one line: "…/take-2.mov".
 * Control characters, which could play tricks on the terminal, become '?'.
 */
MUST_USE dits_error *width_cut_front(const char *text, size_t columns,
                                     struct buf *out);

#endif
