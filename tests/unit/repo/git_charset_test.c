#include "repo/git_charset.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

static bool becomes(const char *text, size_t size, const char *encoding,
                    const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    return test_ok(git_charset_decode(slice_of(text, size),
                                      slice_of_text(encoding), &out),
                   "decode", __FILE__, __LINE__) &&
           strcmp(buf_text(&out), wanted) == 0 && out.size == strlen(wanted);
}

TEST(encodings_that_are_named_are_converted)
{
    CHECK(becomes("caf\xe9", 4, "ISO-8859-1", "caf\u00e9"));
    CHECK(becomes("\x93\xfa\x96\x7b", 4, "Shift_JIS", "\u65e5\u672c"));
    CHECK(becomes("\xa4", 1, "iso8859-15", "\u20ac"));
    CHECK(becomes("caf\xc3\xa9", 5, "UTF-8", "caf\u00e9"));
    CHECK(becomes("caf\xc3\xa9", 5, "utf8", "caf\u00e9"));
    CHECK(becomes("", 0, "ISO-8859-1", ""));
}

TEST(what_is_not_as_it_says_is_utf8_or_latin1)
{
    CHECK(becomes("caf\xc3\xa9", 5, "", "caf\u00e9"));
    CHECK(becomes("caf\xe9", 4, "", "caf\u00e9"));
    CHECK(becomes("caf\xe9", 4, "utf-8", "caf\u00e9"));
    CHECK(becomes("caf\xe9", 4, "no-such-thing", "caf\u00e9"));
    CHECK(becomes("\x93", 1, "Shift_JIS", "\xc2\x93")); /* cut off */
    CHECK(becomes("x", 1, "../../etc/passwd", "x"));
    CHECK(becomes("x", 1, "UTF-16//IGNORE", "x"));
}

TEST(no_text_has_a_nul)
{
    CHECK(becomes("a\0b", 3, "",
                  "a\ufffd"
                  "b"));
    CHECK(becomes("a\0\xe9", 3, "ISO-8859-1", "a\u00ef\u00bf\u00bd\u00e9"));
}

TEST(long_texts_are_whole)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf out = {0};
    for (int i = 0; i < 5000; i++)
        CHECK_OK(buf_put_u8(&text, 0xe9));
    CHECK_OK(
        git_charset_decode(buf_slice(&text), slice_of_text("latin1"), &out));
    CHECK(out.size == 10000);
}

TEST(failed_allocations_leave_nothing_behind)
{
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct buf out = {0};
        mem_fault_arm(nth);
        dits_error *err = git_charset_decode(slice_of("caf\xe9", 4),
                                             slice_of_text("latin1"), &out);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        buf_release(&out);
        CHECK(mem_fault_live() == live);
    }
}
