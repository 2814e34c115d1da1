#include "base/text.h"

#include <string.h>

#include "support/test.h"

TEST(utf8_is_told_from_what_only_looks_like_it)
{
    static const char *const good[] = {"", "shot", "Fußball", "映画",
                                       "\xf0\x9f\x8e\xac"};
    static const char *const bad[] = {
        "\x80",             /* continuation alone */
        "\xc0\xaf",         /* '/' in two bytes */
        "\xe0\x80\xaf",     /* in three */
        "\xed\xa0\x80",     /* surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "a\xe6\x98",        /* cut off */
        "\xff",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!text_is_utf8(bad[i], strlen(bad[i])));
    CHECK(!text_is_utf8("a\0b", 3));
}

TEST(numbers_are_whole_or_refused)
{
    uint64_t big = 0;
    int64_t small = 0;
    CHECK(text_to_u64("18446744073709551615", &big) && big == UINT64_MAX);
    CHECK(!text_to_u64("18446744073709551616", &big));
    CHECK(!text_to_u64("", &big) && !text_to_u64(" 1", &big));
    CHECK(!text_to_u64("+1", &big) && !text_to_u64("1x", &big));
    CHECK(text_to_i64("-5", &small) && small == -5);
    CHECK(!text_to_i64("--5", &small) && !text_to_i64("-", &small));
}

TEST(prefixes_and_suffixes)
{
    CHECK(text_starts_with("refs/heads/x", "refs/heads/"));
    CHECK(!text_starts_with("re", "refs"));
    CHECK(text_ends_with("clip.mov", ".mov") && !text_ends_with("v", ".mov"));
}

TEST(letters_are_the_same_in_any_locale)
{
    CHECK(text_is_letter('A') && text_is_letter('z'));
    CHECK(!text_is_letter('@') && !text_is_letter('[') && !text_is_letter(-1));
    CHECK(!text_is_letter(0xe4) && text_lower(0xc4) == 0xc4);
    CHECK(text_lower('Q') == 'q' && text_lower('q') == 'q');
}
