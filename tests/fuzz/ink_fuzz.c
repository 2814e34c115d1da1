/*
 * Whatever stands in a name, a message or a file: each piece that goes to the
 * screen is one character of text, and no control character is left.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "screen/ink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct ink_piece *piece)
{
    const unsigned char *bytes = (const unsigned char *)piece->text.bytes;
    assert(piece->text.size > 0 && piece->text.size <= 32);
    assert(piece->columns == 1 || piece->columns == 2);
    assert(text_is_utf8(bytes, piece->text.size));
    for (size_t i = 0; i < piece->text.size; i++) {
        assert(bytes[i] >= 0x20 && bytes[i] != 0x7f);
        assert(bytes[i] != 0xc2 || bytes[i + 1] >= 0xa0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(text_free) char *text = NULL;
    dits_error *err = text_copy_part((const char *)data, size, &text);
    if (err == NULL) {
        struct ink ink = {.at = text};
        struct ink_piece piece = {0};
        size_t columns = 0;
        for (; ink_next(&ink, &piece); columns += piece.columns)
            check(&piece);
        assert(columns == ink_width(text));
        assert(ink_contains(text, ""));
    }
    dits_error_free(err);
    return 0;
}
