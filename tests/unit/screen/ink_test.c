#include "screen/ink.h"

#include <string.h>

#include "support/test.h"

static size_t pieces(const char *text, struct ink_piece *out, size_t max)
{
    struct ink ink = {.at = text};
    size_t count = 0;
    while (count < max && ink_next(&ink, &out[count]))
        count++;
    return count;
}

static bool is_text(struct ink_piece piece, const char *text)
{
    return piece.text.size == strlen(text) &&
           memcmp(piece.text.bytes, text, piece.text.size) == 0;
}

TEST(colours_become_styles)
{
    struct ink_piece p[8];
    CHECK(pieces("a\033[1;31mb\033[mc\033[2md\033[7;36me", p, 8) == 5);
    CHECK(!p[0].style.is_bold && p[0].style.color == SCREEN_PLAIN);
    CHECK(p[1].style.is_bold && p[1].style.color == SCREEN_RED);
    CHECK(!p[2].style.is_bold && p[2].style.color == SCREEN_PLAIN);
    CHECK(p[3].style.is_dim);
    CHECK(p[4].style.is_reverse && p[4].style.color == SCREEN_CYAN);
}

TEST(no_other_control_character_is_left)
{
    static const char text[] = "\033[2J\033]0;x\007\r\n\x7f\033[38;5;1\302\233"
                               "2J\xff\xe2\x80\xae";
    struct ink_piece p[64];
    size_t count = pieces(text, p, 64);
    CHECK(count > 10 && count < 64);
    for (size_t i = 0; i < count; i++) {
        unsigned char first = (unsigned char)p[i].text.bytes[0];
        CHECK(first >= 0x20 && first < 0x7f && p[i].text.size == 1);
    }
}

TEST(a_character_keeps_what_combines_with_it)
{
    struct ink_piece p[8];
    CHECK(pieces("e\xcc\x81\xe6\x98\xa0x", p, 8) == 3);
    CHECK(is_text(p[0], "e\xcc\x81") && p[0].columns == 1);
    CHECK(is_text(p[1], "\xe6\x98\xa0") && p[1].columns == 2);
    CHECK(pieces("\xcc\x81", p, 8) == 1 && is_text(p[0], "?"));
}

TEST(marks_without_end_are_bounded)
{
    char text[1024] = "e";
    struct ink_piece p[8];
    for (size_t i = 1; i + 2 < sizeof(text); i += 2)
        memcpy(text + i, "\xcc\x81", 2);
    CHECK(pieces(text, p, 8) >= 1);
    CHECK(p[0].text.size <= 32);
}

TEST(tabs_reach_the_next_stop)
{
    CHECK(ink_width("\tx") == 9);
    CHECK(ink_width("1234567\tx") == 9);
    CHECK(ink_width("12345678\tx") == 17);
    CHECK(ink_width("\033[31m\xe6\x98\xa0\033[m!") == 3);
}

TEST(a_search_sees_letters_alone)
{
    CHECK(ink_contains("take \033[31mTH\033[mree", "three"));
    CHECK(ink_contains("\xe6\x98\xa0\xe7\x94\xbb", "\xe7\x94\xbb"));
    CHECK(!ink_contains("take three", "31"));
    CHECK(!ink_contains("take", "takes"));
    CHECK(ink_contains("take", ""));
}
