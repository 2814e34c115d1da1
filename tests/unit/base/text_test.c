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

TEST(sizes_may_end_in_a_unit)
{
    static const struct {
        const char *text;
        bool is_size;
        uint64_t size;
    } rows[] = {
        {"0", true, 0},
        {"17", true, 17},
        {"2k", true, 2048},
        {"3M", true, 3 << 20},
        {"4g", true, 4ull << 30},
        {"17179869183g", true, 17179869183ull << 30},
        {"17179869184g", false, 0},
        {"", false, 0},
        {"k", false, 0},
        {"1t", false, 0},
        {"-1", false, 0},
        {"1 k", false, 0},
        {"000000000000000000000000", false, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t size = 0;
        CHECK(text_to_size(rows[i].text, &size) == rows[i].is_size);
        CHECK(size == rows[i].size);
    }
}
