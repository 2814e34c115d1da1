#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/ignore.h"
#include "repo/pattern.h"

struct ignore_rules {
    char *text; /* the file, cut into lines */
    struct pattern *patterns;
    size_t count;
};

void ignore_rules_free(struct ignore_rules *rules)
{
    if (rules == NULL)
        return;
    mem_free(rules->text);
    mem_free(rules->patterns);
    mem_free(rules);
}

void ignore_rules_freep(struct ignore_rules **rules)
{
    ignore_rules_free(*rules);
}

/* Cut spaces off the end of a line, but not one behind a backslash. */
static void trim(char *line)
{
    char *spaces = NULL;
    for (char *at = line; *at != '\0'; at++) {
        if (*at == ' ') {
            spaces = spaces != NULL ? spaces : at;
            continue;
        }
        spaces = NULL;
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '\\')
            return;
    }
    if (spaces != NULL)
        *spaces = '\0';
}

/* False: a blank line, a comment, or nothing that could match. */
static bool parse_line(char *line, struct pattern *out)
{
    if (*line == '#')
        return false;
    trim(line);
    return pattern_parse(line, out);
}

static size_t count_lines(const char *text, size_t size)
{
    size_t count = 1;
    for (size_t i = 0; i < size; i++)
        count += text[i] == '\n';
    return count;
}

/* Cut the text at its line ends (LF or CR LF) and keep each pattern. */
static void parse_lines(struct ignore_rules *rules, size_t size)
{
    size_t number = 0;
    char *line = rules->text;
    char *end = rules->text + size;
    if (size >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
        line += 3;
    while (line < end) {
        char *next = memchr(line, '\n', (size_t)(end - line));
        char *stop = next != NULL ? next : end;
        if (next != NULL && stop > line && stop[-1] == '\r')
            stop[-1] = '\0';
        *stop = '\0';
        number++;
        if (parse_line(line, &rules->patterns[rules->count]))
            rules->patterns[rules->count++].line = number;
        line = stop + 1;
    }
}

dits_error *ignore_rules_parse(const void *data, size_t size,
                               struct ignore_rules **out)
{
    CLEANUP(ignore_rules_freep)
    struct ignore_rules *rules = mem_new(struct ignore_rules);
    if (rules == NULL)
        return error_nomem();
    TRY(text_copy_part(data, size, &rules->text));
    rules->patterns =
        mem_new_array(struct pattern, count_lines(rules->text, size));
    if (rules->patterns == NULL)
        return error_nomem();
    parse_lines(rules, size);
    *out = MOVE(rules);
    return NULL;
}

const struct pattern *ignore_rules_find(const struct ignore_rules *rules,
                                        const char *path, bool is_folder)
{
    const char *name = path_base_name(path);
    for (size_t i = rules->count; i > 0; i--) {
        const struct pattern *pattern = &rules->patterns[i - 1];
        if (pattern_matches(pattern, path, name, is_folder))
            return pattern;
    }
    return NULL;
}

enum ignore_verdict ignore_rules_match(const struct ignore_rules *rules,
                                       const char *path, bool is_folder)
{
    const struct pattern *pattern = ignore_rules_find(rules, path, is_folder);
    if (pattern == NULL)
        return IGNORE_SILENT;
    return pattern->is_negated ? IGNORE_NO : IGNORE_YES;
}
