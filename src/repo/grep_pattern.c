#include "repo/grep_pattern.h"

#include <ctype.h>
#include <locale.h>
#include <regex.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

/* One text or regular expression. */
struct part {
    char *fixed; /* NULL: `compiled` */
    size_t length;
    regex_t compiled;
    bool is_compiled;
};

struct grep_pattern {
    struct part *parts;
    size_t count;
    size_t capacity;
    bool words;
    locale_t locale; /* in which texts are UTF-8; 0: this system has none */
};

static void part_release(struct part *part)
{
    mem_free(part->fixed);
    if (part->is_compiled)
        regfree(&part->compiled);
}

void grep_pattern_free(struct grep_pattern *pattern)
{
    if (pattern == NULL)
        return;
    for (size_t i = 0; i < pattern->count; i++)
        part_release(&pattern->parts[i]);
    mem_free(pattern->parts);
    if (pattern->locale != (locale_t)0)
        freelocale(pattern->locale);
    mem_free(pattern);
}

/* Only for this thread; uselocale(0) would change nothing. */
static locale_t enter_locale(const struct grep_pattern *pattern)
{
    return uselocale(pattern->locale);
}

void grep_pattern_freep(struct grep_pattern **pattern)
{
    grep_pattern_free(*pattern);
    *pattern = NULL;
}

/* A text as a basic regular expression that means just it. */
static dits_error *escape(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\.*[^$", *text) != NULL)
            TRY(buf_put_u8(out, '\\'));
        TRY(buf_put_u8(out, (uint8_t)*text));
    }
    return buf_put_text(out, "");
}

static dits_error *compile(const char *text, int flags, struct part *part)
{
    char reason[200] = "";
    int status = regcomp(&part->compiled, text, flags | REG_NEWLINE);
    if (status == REG_ESPACE)
        return error_nomem();
    if (status != 0) {
        (void)regerror(status, &part->compiled, reason, sizeof(reason));
        return error_hint(error_new(DITS_E_INVALID,
                                    "'%.200s' is no regular expression: %s",
                                    text, reason),
                          "Use -F to search for it as it is.");
    }
    part->is_compiled = true;
    return NULL;
}

static dits_error *prepare(const struct dits_grep_options *options,
                           const char *text, struct part *part)
{
    CLEANUP(buf_release) struct buf escaped = {0};
    bool is_plain = options->syntax == DITS_GREP_FIXED ||
                    strpbrk(text, "\\.*[^$+?(){}|") == NULL;
    int flags = options->ignore_case ? REG_ICASE : 0;
    part->length = strlen(text);
    if (is_plain && !options->ignore_case && part->length > 0)
        return text_copy(text, &part->fixed);
    if (options->syntax == DITS_GREP_EXTENDED)
        flags |= REG_EXTENDED;
    if (options->syntax != DITS_GREP_FIXED)
        return compile(text, flags, part);
    TRY(escape(text, &escaped));
    return compile(buf_text(&escaped), flags, part);
}

static dits_error *add_part(struct grep_pattern *pattern,
                            const struct dits_grep_options *options,
                            const char *text)
{
    CLEANUP(part_release) struct part part = {0};
    struct part *parts = array_grown(pattern->parts, pattern->count,
                                     &pattern->capacity, sizeof(*parts));
    if (parts == NULL)
        return error_nomem();
    pattern->parts = parts;
    locale_t before = enter_locale(pattern);
    dits_error *err = prepare(options, text, &part);
    (void)uselocale(before);
    TRY(err);
    pattern->parts[pattern->count++] = MOVE(part);
    return NULL;
}

static dits_error *add_lines(struct grep_pattern *pattern,
                             const struct dits_grep_options *options,
                             const char *text)
{
    for (;;) {
        CLEANUP(text_free) char *line = NULL;
        size_t length = strcspn(text, "\n");
        TRY(text_copy_part(text, length, &line));
        TRY(add_part(pattern, options, line));
        if (text[length] == '\0')
            return NULL;
        text += length + 1;
    }
}

