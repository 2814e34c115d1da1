#include "repo/pathspec_parse.h"

#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/pathspec.h"

void pathspec_item_release(struct pathspec_item *item)
{
    mem_free(item->text);
    mem_free(item->pattern);
    *item = (struct pathspec_item){0};
}

static dits_error *outside(const char *text)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' lies outside the work tree", text),
        "Name paths inside the repository.");
}

/* Go to the folder above the one in `path`. */
static bool drop_part(struct buf *path)
{
    if (path->size == 0)
        return false;
    while (path->size > 0 && path->data[path->size - 1] != '/')
        path->size--;
    path->size -= path->size > 0;
    path->data[path->size] = '\0';
    return true;
}

/* Append the parts of `at`, resolving "." and "..". */
static dits_error *append_parts(struct buf *path, const char *at,
                                const char *text)
{
    while (*at != '\0') {
        size_t length = strcspn(at, "/");
        if (length == 2 && memcmp(at, "..", 2) == 0) {
            if (!drop_part(path))
                return outside(text);
        } else if (length > 0 && !(length == 1 && *at == '.')) {
            if (path->size > 0)
                TRY(buf_put_u8(path, '/'));
            TRY(buf_put(path, at, length));
        }
        at += length;
        at += *at == '/';
    }
    return NULL;
}

dits_error *pathspec_plain(const char *work_dir, const char *prefix,
                           const char *text, char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    const char *at = text;
    if (*at == '/') {
        size_t length = strlen(work_dir);
        if (strncmp(at, work_dir, length) != 0 ||
            (at[length] != '/' && at[length] != '\0'))
            return outside(text);
        at += length;
    } else {
        TRY(buf_put_text(&path, prefix));
    }
    TRY(append_parts(&path, at, text));
    return buf_take_text(&path, out);
}

static const struct {
    const char *name;
    char sign; /* the short form */
} magics[] = {
    {"top", '/'},      {"exclude", '!'}, {"exclude", '^'},
    {"literal", '\0'}, {"icase", '\0'},  {"glob", '\0'},
};

/* Take one word of magic into the item. False when there is no such. */
static bool apply_magic(const char *name, size_t length,
                        struct pathspec_item *item, bool *top)
{
    const char *known = NULL;
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
        if (strlen(magics[i].name) == length &&
            memcmp(magics[i].name, name, length) == 0)
            known = magics[i].name;
    if (known == NULL)
        return false;
    *top = *top || *known == 't';
    item->is_exclude = item->is_exclude || *known == 'e';
    item->is_literal = item->is_literal || *known == 'l';
    item->flags |= *known == 'i' ? GLOB_IGNORE_CASE : 0u;
    item->flags |= *known == 'g' ? GLOB_PATH : 0u;
    return true;
}

/* ":(top,exclude)rest": gives the rest. */
static dits_error *parse_long(const char *at, const char *text,
                              struct pathspec_item *item, bool *top,
                              const char **out)
{
    for (;;) {
        size_t length = strcspn(at, ",)");
        if (at[length] == '\0')
            return error_new(DITS_E_INVALID, "no ')' in the path '%s'", text);
        if (length > 0 && !apply_magic(at, length, item, top))
            return error_hint(error_new(DITS_E_INVALID,
                                        "unknown magic '%.*s' in the path '%s'",
                                        (int)length, at, text),
                              "There are top, exclude, literal, icase and "
                              "glob. For a file whose name starts with ':' "
                              "write './' before it.");
        at += length + 1;
        if (at[-1] == ')')
            break;
    }
    *out = at;
    return NULL;
}

/* ":!/rest": gives the rest. */
static const char *parse_short(const char *at, struct pathspec_item *item,
                               bool *top)
{
    for (;; at++) {
        size_t i = 0;
        size_t count = sizeof(magics) / sizeof(magics[0]);
        while (i < count && (magics[i].sign == '\0' || magics[i].sign != *at))
            i++;
        if (i == count)
            break;
        (void)apply_magic(magics[i].name, strlen(magics[i].name), item, top);
    }
    return *at == ':' ? at + 1 : at;
}

dits_error *pathspec_item_parse(const char *work_dir, const char *prefix,
                                const char *text, struct pathspec_item *out)
{
    CLEANUP(pathspec_item_release) struct pathspec_item item = {0};
    const char *at = text;
    bool top = false;
    if (*text == '\0')
        return error_hint(error_new(DITS_E_INVALID, "a path is empty"),
                          "Write '.' for everything here.");
    if (at[0] == ':' && at[1] == '(')
        TRY(parse_long(at + 2, text, &item, &top, &at));
    else if (at[0] == ':')
        at = parse_short(at + 1, &item, &top);

    TRY(text_copy(text, &item.text));
    TRY(pathspec_plain(work_dir, top ? "" : prefix, at, &item.pattern));
    item.pattern_length = strlen(item.pattern);
    item.is_folder_only = text_ends_with(at, "/");
    item.literal_length = item.is_literal ? item.pattern_length
                                          : glob_literal_length(item.pattern);

    /* Wildcards in the name of the folder we stand in are none. */
    size_t fixed = top ? 0 : strlen(prefix);
    if (item.literal_length < fixed && text_starts_with(item.pattern, prefix))
        item.literal_length = glob_literal_length(item.pattern + fixed) + fixed;
    item.glob_offset = item.literal_length;
    while (item.glob_offset > 0 && item.pattern[item.glob_offset - 1] != '/')
        item.glob_offset--;
    *out = MOVE(item);
    return NULL;
}

size_t pathspec_item_start(const struct pathspec_item *item)
{
    if ((item->flags & GLOB_IGNORE_CASE) != 0)
        return 0;
    if (item->literal_length == item->pattern_length)
        return item->pattern_length;
    return item->glob_offset > 0 ? item->glob_offset - 1 : 0;
}
