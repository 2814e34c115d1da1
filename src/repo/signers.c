#include "repo/signers.h"

#include <string.h>
#include <strings.h>

#include "base/glob.h"
#include "base/text.h"
#include "repo/calendar.h"
#include "sign/ssh_key.h"

#define BLANKS " \t"

/* The options of one line. */
struct line_options {
    char *namespaces; /* patterns; NULL: all. Cut out of the line */
    int64_t after;    /* INT64_MIN: always */
    int64_t before;   /* INT64_MAX: for ever */
    bool is_authority;
};

/*
 * A word up to a byte of `ends`, which goes to `*out_end`; those in double
 * quotes are of the word. The quotes are taken away, and `*line` moves behind
 * it. NULL: they are not closed.
 */
static char *take_word(char **line, const char *ends, char *out_end)
{
    char *word = *line;
    char *to = word;
    char *from = word;
    bool is_quoted = false;
    while (*from != '\0' && (is_quoted || strchr(ends, *from) == NULL)) {
        if (*from == '\\' && from[1] == '"')
            *to++ = *++from;
        else if (*from == '"')
            is_quoted = !is_quoted;
        else
            *to++ = *from;
        from++;
    }
    if (is_quoted)
        return NULL;
    *out_end = *from;
    *line = from + (*from != '\0');
    *to = '\0';
    return word;
}

static bool take_digits(const char *text, size_t count, int *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

/* YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z in UTC. */
static bool parse_time(const char *text, int32_t offset_minutes, int64_t *out)
{
    struct civil civil = {0};
    int year = 0;
    size_t length = strlen(text);
    bool is_utc = length > 0 &&
                  (text[length - 1] == 'Z' || text[length - 1] == 'z');
    length -= is_utc;
    if (length != 8 && length != 12 && length != 14)
        return false;
    bool valid = take_digits(text, 4, &year) &&
                 take_digits(text + 4, 2, &civil.month) &&
                 take_digits(text + 6, 2, &civil.day);
    if (length >= 12)
        valid = valid && take_digits(text + 8, 2, &civil.hour) &&
                take_digits(text + 10, 2, &civil.minute);
    if (length == 14)
        valid = valid && take_digits(text + 12, 2, &civil.second);
    civil.year = year;
    if (!valid || !civil_is_valid(&civil))
        return false;
    *out = civil_to_seconds(&civil) - (is_utc ? 0 : offset_minutes * 60);
    return true;
}

static bool parse_option(char *option, int32_t offset_minutes,
                         struct line_options *out)
{
    char *value = strchr(option, '=');
    if (value != NULL)
        *value++ = '\0';
    if (strcasecmp(option, "cert-authority") == 0 && value == NULL) {
        out->is_authority = true;
        return true;
    }
    if (value == NULL)
        return false;
    if (strcasecmp(option, "namespaces") == 0) {
        out->namespaces = value;
        return true;
    }
    if (strcasecmp(option, "valid-after") == 0)
        return parse_time(value, offset_minutes, &out->after);
    return strcasecmp(option, "valid-before") == 0 &&
           parse_time(value, offset_minutes, &out->before);
}

/* "cert-authority,namespaces="git,dits" ", up to the key. */
static bool parse_options(char **line, int32_t offset_minutes,
                          struct line_options *out)
{
    for (;;) {
        char end = '\0';
        char *word = take_word(line, BLANKS ",", &end);
        if (word == NULL || !parse_option(word, offset_minutes, out))
            return false;
        if (end != ',')
            return true;
    }
}

/* Patterns parted by commas: one with '!' refuses, whatever others say. */
static bool is_listed(char *patterns, const char *text)
{
    bool found = false;
    for (char *at = patterns; *at != '\0';) {
        size_t length = strcspn(at, ",");
        char *next = at + length + (at[length] == ',');
        at[length] = '\0';
        bool is_negated = *at == '!';
        bool matches = glob_match(at + is_negated, text, 0);
        if (matches && is_negated)
            return false;
        found = found || matches;
        at = next;
    }
    return found;
}

/* Why a line with that key does not allow it; NULL: it does. */
static const char *refusal(const struct line_options *options,
                           const struct signers_question *question)
{
    if (options->is_authority)
        return "it is that of an authority, and certificates are not known";
    if (options->namespaces != NULL &&
        !is_listed(options->namespaces, question->name_space))
        return "it may not sign commits and tags";
    if (question->time < options->after)
        return "it was not valid yet";
    return question->time > options->before ? "it was not valid any more"
                                            : NULL;
}

/* What one line says. */
struct line_answer {
    bool is_key; /* it is about the key that is asked for */
    const char *refusal;
    const char *principals;
};

static dits_error *parse_line(char *line,
                              const struct signers_question *question,
                              struct line_answer *out)
{
    CLEANUP(buf_release) struct buf key = {0};
    struct line_options options = {.after = INT64_MIN, .before = INT64_MAX};
    line += strspn(line, BLANKS);
    if (*line == '\0' || *line == '#')
        return NULL;
    char end = '\0';
    char *principals = take_word(&line, BLANKS, &end);
    line += strspn(line, BLANKS);
    dits_error *err = ssh_key_read_line(line, &key, NULL);
    if (err != NULL && dits_error_code(err) == DITS_E_INVALID &&
        principals != NULL &&
        parse_options(&line, question->offset_minutes, &options)) {
        dits_error_free(err); /* it was an option */
        line += strspn(line, BLANKS);
        err = ssh_key_read_line(line, &key, NULL);
    }
    TRY(err);
    out->is_key = slice_equal(buf_slice(&key), question->key);
    out->principals = principals;
    if (principals == NULL || *principals == '\0')
        return error_new(DITS_E_INVALID, "no principals");
    if (out->is_key)
        out->refusal = refusal(&options, question);
    return NULL;
}

static dits_error *find_in(char *text, const struct signers_question *question,
                           bool *out_found, struct buf *out)
{
    const char *why = "no principal has it";
    size_t number = 0;
    for (char *line = text, *next = NULL; line != NULL; line = next) {
        struct line_answer answer = {0};
        number++;
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        TRY_CONTEXT(parse_line(line, question, &answer), "line %zu", number);
        *out_found = answer.is_key && answer.refusal == NULL;
        if (*out_found)
            return buf_put_text(out, answer.principals);
        if (answer.is_key)
            why = answer.refusal;
    }
    return buf_put_text(out, why);
}

dits_error *signers_find(struct slice text,
                         const struct signers_question *question,
                         bool *out_found, struct buf *out)
{
    CLEANUP(text_free) char *copy = NULL;
    *out_found = false;
    if (text.size > 0 && memchr(text.data, 0, text.size) != NULL)
        return error_new(DITS_E_INVALID, "there is a NUL in it");
    TRY(text_copy_part((const char *)text.data, text.size, &copy));
    return find_in(copy, question, out_found, out);
}
