#include "repo/attribute_rules.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

#define BLANKS " \t\r"
#define MACRO "[attr]"

void attribute_rules_release(struct attribute_rules *rules)
{
    mem_free(rules->text);
    mem_free(rules->rules);
    mem_free(rules->settings);
    *rules = (struct attribute_rules){0};
}

/* The byte that a letter behind a backslash stands for; 0: it is none. */
static char escaped(char letter)
{
    static const char letters[] = "abfnrtv\"\\";
    static const char bytes[] = "\a\b\f\n\r\t\v\"\\";
    const char *at = letter != '\0' ? strchr(letters, letter) : NULL;
    if (at == NULL)
        return '\0';
    return bytes[at - letters];
}

/* Three octal digits of a byte that is not NUL. */
static bool take_octal(const char *at, char *out)
{
    unsigned value = 0;
    for (size_t i = 0; i < 3; i++) {
        if (at[i] < '0' || at[i] > (i == 0 ? '3' : '7'))
            return false;
        value = value * 8 + (unsigned)(at[i] - '0');
    }
    *out = (char)value;
    return value != 0;
}

/*
 * A word in quotes, undone in place: escapes as in C. `*line` moves behind it.
 * NULL: the quotes are not closed, or an escape is none.
 */
static char *take_quoted(char **line)
{
    char *from = *line + 1;
    char *to = *line;
    while (*from != '"') {
        if (*from == '\0')
            return NULL;
        if (*from != '\\') {
            *to++ = *from++;
        } else if (take_octal(from + 1, to)) {
            to++;
            from += 4;
        } else {
            *to = escaped(from[1]);
            if (*to++ == '\0')
                return NULL;
            from += 2;
        }
    }
    char *word = *line;
    *to = '\0';
    *line = from + 1;
    return word;
}

/* The next word, ended by a NUL; NULL: none is left. */
static char *take_word(char **line)
{
    char *word = *line + strspn(*line, BLANKS);
    if (*word == '\0')
        return NULL;
    char *end = word + strcspn(word, BLANKS);
    *line = *end != '\0' ? end + 1 : end;
    *end = '\0';
    return word;
}

/* "text", "-text", "!text" or "text=value". False: it is none of these. */
static bool parse_setting(char *word, struct attribute_setting *out,
                          const char **out_name, size_t *out_length)
{
    char *equals = strchr(word, '=');
    *out = (struct attribute_setting){.state = ATTRIBUTE_SET};
    if (*word == '-' || *word == '!') {
        out->state = *word == '-' ? ATTRIBUTE_UNSET : ATTRIBUTE_UNSPECIFIED;
        word++;
    } else if (equals != NULL) {
        out->state = ATTRIBUTE_VALUE;
        out->value = equals + 1;
    }
    *out_name = word;
    *out_length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    return attribute_name_is_valid(*out_name, *out_length);
}

static dits_error *add_setting(struct attribute_rules *rules,
                               const struct attribute_setting *setting)
{
    struct attribute_setting *settings =
        array_grown(rules->settings, rules->setting_count,
                    &rules->setting_capacity, sizeof(*settings));
    if (settings == NULL)
        return error_nomem();
    rules->settings = settings;
    rules->settings[rules->setting_count++] = *setting;
    return NULL;
}

/* `*out_valid` false: one of them is malformed, and the line says nothing. */
static dits_error *parse_settings(struct attribute_names *names, char *line,
                                  struct attribute_rules *rules,
                                  bool *out_valid)
{
    *out_valid = true;
    for (char *word; *out_valid && (word = take_word(&line)) != NULL;) {
        struct attribute_setting setting = {0};
        const char *name = NULL;
        size_t length = 0;
        *out_valid = parse_setting(word, &setting, &name, &length);
        if (*out_valid) {
            TRY(attribute_names_add(names, name, length, &setting.number));
            TRY(add_setting(rules, &setting));
        }
    }
    return NULL;
}

/* What the settings of a line are for. False: it is a blank line, or none. */
static bool parse_subject(char **line, char **out_macro,
                          struct attribute_rule *out)
{
    *line += strspn(*line, BLANKS);
    *out_macro = NULL;
    if (**line == '\0' || **line == '#')
        return false;
    if (text_starts_with(*line, MACRO)) {
        *line += strlen(MACRO);
        *out_macro = take_word(line);
        out->is_macro = true;
        return *out_macro != NULL &&
               attribute_name_is_valid(*out_macro, strlen(*out_macro));
    }
    char *text = **line == '"' ? take_quoted(line) : take_word(line);
    return text != NULL && pattern_parse(text, &out->pattern) &&
           !out->pattern.is_negated;
}

static dits_error *parse_line(struct attribute_names *names, char *line,
                              struct attribute_rules *rules)
{
    struct attribute_rule rule = {.first = rules->setting_count};
    char *macro = NULL;
    bool is_valid = false;
    if (!parse_subject(&line, &macro, &rule))
        return NULL;
    if (macro != NULL)
        TRY(attribute_names_add(names, macro, strlen(macro), &rule.macro));
    TRY(parse_settings(names, line, rules, &is_valid));
    rule.count = rules->setting_count - rule.first;
    if (!is_valid) {
        rules->setting_count = rule.first;
        return NULL;
    }
    struct attribute_rule *grown = array_grown(
        rules->rules, rules->count, &rules->capacity, sizeof(*grown));
    if (grown == NULL)
        return error_nomem();
    rules->rules = grown;
    rules->rules[rules->count++] = rule;
    return NULL;
}

dits_error *attribute_rules_parse(struct attribute_names *names,
                                  const void *data, size_t size,
                                  struct attribute_rules *out)
{
    CLEANUP(attribute_rules_release) struct attribute_rules rules = {0};
    TRY(text_copy_part(data, size, &rules.text));
    char *line = rules.text;
    char *end = rules.text + size;
    if (size >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
        line += 3;
    while (line < end) {
        char *next = memchr(line, '\n', (size_t)(end - line));
        char *stop = next != NULL ? next : end;
        *stop = '\0';
        TRY(parse_line(names, line, &rules));
        line = stop + 1;
    }
    *out = MOVE(rules);
    return NULL;
}