dits_error *grep_pattern_new(const struct dits_grep_options *options,
                             struct grep_pattern **out)
{
    CLEANUP(grep_pattern_freep)
    struct grep_pattern *pattern = mem_new(struct grep_pattern);
    if (pattern == NULL)
        return error_nomem();
    pattern->words = options->words;
    pattern->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    for (size_t i = 0; i < options->pattern_count; i++)
        TRY(add_lines(pattern, options, options->patterns[i]));
    *out = MOVE(pattern);
    return NULL;
}

/* NUL is a byte like others: the end is given, not found. */
static dits_error *find_compiled(const struct part *part, struct slice bytes,
                                 size_t from, int flags,
                                 struct dits_grep_span *out, bool *out_found)
{
    regmatch_t match = {.rm_so = (regoff_t)from, .rm_eo = (regoff_t)bytes.size};
    int status = regexec(&part->compiled, (const char *)bytes.data, 1, &match,
                         flags | REG_STARTEND);
    if (status == REG_ESPACE)
        return error_nomem();
    *out_found = status == 0;
    if (status == 0)
        *out = (struct dits_grep_span){
            .start = (size_t)match.rm_so,
            .size = (size_t)(match.rm_eo - match.rm_so)};
    return NULL;
}

static dits_error *find_part(const struct part *part, struct slice bytes,
                             size_t from, int flags, struct dits_grep_span *out,
                             bool *out_found)
{
    if (part->fixed == NULL)
        return find_compiled(part, bytes, from, flags, out, out_found);
    const uint8_t *at =
        memmem(bytes.data + from, bytes.size - from, part->fixed, part->length);
    *out_found = at != NULL;
    if (at != NULL)
        *out = (struct dits_grep_span){.start = (size_t)(at - bytes.data),
                                       .size = part->length};
    return NULL;
}

static bool is_word_byte(uint8_t byte)
{
    return isalnum(byte) || byte == '_';
}

static bool is_word(struct slice bytes, const struct dits_grep_span *span)
{
    size_t end = span->start + span->size;
    return span->size > 0 &&
           (span->start == 0 || !is_word_byte(bytes.data[span->start - 1])) &&
           (end == bytes.size || !is_word_byte(bytes.data[end]));
}

/* git's way: after a match that is no word, on to where the next may start. */
static dits_error *find_word(const struct part *part, struct slice bytes,
                             size_t from, int flags, struct dits_grep_span *out,
                             bool *out_found)
{
    for (;;) {
        TRY(find_part(part, bytes, from, flags, out, out_found));
        if (!*out_found || is_word(bytes, out))
            return NULL;
        *out_found = false;
        from = out->start + 1;
        while (from < bytes.size && is_word_byte(bytes.data[from - 1]))
            from++;
        if (from >= bytes.size)
            return NULL;
    }
}

dits_error *grep_pattern_find(const struct grep_pattern *pattern,
                              const struct grep_part *part, size_t from,
                              struct dits_grep_span *out, bool *out_found)
{
    int flags = (part->starts_line && from == 0 ? 0 : REG_NOTBOL) |
                (part->ends_line ? 0 : REG_NOTEOL);
    struct dits_grep_span best = {0};
    bool found = false;
    for (size_t i = 0; i < pattern->count; i++) {
        struct dits_grep_span span = {0};
        bool is_match = false;
        locale_t before = enter_locale(pattern);
        dits_error *err = (pattern->words ? find_word : find_part)(
            &pattern->parts[i], part->bytes, from, flags, &span, &is_match);
        (void)uselocale(before);
        TRY(err);
        if (!is_match)
            continue;
        if (!found || span.start < best.start ||
            (span.start == best.start && span.size > best.size))
            best = span;
        found = true;
    }
    *out = best;
    *out_found = found;
    return NULL;
}

dits_error *grep_pattern_ahead(const struct grep_pattern *pattern,
                               struct slice lines, size_t *out)
{
    size_t first = lines.size;
    for (size_t i = 0; i < pattern->count && first > 0; i++) {
        struct dits_grep_span span = {0};
        bool found = false;
        locale_t before = enter_locale(pattern);
        dits_error *err =
            find_part(&pattern->parts[i], lines, 0, 0, &span, &found);
        (void)uselocale(before);
        TRY(err);
        if (found && span.start < first)
            first = span.start;
    }
    *out = first;
    return NULL;
}
