#include "media/matroska/values.h"

#include <inttypes.h>
#include <stdio.h>

enum { HEX_MAX_BYTES = 64, PLACES = 1000000 };

/* Whole seconds from 1970 to 2001, the epoch of Matroska. */
static const int64_t epoch_2001 = 978307200;
/* From the civil calendar's year 0, first of March, to 1970 (in days). */
static const int64_t days_to_1970 = 719468;

dits_error *value_text(struct window *window,
                       const struct ebml_element *element,
                       struct media_facts *facts, const char *name)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(ebml_bytes(window, element, &text));
    return text.size == 0 ? NULL
                          : facts_add_text(facts, name, buf_slice(&text));
}

dits_error *value_hex(struct window *window, const struct ebml_element *element,
                      struct media_facts *facts, const char *name)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf text = {0};
    TRY(ebml_bytes(window, element, &bytes));
    for (size_t i = 0; i < bytes.size && i < HEX_MAX_BYTES; i++)
        TRY(buf_printf(&text, "%02x", (unsigned)bytes.data[i]));
    return facts_add_text(facts, name, buf_slice(&text));
}

dits_error *value_integer(struct window *window,
                          const struct ebml_element *element,
                          struct media_facts *facts, const char *name)
{
    uint64_t value = 0;
    TRY(ebml_uint(window, element, &value));
    return value > INT64_MAX ? NULL
                             : facts_add_integer(facts, name, (int64_t)value);
}

dits_error *value_truth(struct window *window,
                        const struct ebml_element *element,
                        struct media_facts *facts, const char *name)
{
    uint64_t value = 0;
    TRY(ebml_uint(window, element, &value));
    return facts_add_truth(facts, name, value != 0);
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a == 0 ? 1 : a;
}

dits_error *value_float(struct media_facts *facts, const char *name,
                        double value)
{
    if (!(value < 1e9 && value > -1e9))
        return NULL;
    int64_t number = (int64_t)(value * PLACES + (value < 0 ? -0.5 : 0.5));
    uint64_t size = (uint64_t)(number < 0 ? -number : number);
    int64_t common = (int64_t)common_divisor(size, PLACES);
    return facts_add_rational(facts, name, number / common, PLACES / common);
}

/* Year, month and day of a day, in the civil calendar without end. */
static void civil(int64_t day, int64_t *out_year, unsigned *out_month,
                  unsigned *out_day)
{
    day += days_to_1970;
    int64_t era = (day >= 0 ? day : day - 146096) / 146097;
    int64_t of_era = day - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
                   365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    *out_day = (unsigned)(of_year - (153 * month + 2) / 5 + 1);
    *out_month = (unsigned)(month < 10 ? month + 3 : month - 9);
    *out_year = year + era * 400 + (*out_month <= 2 ? 1 : 0);
}

dits_error *value_date(struct media_facts *facts, const char *name, int64_t ns)
{
    char text[48] = "";
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int64_t micro = ns / 1000 + epoch_2001 * 1000000;
    int64_t per_day = INT64_C(86400) * 1000000;
    int64_t days = (micro >= 0 ? micro : micro - per_day + 1) / per_day;
    int64_t rest = micro - days * per_day;
    int64_t second = rest / 1000000;
    civil(days, &year, &month, &day);
    (void)snprintf(text, sizeof(text),
                   "%04" PRId64 "-%02u-%02uT%02u:%02u:%02u.%06uZ", year, month,
                   day, (unsigned)(second / 3600), (unsigned)(second / 60 % 60),
                   (unsigned)(second % 60), (unsigned)(rest % 1000000));
    return facts_add_word(facts, name, text);
}

dits_error *value_ratio(struct media_facts *facts, const char *name,
                        uint64_t num, uint64_t den)
{
    uint64_t common = common_divisor(num, den);
    num /= common;
    den /= common;
    if (den == 0 || den > INT64_MAX || num > INT64_MAX)
        return NULL;
    return facts_add_rational(facts, name, (int64_t)num, (int64_t)den);
}

/* By continued fractions: each step is nearer, and its terms are larger. */
void value_nearest(uint64_t num, uint64_t den, uint64_t max, uint64_t *out_num,
                   uint64_t *out_den)
{
    uint64_t num_before = 0;
    uint64_t den_before = 1;
    *out_num = 1;
    *out_den = 0;
    while (den != 0) {
        uint64_t whole = num / den;
        uint64_t rest = num % den;
        uint64_t num_next = 0;
        uint64_t den_next = 0;
        if (__builtin_mul_overflow(whole, *out_num, &num_next) ||
            __builtin_add_overflow(num_next, num_before, &num_next) ||
            __builtin_mul_overflow(whole, *out_den, &den_next) ||
            __builtin_add_overflow(den_next, den_before, &den_next) ||
            num_next > max || den_next > max)
            return;
        num_before = *out_num;
        den_before = *out_den;
        *out_num = num_next;
        *out_den = den_next;
        num = den;
        den = rest;
    }
}
