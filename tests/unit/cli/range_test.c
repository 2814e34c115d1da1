#include "cli/range.h"

#include "support/test.h"

TEST(numbers_have_both_ends_or_none)
{
    struct range_numbers range = {0};
    CHECK_OK(range_parse_numbers("3..8", &range));
    CHECK(range.first == 3 && range.last == 8);
    CHECK_OK(range_parse_numbers("..8", &range));
    CHECK(range.first == 1 && range.last == 8);
    CHECK_OK(range_parse_numbers("3..", &range));
    CHECK(range.first == 3 && range.last == UINT64_MAX);
    CHECK_OK(range_parse_numbers("5", &range));
    CHECK(range.first == 5 && range.last == 5);
    static const char *const bad[] = {"",     "0",    "0..3",  "8..3",
                                      "a..b", "3..x", "-1..2", "3...8"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, range_parse_numbers(bad[i], &range));
}

TEST(times_are_hours_minutes_and_seconds)
{
    struct range_times range = {0};
    CHECK_OK(range_parse_times("1:30..1:00:00.25", &range));
    CHECK(range.from.num == 90000000 && range.from.den == 1000000);
    CHECK(range.to.num == 3600250000 && range.to.den == 1000000);
    CHECK_OK(range_parse_times("90.5..", &range));
    CHECK(range.from.num == 90500000 && range.to.den == 0);
    CHECK_OK(range_parse_times("..2", &range));
    CHECK(range.from.den == 0 && range.to.num == 2000000);
    static const char *const bad[] = {"",     "1:30",    "1:..2", ":30..",
                                      "x..1", "1.5.5..", "1...",  "1:2:3:4.."};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, range_parse_times(bad[i], &range));
}

static bool is_part(const char *text, uint64_t offset, uint64_t size)
{
    struct range_bytes range = {0};
    uint64_t seen_offset = 0;
    uint64_t seen_size = 0;
    dits_error *err = range_parse_bytes(text, &range);
    if (err == NULL)
        err = range_within(&range, 1000, &seen_offset, &seen_size);
    bool is_good = err == NULL && seen_offset == offset && seen_size == size;
    dits_error_free(err);
    return is_good;
}

TEST(bytes_are_counted_as_in_http)
{
    struct range_bytes range = {0};
    uint64_t offset = 0;
    uint64_t size = 0;
    CHECK(is_part("0-499", 0, 500) && is_part("500-", 500, 500));
    CHECK(is_part("-500", 500, 500) && is_part("-5000", 0, 1000));
    CHECK(is_part("999-5000", 999, 1) && is_part("7-7", 7, 1));
    static const char *const bad[] = {"", "-", "5", "8-3", "a-", "1-x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, range_parse_bytes(bad[i], &range));
    CHECK_OK(range_parse_bytes("1000-", &range));
    CHECK_FAILS(DITS_E_INVALID, range_within(&range, 1000, &offset, &size));
    CHECK_OK(range_parse_bytes("-0", &range));
    CHECK_FAILS(DITS_E_INVALID, range_within(&range, 1000, &offset, &size));
}
