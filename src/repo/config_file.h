/*
 * repo/config_file.h - one configuration file
 *
 * git's form: sections in brackets, perhaps with a quoted subsection; "name =
 * value" below them; comments after '#' or ';'; quotes, escapes and lines that
 * go on after a backslash (docs/formats/config.md).
 */
#ifndef REPO_CONFIG_FILE_H
#define REPO_CONFIG_FILE_H

#include "base/buf.h"

#define CONFIG_MAX_BYTES ((size_t)1024 * 1024)

/* One setting. Texts are owned by the file. */
struct config_entry {
    char *key;    /* canonical: "section.Sub.name" */
    char *value;  /* "true" where the file gives none */
    size_t start; /* the bytes of its lines, for editing */
    size_t end;
};

/* Empty is the zero value. */
struct config_file {
    struct config_entry *entries; /* in the order of the file */
    size_t count;
    size_t capacity;
};

void config_file_release(struct config_file *file);

/* CORRUPT, naming `name` and the line, when the text breaks the form. */
MUST_USE dits_error *config_file_parse(const char *name, const void *data,
                                       size_t size, struct config_file *out);

/* Empty when there is no file at `path`. */
MUST_USE dits_error *config_file_load(const char *path,
                                      struct config_file *out);

/* The last value of the canonical `key`, borrowed, or NULL. */
const char *config_file_find(const struct config_file *file, const char *key);

/*
 * The canonical form of a key: section and name in lower case, the subsection
 * as it is. INVALID when it is none.
 */
MUST_USE dits_error *config_key_canonical(const char *key, char **out);

/*
 * Set the canonical `key` in the file at `path` to `value`, or remove it
 * (NULL; NOT_FOUND when it is not there). All else in the file stays as it is.
 * Replaced atomically; two writers take turns.
 */
MUST_USE dits_error *config_file_set(const char *path, const char *key,
                                     const char *value);

/* Append another value of `key`, also where it has some: `fetch` of a remote.
 */
MUST_USE dits_error *config_file_edit_add(const char *name, struct slice text,
                                          const char *key, const char *value,
                                          struct buf *out);

/*
 * All settings of a section ("remote.origin") go to `to`, or, with NULL, are
 * removed, and the line that the section began with. NOT_FOUND.
 */
MUST_USE dits_error *config_file_edit_section(const char *name,
                                              struct slice text,
                                              const char *from, const char *to,
                                              struct buf *out);

/* Several edits of a file in one step: `fn` makes the new text of the old. */
typedef dits_error *config_rewrite_fn(const char *name, struct slice text,
                                      struct buf *out, void *payload);
MUST_USE dits_error *config_file_rewrite(const char *path,
                                         config_rewrite_fn *fn, void *payload);

/* The new text, for config_file_set(): tested by itself. */
MUST_USE dits_error *config_file_edit(const char *name, struct slice text,
                                      const char *key, const char *value,
                                      struct buf *out);

#endif
