#include <string.h>

#include "base/fs.h"
#include "base/text.h"
#include "repo/config_file.h"

enum { LOCK_WAIT_MS = 5000 };

static dits_error *put_byte(struct buf *out, char byte)
{
    switch (byte) {
    case '\n':
        return buf_put_text(out, "\\n");
    case '\t':
        return buf_put_text(out, "\\t");
    case '\b':
        return buf_put_text(out, "\\b");
    case '"':
        return buf_put_text(out, "\\\"");
    case '\\':
        return buf_put_text(out, "\\\\");
    default:
        return buf_put_u8(out, (uint8_t)byte);
    }
}

/* A value as the file needs it: quoted when its bytes could be mistaken. */
static dits_error *put_value(struct buf *out, const char *value)
{
    size_t length = strlen(value);
    bool quote = length > 0 &&
                 (value[0] == ' ' || value[0] == '\t' ||
                  value[length - 1] == ' ' || value[length - 1] == '\t');
    quote = quote || strpbrk(value, "#;\r") != NULL;
    TRY(buf_put_text(out, quote ? "\"" : ""));
    for (const char *at = value; *at != '\0'; at++)
        TRY(put_byte(out, *at));
    return buf_put_text(out, quote ? "\"" : "");
}

static dits_error *put_setting(struct buf *out, const char *key,
                               const char *value)
{
    TRY(buf_printf(out, "\t%s = ", strrchr(key, '.') + 1));
    TRY(put_value(out, value));
    return buf_put_u8(out, '\n');
}

static dits_error *put_section(struct buf *out, const char *key)
{
    const char *first = strchr(key, '.');
    const char *last = strrchr(key, '.');
    TRY(buf_put_u8(out, '['));
    TRY(buf_put(out, key, (size_t)(first - key)));
    if (first != last) {
        TRY(buf_put_text(out, " \""));
        for (const char *at = first + 1; at < last; at++) {
            if (*at == '"' || *at == '\\')
                TRY(buf_put_u8(out, '\\'));
            TRY(buf_put_u8(out, (uint8_t)*at));
        }
        TRY(buf_put_u8(out, '"'));
    }
    return buf_put_text(out, "]\n");
}

/* Whether both keys are of the same section. */
static bool same_section(const char *a, const char *b)
{
    size_t length = (size_t)(strrchr(a, '.') - a) + 1;
    return strncmp(a, b, length) == 0 && strchr(b + length, '.') == NULL;
}

/* Whether the line that ends at `end` would go on in the next one. */
static bool goes_on(struct slice text, size_t end)
{
    size_t at = end;
    if (at > 0 && text.data[at - 1] == '\n')
        at--;
    if (at > 0 && at < end && text.data[at - 1] == '\r')
        at--;
    return at > 0 && at < end && text.data[at - 1] == '\\';
}

/* The text up to `end`, closed so that a new line can follow. */
static dits_error *put_lines(struct buf *out, struct slice text, size_t start,
                             size_t end)
{
    if (end == start)
        return NULL;
    TRY(buf_put(out, text.data + start, end - start));
    if (text.data[end - 1] != '\n' || goes_on(text, end))
        return buf_put_u8(out, '\n');
    return NULL;
}

struct edit {
    const char *key;
    const char *value;
    bool adds; /* another one, and not in place of the last */
};

/* Put the setting in place of the last of its key, or after its section. */
static dits_error *edit_set(const struct config_file *file, struct slice text,
                            const struct edit *edit, struct buf *out)
{
    const char *key = edit->key;
    const struct config_entry *same = NULL;
    const struct config_entry *near = NULL;
    for (size_t i = 0; i < file->count; i++) {
        if (!edit->adds && strcmp(file->entries[i].key, key) == 0)
            same = &file->entries[i];
        if (same_section(key, file->entries[i].key))
            near = &file->entries[i];
    }
    if (same != NULL) {
        /* The bracket of a section may stand in the same line. */
        TRY(put_lines(out, text, 0, same->start));
        TRY(put_setting(out, key, edit->value));
        return buf_put(out, text.data + same->end, text.size - same->end);
    }
    size_t cut = near != NULL ? near->end : text.size;
    TRY(put_lines(out, text, 0, cut));
    if (near == NULL)
        TRY(put_section(out, key));
    TRY(put_setting(out, key, edit->value));
    return buf_put(out, text.data + cut, text.size - cut);
}

static dits_error *not_set(const char *key)
{
    return error_new(DITS_E_NOT_FOUND, "'%s' is not set", key);
}

static dits_error *edit_unset(const struct config_file *file, struct slice text,
                              const char *key, struct buf *out)
{
    size_t done = 0;
    bool found = false;
    for (size_t i = 0; i < file->count; i++) {
        const struct config_entry *entry = &file->entries[i];
        if (strcmp(entry->key, key) != 0)
            continue;
        TRY(put_lines(out, text, done, entry->start));
        done = entry->end;
        found = true;
    }
    if (!found)
        return not_set(key);
    return buf_put(out, text.data + done, text.size - done);
}

