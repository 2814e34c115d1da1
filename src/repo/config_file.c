#include "repo/config_file.h"

#include <string.h>

#include "base/array.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"

#define MAX_ENTRIES 100000

/* Where the parser is. Borrows the text. */
struct parser {
    const char *name;
    const uint8_t *data;
    size_t size;
    size_t at;
    unsigned line;
    struct buf section; /* "section" or "section.Sub"; empty before the first */
};

static void parser_release(struct parser *parser)
{
    buf_release(&parser->section);
}

static dits_error *syntax(const struct parser *parser, const char *what)
{
    return error_hint(error_new(DITS_E_CORRUPT, "line %u of '%s': %s",
                                parser->line, parser->name, what),
                      "Correct the line in a text editor.");
}

/* The next byte, or -1 at the end; "\r\n" counts as a newline. */
static int peek(const struct parser *parser)
{
    if (parser->at >= parser->size)
        return -1;
    int c = parser->data[parser->at];
    if (c == '\r' && parser->at + 1 < parser->size &&
        parser->data[parser->at + 1] == '\n')
        return '\n';
    return c;
}

static int take(struct parser *parser)
{
    int c = peek(parser);
    if (c < 0)
        return c;
    if (c == '\n') {
        parser->line++;
        parser->at += parser->data[parser->at] == '\r';
    }
    parser->at++;
    return c;
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t';
}

static bool is_name(int c)
{
    return text_is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

static void skip_blanks(struct parser *parser)
{
    while (is_blank(peek(parser)))
        (void)take(parser);
}

static void skip_line(struct parser *parser)
{
    for (int c = peek(parser); c >= 0 && c != '\n'; c = peek(parser))
        (void)take(parser);
}

static dits_error *parse_subsection(struct parser *parser)
{
    (void)take(parser); /* the quote */
    TRY(buf_put_u8(&parser->section, '.'));
    for (;;) {
        int c = take(parser);
        if (c == '"')
            return NULL;
        if (c == '\\')
            c = take(parser);
        if (c <= 0 || c == '\n')
            return syntax(parser, "the subsection's quote is not closed");
        TRY(buf_put_u8(&parser->section, (uint8_t)c));
    }
}

/* Append a name in lower case. `also`: a byte that it may have besides. */
static dits_error *take_name(struct parser *parser, char also, struct buf *out)
{
    for (int c = peek(parser); is_name(c) || c == also; c = peek(parser)) {
        TRY(buf_put_u8(out, (uint8_t)text_lower(c)));
        (void)take(parser);
    }
    return NULL;
}

static dits_error *parse_section(struct parser *parser)
{
    (void)take(parser); /* the bracket */
    buf_clear(&parser->section);
    TRY(take_name(parser, '.', &parser->section));
    if (parser->section.size == 0)
        return syntax(parser, "a section needs a name");
    skip_blanks(parser);
    if (peek(parser) == '"')
        TRY(parse_subsection(parser));
    if (take(parser) != ']')
        return syntax(parser, "a section ends in ']'");
    if (!text_is_utf8(parser->section.data, parser->section.size))
        return syntax(parser, "the section's name is not UTF-8");
    return NULL;
}

static dits_error *parse_escape(struct parser *parser, struct buf *value)
{
    int c = take(parser);
    switch (c) {
    case '\n':
        return NULL; /* the value goes on in the next line */
    case 'n':
        return buf_put_u8(value, '\n');
    case 't':
        return buf_put_u8(value, '\t');
    case 'b':
        return buf_put_u8(value, '\b');
    case '"':
    case '\\':
        return buf_put_u8(value, (uint8_t)c);
    default:
        return syntax(parser, "no such escape (only \\n \\t \\b \\\" \\\\)");
    }
}

/* Up to the end of the line; blanks at the end count only inside quotes. */
static dits_error *parse_value(struct parser *parser, struct buf *value)
{
    bool quoted = false;
    size_t kept = 0;
    skip_blanks(parser);
    for (;;) {
        int c = peek(parser);
        if (c < 0 || c == '\n')
            break;
        if (!quoted && (c == '#' || c == ';')) {
            skip_line(parser);
            break;
        }
        (void)take(parser);
        if (c == '"')
            quoted = !quoted;
        else if (c == '\\')
            TRY(parse_escape(parser, value));
        else if (c == 0)
            return syntax(parser, "a NUL byte");
        else
            TRY(buf_put_u8(value, (uint8_t)c));
        if (quoted || !is_blank(c))
            kept = value->size;
    }
    if (quoted)
        return syntax(parser, "a quote is not closed");
    value->size = kept;
    if (value->data != NULL)
        value->data[kept] = 0;
    if (!text_is_utf8(value->data, value->size))
        return syntax(parser, "the value is not UTF-8");
    return NULL;
}

static dits_error *add_entry(struct config_file *file,
                             struct config_entry *entry)
{
    if (file->count == MAX_ENTRIES)
        return error_new(DITS_E_LIMIT, "more than %d settings", MAX_ENTRIES);
    struct config_entry *entries = array_grown(
        file->entries, file->count, &file->capacity, sizeof(*entries));
    if (entries == NULL)
        return error_nomem();
    file->entries = entries;
    file->entries[file->count++] = MOVE(*entry);
    return NULL;
}

static void entry_release(struct config_entry *entry)
{
    mem_free(entry->key);
    mem_free(entry->value);
}

/* "= value", or nothing, which stands for true. */
static dits_error *parse_assignment(struct parser *parser, struct buf *value)
{
    skip_blanks(parser);
    if (peek(parser) == '=') {
        (void)take(parser);
        return parse_value(parser, value);
    }
    if (peek(parser) == '#' || peek(parser) == ';')
        skip_line(parser);
    if (peek(parser) >= 0 && peek(parser) != '\n')
        return syntax(parser, "expected '=' after the name");
    return buf_put_text(value, "true");
}

/* "name = value" or "name" alone. */
static dits_error *parse_setting(struct parser *parser, size_t start,
                                 struct config_file *file)
{
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf value = {0};
    CLEANUP(entry_release) struct config_entry entry = {.start = start};
    if (parser->section.size == 0)
        return syntax(parser, "a setting before the first section");

    TRY(buf_printf(&key, "%s.", buf_text(&parser->section)));
    TRY(take_name(parser, '-', &key));
    TRY(parse_assignment(parser, &value));
    TRY(buf_take_text(&key, &entry.key));
    TRY(buf_take_text(&value, &entry.value));
    if (peek(parser) == '\n')
        (void)take(parser);
    entry.end = parser->at;
    return add_entry(file, &entry);
}

static dits_error *parse_line(struct parser *parser, size_t *line_start,
                              struct config_file *file)
{
    skip_blanks(parser);
    int c = peek(parser);
    if (c == '\n') {
        (void)take(parser);
        *line_start = parser->at;
        return NULL;
    }
    if (c == '#' || c == ';') {
        skip_line(parser);
        return NULL;
    }
    if (c == '[') {
        TRY(parse_section(parser));
        *line_start = parser->at; /* a setting may stand in the same line */
        return NULL;
    }
    if (c < 0)
        return NULL;
    if (!text_is_letter(c))
        return syntax(parser, "neither a section nor a setting");
    TRY(parse_setting(parser, *line_start, file));
    *line_start = parser->at;
    return NULL;
}

dits_error *config_file_parse(const char *name, const void *data, size_t size,
                              struct config_file *out)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    CLEANUP(config_file_release) struct config_file file = {0};
    CLEANUP(parser_release)
    struct parser parser = {
        .name = name, .data = data, .size = size, .line = 1};
    if (size >= sizeof(mark) && memcmp(data, mark, sizeof(mark)) == 0)
        parser.at = sizeof(mark); /* written by an editor on Windows */

    size_t line_start = parser.at;
    while (parser.at < parser.size)
        TRY(parse_line(&parser, &line_start, &file));
    config_file_release(out);
    *out = MOVE(file);
    return NULL;
}

