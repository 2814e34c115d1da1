#include "screen/width.h"

#include <string.h>

#include "support/test.h"

TEST(characters_take_the_columns_that_a_terminal_gives_them)
{
    CHECK(width_of("") == 0);
    CHECK(width_of("take-2.mov") == 10);
    CHECK(width_of("\xc3\xa9t\xc3\xa9") == 3);        /* été */
    CHECK(width_of("e\xcc\x81") == 1);                /* e and an accent */
    CHECK(width_of("\xe6\x97\xa5\xe6\x9c\xac") == 4); /* 日本 */
    CHECK(width_of("\xf0\x9f\x8e\xac") == 2);         /* a clapper board */
    CHECK(width_of("a\xff") == 2);
}

static bool cut_is(const char *text, size_t columns, const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = width_cut_front(text, columns, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(the_end_of_a_long_name_is_what_stays)
{
    CHECK(cut_is("take-2.mov", 10, "take-2.mov"));
    CHECK(cut_is("take-2.mov", 6,
                 "\xe2\x80\xa6"
                 "2.mov"));
    CHECK(cut_is("\xe6\x97\xa5\xe6\x9c\xac", 3, "\xe2\x80\xa6\xe6\x9c\xac"));
    CHECK(cut_is("take", 0, ""));
}

TEST(nothing_can_play_tricks_on_the_terminal)
{
    CHECK(cut_is("a\033[2Jb\rc\n", 80, "a?[2Jb?c?"));
    CHECK(cut_is("a\xe2\x80\xae"
                 "b",
                 80, "a?b")); /* right to left */
    CHECK(cut_is("a\xffz", 80, "a?z"));
}