static dits_error *edit_one(const char *name, struct slice text,
                            const struct edit *edit, struct buf *out)
{
    CLEANUP(config_file_release) struct config_file file = {0};
    TRY(config_file_parse(name, text.data, text.size, &file));
    if (edit->value == NULL)
        return edit_unset(&file, text, edit->key, out);
    if (!text_is_utf8(edit->value, strlen(edit->value)))
        return error_new(DITS_E_INVALID, "the value of '%s' is not UTF-8",
                         edit->key);
    return edit_set(&file, text, edit, out);
}

dits_error *config_file_edit(const char *name, struct slice text,
                             const char *key, const char *value,
                             struct buf *out)
{
    const struct edit edit = {.key = key, .value = value};
    return edit_one(name, text, &edit, out);
}

dits_error *config_file_edit_add(const char *name, struct slice text,
                                 const char *key, const char *value,
                                 struct buf *out)
{
    const struct edit edit = {.key = key, .value = value, .adds = true};
    return edit_one(name, text, &edit, out);
}

/* Whether `key` is a setting of that section, and not of one below it. */
static bool is_of(const char *section, const char *key)
{
    size_t length = strlen(section);
    return strncmp(key, section, length) == 0 && key[length] == '.' &&
           strchr(key + length + 1, '.') == NULL;
}

/* All lines but those that are exactly the start of the section. */
static dits_error *drop_header(struct slice text, const char *section,
                               struct buf *out)
{
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf header = {0};
    TRY(buf_printf(&key, "%s.x", section));
    TRY(put_section(&header, buf_text(&key)));
    for (size_t at = 0; at < text.size;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
        size_t size = end != NULL ? (size_t)(end - text.data) + 1 - at
                                  : text.size - at;
        const struct slice line = {text.data + at, size};
        if (!slice_equal(line, buf_slice(&header)))
            TRY(buf_put(out, line.data, line.size));
        at += size;
    }
    return NULL;
}

static dits_error *move_setting(const char *name, const char *to,
                                const struct config_entry *entry,
                                struct buf *text)
{
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf next = {0};
    TRY(buf_printf(&key, "%s%s", to, strrchr(entry->key, '.')));
    TRY(config_file_edit_add(name, buf_slice(text), buf_text(&key),
                             entry->value, &next));
    buf_release(text);
    *text = MOVE(next);
    return NULL;
}

/* All that is not of the section. */
static dits_error *leave_out(const struct config_file *file, struct slice text,
                             const char *section, struct buf *out)
{
    size_t done = 0;
    bool found = false;
    for (size_t i = 0; i < file->count; i++) {
        const struct config_entry *entry = &file->entries[i];
        if (!is_of(section, entry->key))
            continue;
        TRY(put_lines(out, text, done, entry->start));
        done = entry->end;
        found = true;
    }
    if (!found)
        return not_set(section);
    return buf_put(out, text.data + done, text.size - done);
}

dits_error *config_file_edit_section(const char *name, struct slice text,
                                     const char *from, const char *to,
                                     struct buf *out)
{
    CLEANUP(config_file_release) struct config_file file = {0};
    CLEANUP(buf_release) struct buf without = {0};
    CLEANUP(buf_release) struct buf next = {0};
    TRY(config_file_parse(name, text.data, text.size, &file));
    TRY(leave_out(&file, text, from, &without));
    TRY(drop_header(buf_slice(&without), from, &next));
    for (size_t i = 0; i < file.count && to != NULL; i++)
        if (is_of(from, file.entries[i].key))
            TRY(move_setting(name, to, &file.entries[i], &next));
    return buf_put(out, next.data, next.size);
}

/*
 * Lock the file itself, so that no lock file is left beside it. It is replaced
 * by a rename: whoever waited for the old one locks again.
 */
static dits_error *lock_file(const char *path, struct fs_file *out)
{
    for (;;) {
        CLEANUP(fs_close) struct fs_file file = {0};
        struct fs_stat ours = {0};
        struct fs_stat theirs = {0};
        TRY(fs_lock(path, FS_LOCK_EXCLUSIVE, LOCK_WAIT_MS, &file));
        TRY(fs_stat_file(&file, &ours));
        TRY(fs_stat_path(path, &theirs));
        if (ours.inode == theirs.inode && ours.device == theirs.device) {
            *out = MOVE(file);
            return NULL;
        }
    }
}

dits_error *config_file_rewrite(const char *path, config_rewrite_fn *fn,
                                void *payload)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(buf_release) struct buf old = {0};
    CLEANUP(buf_release) struct buf text = buf_limited(CONFIG_MAX_BYTES);
    TRY(fs_make_parents(path));
    TRY(lock_file(path, &lock));
    TRY(fs_read_all(path, CONFIG_MAX_BYTES, &old));
    TRY(fn(path, buf_slice(&old), &text, payload));
    return fs_replace(path, text.data, text.size);
}

static dits_error *set_one(const char *name, struct slice text, struct buf *out,
                           void *payload)
{
    const struct edit *edit = payload;
    return edit_one(name, text, edit, out);
}

dits_error *config_file_set(const char *path, const char *key,
                            const char *value)
{
    struct edit edit = {.key = key, .value = value};
    if (value == NULL && !fs_exists(path))
        return not_set(key);
    return config_file_rewrite(path, set_one, &edit);
}
