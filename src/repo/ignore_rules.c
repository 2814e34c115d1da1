#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/ignore.h"

/* One line of an ignore file. */
struct pattern {
    const char *text; /* without '!', leading '/' and final '/' */
    size_t length;
    size_t literal; /* length of its front without wildcards */
    bool is_negated;
    bool is_folder_only;
    bool is_anchored; /* holds a '/': matched against the path, not the name */
};

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
    *out = (struct pattern){.is_negated = *line == '!'};
    line += out->is_negated;
    size_t length = strlen(line);
    out->is_folder_only = length > 0 && line[length - 1] == '/';
    if (out->is_folder_only)
        line[--length] = '\0';
    out->is_anchored = strchr(line, '/') != NULL;
    if (*line == '/') {
        line++;
        length--;
    }
    out->text = line;
    out->length = length;
    out->literal = glob_literal_length(line);
    return length > 0;
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
        if (parse_line(line, &rules->patterns[rules->count]))
            rules->count++;
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

static bool matches(const struct pattern *pattern, const char *path,
                    const char *name)
{
    const char *text = pattern->is_anchored ? path : name;
    if (pattern->literal == pattern->length)
        return strcmp(pattern->text, text) == 0;
    if (strncmp(pattern->text, text, pattern->literal) != 0)
        return false;
    return glob_match(pattern->text, text, GLOB_PATH);
}

enum ignore_verdict ignore_rules_match(const struct ignore_rules *rules,
                                       const char *path, bool is_folder)
{
    const char *name = path_base_name(path);
    for (size_t i = rules->count; i > 0; i--) {
        const struct pattern *pattern = &rules->patterns[i - 1];
        if (pattern->is_folder_only && !is_folder)
            continue;
        if (matches(pattern, path, name))
            return pattern->is_negated ? IGNORE_NO : IGNORE_YES;
    }
    return IGNORE_SILENT;
}
