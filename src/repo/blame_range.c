#include "repo/blame_range.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "repo/grep_pattern.h"

void blame_text_release(struct blame_text *text)
{
    mem_free(text->lines);
    *text = (struct blame_text){0};
}

static dits_error *add_line(struct blame_text *text, struct slice line)
{
    struct slice *lines =
        array_grown(text->lines, text->count, &text->capacity, sizeof(*lines));
    if (lines == NULL)
        return error_nomem();
    text->lines = lines;
    text->lines[text->count++] = line;
    return NULL;
}

dits_error *blame_text_split(struct slice bytes, struct blame_text *out)
{
    CLEANUP(blame_text_release) struct blame_text text = {0};
    for (size_t at = 0; at < bytes.size;) {
        const uint8_t *line = bytes.data + at;
        const uint8_t *newline = memchr(line, '\n', bytes.size - at);
        size_t size = newline != NULL ? (size_t)(newline - line)
                                      : bytes.size - at;
        TRY(add_line(&text, slice_of(line, size)));
        at += size + (newline != NULL);
    }
    *out = MOVE(text);
    return NULL;
}

static dits_error *no_range(const char *range)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' is no range of lines", range),
        "Write 10,20 or 10,+5 or /PATTERN/,+5.");
}

static dits_error *too_few(const struct blame_text *text)
{
    return error_new(DITS_E_INVALID, "the file has only %zu line%s",
                     text->count, text->count == 1 ? "" : "s");
}

/* Digits at `*at`: false when there are none or too many. */
static bool take_number(const char **at, size_t *out)
{
    const char *start = *at;
    uint64_t number = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        number = number * 10 + (uint64_t)(**at - '0');
        if (number > UINT32_MAX)
            return false;
    }
    *out = (size_t)number;
    return *at != start;
}

static dits_error *find_match(const char *pattern,
                              const struct blame_text *text, size_t from,
                              size_t *out)
{
    CLEANUP(grep_pattern_freep) struct grep_pattern *compiled = NULL;
    const struct dits_grep_options options = {.patterns = &pattern,
                                              .pattern_count = 1};
    TRY(grep_pattern_new(&options, &compiled));
    for (size_t i = from; i < text->count; i++) {
        struct dits_grep_span span = {0};
        bool found = false;
        const struct grep_part part = {
            .bytes = text->lines[i], .starts_line = true, .ends_line = true};
        TRY(grep_pattern_find(compiled, &part, 0, &span, &found));
        if (found) {
            *out = i + 1;
            return NULL;
        }
    }
    return error_new(DITS_E_INVALID, "no line after line %zu matches '%s'",
                     from, pattern);
}

/* "/PATTERN/": a slash in it is written "\/". */
static dits_error *take_match(const char *range, const char **at,
                              const struct blame_text *text, size_t from,
                              size_t *out)
{
    CLEANUP(buf_release) struct buf pattern = {0};
    const char *c = *at + 1;
    for (; *c != '/'; c++) {
        if (*c == '\0')
            return no_range(range);
        if (c[0] == '\\' && c[1] == '/')
            c++;
        else if (c[0] == '\\' && c[1] != '\0')
            TRY(buf_put_u8(&pattern, (uint8_t)*c++));
        TRY(buf_put_u8(&pattern, (uint8_t)*c));
    }
    *at = c + 1;
    return find_match(buf_text(&pattern), text, from, out);
}

static dits_error *take_start(const char *range, const char **at,
                              const struct blame_text *text, size_t from,
                              size_t *out)
{
    *out = 1;
    if (**at == ',')
        return NULL;
    if (**at == '/')
        return take_match(range, at, text, from, out);
    if (!take_number(at, out))
        return no_range(range);
    if (*out == 0)
        *out = 1;
    return *out <= text->count ? NULL : too_few(text);
}

/* After the comma. `out->first` is known; it moves for "5,-4". */
static dits_error *take_end(const char *range, const char **at,
                            const struct blame_text *text,
                            struct blame_range *out)
{
    size_t number = 0;
    char sign = **at;
    if (sign == '\0')
        return NULL;
    if (sign == '/')
        return take_match(range, at, text, out->first, &out->last);
    if (sign == '+' || sign == '-')
        ++*at;
    if (!take_number(at, &number) || (sign != '+' && number == 0))
        return no_range(range);
    if (sign == '+') {
        out->last = out->first + (number > 0 ? number - 1 : 0);
    } else if (sign == '-') {
        out->last = out->first;
        out->first -= number < out->first ? number - 1 : out->first - 1;
    } else {
        out->last = number;
    }
    return NULL;
}

dits_error *blame_range_parse(const char *range, const struct blame_text *text,
                              size_t from, struct blame_range *out)
{
    struct blame_range result = {.last = text->count};
    const char *at = range;
    if (*at == '\0')
        return no_range(range);
    TRY(take_start(range, &at, text, from, &result.first));
    if (*at == ',') {
        at++;
        TRY(take_end(range, &at, text, &result));
    }
    if (*at != '\0')
        return no_range(range);
    if (result.first > result.last) {
        size_t first = result.last;
        result.last = result.first;
        result.first = first;
    }
    if (result.first > text->count)
        return too_few(text);
    if (result.last > text->count)
        result.last = text->count;
    *out = result;
    return NULL;
}
