#include "cli/format.h"

#include <string.h>

#include "support/test.h"

static bool size_is(uint64_t bytes, const char *wanted)
{
    char text[FORMAT_SIZE] = {0};
    return strcmp(format_size(bytes, text), wanted) == 0;
}

TEST(sizes_are_rounded_to_a_tenth_of_a_fitting_unit)
{
    CHECK(size_is(0, "0 bytes"));
    CHECK(size_is(1, "1 byte"));
    CHECK(size_is(999, "999 bytes"));
    CHECK(size_is(1000, "1.0 KB"));
    CHECK(size_is(1949, "1.9 KB"));
    CHECK(size_is(1950, "2.0 KB"));
    CHECK(size_is(999949, "999.9 KB"));
    CHECK(size_is(999950, "1.0 MB"));
    CHECK(size_is(1900000000, "1.9 GB"));
    CHECK(size_is(999999999999, "1.0 TB"));
    CHECK(size_is(UINT64_MAX, "18.4 EB"));
}

static bool count_is(uint64_t count, const char *wanted)
{
    char text[FORMAT_SIZE] = {0};
    return strcmp(format_count(count, text), wanted) == 0;
}

TEST(counts_have_commas_between_thousands)
{
    CHECK(count_is(0, "0"));
    CHECK(count_is(999, "999"));
    CHECK(count_is(1000, "1,000"));
    CHECK(count_is(1234567, "1,234,567"));
    CHECK(count_is(UINT64_MAX, "18,446,744,073,709,551,615"));
}

static bool duration_is(uint64_t seconds, const char *wanted)
{
    char text[FORMAT_SIZE] = {0};
    return strcmp(format_duration(seconds, text), wanted) == 0;
}

TEST(durations_read_as_on_a_clock)
{
    CHECK(duration_is(0, "0 s"));
    CHECK(duration_is(59, "59 s"));
    CHECK(duration_is(60, "1:00"));
    CHECK(duration_is(3849, "1:04:09"));
}

TEST(powers_of_two_have_units_of_1024)
{
    char text[FORMAT_SIZE] = {0};
    CHECK(strcmp(format_power(0, text), "1 byte") == 0);
    CHECK(strcmp(format_power(4, text), "16 bytes") == 0);
    CHECK(strcmp(format_power(16, text), "64 KiB") == 0);
    CHECK(strcmp(format_power(63, text), "8 EiB") == 0);
}

TEST(one_is_not_plural)
{
    CHECK(strcmp(plural(1), "") == 0);
    CHECK(strcmp(plural(0), "s") == 0 && strcmp(plural(2), "s") == 0);
}
