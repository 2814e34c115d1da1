/*
 * Files of any bytes can be searched, and how much of one is looked at at once
 * changes nothing, as long as its lines fit.
 *
 * The first byte chooses the pattern, the second the options.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "support/grep_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t longest_line(struct slice bytes)
{
    size_t longest = 0;
    size_t length = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        length = bytes.data[i] == '\n' ? 0 : length + 1;
        longest = length > longest ? length : longest;
    }
    return longest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const patterns[] = {
        "a",    "^a",   "b$",           "^$",
        "a.*b", "[^a]", "[[:space:]]x", "\\(a\\)\\1",
        "",     "x\ny", "\\<a\\>",      "\xc3\xbc"};
    CLEANUP(buf_release) struct buf whole = {0};
    CLEANUP(buf_release) struct buf pieces = {0};
    if (size < 2)
        return 0;
    const struct dits_grep_options options = {
        .patterns = &patterns[data[0] % (sizeof(patterns) / sizeof(*patterns))],
        .pattern_count = 1,
        .ignore_case = data[1] & 1,
        .words = data[1] & 2,
        .invert = data[1] & 4,
        .as_text = true,
        .spans = data[1] & 8,
        .before = data[1] >> 4 & 3,
        .after = data[1] >> 6,
    };
    const struct slice bytes = slice_of(data + 2, size - 2);
    size_t piece = 8 + data[0];
    dits_error *err = grep_text(&options, bytes, 0, &whole);
    if (err == NULL)
        err = grep_text(&options, bytes, piece, &pieces);
    if (err == NULL && longest_line(bytes) < piece)
        assert(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
    dits_error_free(err);
    return 0;
}
