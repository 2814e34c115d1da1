/*
 * repo/attribute_rules.h - one attributes file
 *
 * Its lines, in the form of docs/formats/attributes.md, with the names of
 * attributes as numbers. Any bytes are valid: a line that is none of the form
 * says nothing.
 */
#ifndef REPO_ATTRIBUTE_RULES_H
#define REPO_ATTRIBUTE_RULES_H

#include <stdint.h>

#include "repo/attributes.h"
#include "repo/pattern.h"

/* Different attributes in all files that hold for one work tree. */
#define ATTRIBUTE_NAMES_MAX 1024u

/* The names met so far, numbered from 0. Zero is empty. */
struct attribute_names {
    char *names[ATTRIBUTE_NAMES_MAX];
    size_t count;
    uint16_t slots[2 * ATTRIBUTE_NAMES_MAX]; /* by hash: number + 1, or 0 */
};

void attribute_names_release(struct attribute_names *names);

/* The number of a name, which gets one when it is new. LIMIT: too many. */
MUST_USE dits_error *attribute_names_add(struct attribute_names *names,
                                         const char *name, size_t length,
                                         uint16_t *out);

/* False: no file has named it. */
bool attribute_names_find(const struct attribute_names *names, const char *name,
                          uint16_t *out);

/* Letters, digits, '-', '_' and '.', not '-' at the start. */
bool attribute_name_is_valid(const char *name, size_t length);

/* What one line says of one attribute. */
struct attribute_setting {
    uint16_t number;
    enum attribute_state state;
    const char *value; /* of ATTRIBUTE_VALUE */
};

/* One line: a pattern, or a macro, and the settings that it stands for. */
struct attribute_rule {
    struct pattern pattern;
    bool is_macro;
    uint16_t macro; /* its number */
    size_t first;   /* of its settings */
    size_t count;
};

/* Empty is the zero value. */
struct attribute_rules {
    char *text; /* the file, cut up */
    struct attribute_rule *rules;
    size_t count;
    size_t capacity;
    struct attribute_setting *settings;
    size_t setting_count;
    size_t setting_capacity;
};

void attribute_rules_release(struct attribute_rules *rules);

/* Errors: NOMEM, LIMIT (too many names). */
MUST_USE dits_error *attribute_rules_parse(struct attribute_names *names,
                                           const void *data, size_t size,
                                           struct attribute_rules *out);

#endif
