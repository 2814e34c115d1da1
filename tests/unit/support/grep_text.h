/*
 * tests/unit/support/grep_text.h - the lines that a search of a text tells of
 */
#ifndef SUPPORT_GREP_TEXT_H
#define SUPPORT_GREP_TEXT_H

#include "repo/grep_lines.h"

/*
 * Each line as "3:text", with "-" for context, "--" for a gap; then "=HITS" or
 * "=HITS binary". `piece` is that of struct grep_search.
 */
MUST_USE dits_error *grep_text(const struct dits_grep_options *options,
                               struct slice text, size_t piece,
                               struct buf *out);

#endif