void config_file_release(struct config_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        entry_release(&file->entries[i]);
    mem_free(file->entries);
    *file = (struct config_file){0};
}

dits_error *config_file_load(const char *path, struct config_file *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    dits_error *err = fs_read_all(path, CONFIG_MAX_BYTES, &text);
    if (err != NULL && dits_error_code(err) == DITS_E_NOT_FOUND) {
        dits_error_free(err); /* no file is an empty one */
        config_file_release(out);
        return NULL;
    }
    TRY(err);
    return config_file_parse(path, text.data, text.size, out);
}

const char *config_file_find(const struct config_file *file, const char *key)
{
    for (size_t i = file->count; i > 0; i--) {
        if (strcmp(file->entries[i - 1].key, key) == 0)
            return file->entries[i - 1].value;
    }
    return NULL;
}

static dits_error *bad_key(const char *key)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' is not a configuration key", key),
        "Keys look like 'section.name' or 'section.subsection.name'.");
}

/* Lower-case all but what stands between the first dot and the last. */
static bool make_canonical(char *key)
{
    const char *first = strchr(key, '.');
    const char *last = strrchr(key, '.');
    for (char *at = key; *at != '\0'; at++) {
        if (at >= first && at <= last)
            continue;
        if (!is_name((unsigned char)*at))
            return false;
        *at = (char)text_lower(*at);
    }
    return true;
}

dits_error *config_key_canonical(const char *key, char **out)
{
    const char *first = strchr(key, '.');
    const char *last = strrchr(key, '.');
    if (first == NULL || first == key || last[1] == '\0' ||
        !text_is_letter(last[1]) || strchr(key, '\n') != NULL ||
        !text_is_utf8(key, strlen(key)))
        return bad_key(key);

    CLEANUP(text_free) char *copy = NULL;
    TRY(text_copy(key, &copy));
    if (!make_canonical(copy))
        return bad_key(key);
    *out = MOVE(copy);
    return NULL;
}
