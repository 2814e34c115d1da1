#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

dits_error *text_copy_part(const char *text, size_t length, char **out)
{
    char *copy = mem_new_array(char, length + 1);
    if (copy == NULL)
        return error_nomem();
    if (length > 0) /* of nothing there may be no address either */
        memcpy(copy, text, length);
    *out = copy;
    return NULL;
}

dits_error *text_copy(const char *text, char **out)
{
    return text_copy_part(text, strlen(text), out);
}

dits_error *text_copy_optional(const char *text, char **out)
{
    if (text != NULL)
        return text_copy(text, out);
    *out = NULL;
    return NULL;
}

void text_free(char **text)
{
    mem_free(*text);
    *text = NULL;
}

bool text_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *suffix)
{
    size_t length = strlen(text);
    size_t wanted = strlen(suffix);
    return length >= wanted && strcmp(text + length - wanted, suffix) == 0;
}

/* Length of the sequence at `at`, or 0 when it is malformed. */
static size_t sequence_length(const uint8_t *at, size_t left)
{
    static const struct {
        uint8_t first_low, first_high, second_low, second_high, length;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2},
        {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
        {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (at[0] < forms[i].first_low || at[0] > forms[i].first_high)
            continue;
        size_t length = forms[i].length;
        if (length > left)
            return 0;
        if (length > 1 &&
            (at[1] < forms[i].second_low || at[1] > forms[i].second_high))
            return 0;
        for (size_t k = 2; k < length; k++)
            if ((at[k] & 0xc0) != 0x80)
                return 0;
        return length;
    }
    return 0;
}

bool text_is_utf8(const void *data, size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        size_t length = sequence_length(at, size);
        if (length == 0)
            return false;
        at += length;
        size -= length;
    }
    return true;
}

bool text_is_letter(int c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int text_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool text_to_u64(const char *text, uint64_t *out)
{
    if (text[0] < '0' || text[0] > '9')
        return false;
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *out = value;
    return true;
}

bool text_to_i64(const char *text, int64_t *out)
{
    bool negative = text[0] == '-';
    uint64_t value = 0;
    if (!text_to_u64(text + negative, &value) || value > INT64_MAX)
        return false;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

/* The power of two that the letter stands for; 0: it is none of these. */
static unsigned unit_shift(char letter)
{
    switch (text_lower(letter)) {
    case 'k':
        return 10;
    case 'm':
        return 20;
    case 'g':
        return 30;
    default:
        return 0;
    }
}

bool text_to_size(const char *text, uint64_t *out)
{
    char digits[24] = {0};
    size_t length = strlen(text);
    if (length == 0 || length >= sizeof(digits))
        return false;
    memcpy(digits, text, length);
    unsigned shift = unit_shift(digits[length - 1]);
    if (shift > 0)
        digits[length - 1] = '\0';
    uint64_t number = 0;
    if (!text_to_u64(digits, &number) || number > UINT64_MAX >> shift)
        return false;
    *out = number << shift;
    return true;
}
