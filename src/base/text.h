/*
 * base/text.h - NUL-terminated UTF-8 text
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A copy, to be freed with mem_free(). */
MUST_USE dits_error *text_copy(const char *text, char **out);
MUST_USE dits_error *text_copy_part(const char *text, size_t length,
                                    char **out);

/* NULL gives NULL. */
MUST_USE dits_error *text_copy_optional(const char *text, char **out);

/* For CLEANUP(). */
void text_free(char **text);

bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

/* Whether `size` bytes are well-formed UTF-8 (RFC 3629) without a NUL. */
bool text_is_utf8(const void *data, size_t size);

/* A to Z and a to z, and their lower-case form, in any locale. */
bool text_is_letter(int c);
int text_lower(int c);

/* A whole decimal number and nothing else. */
bool text_to_u64(const char *text, uint64_t *out);

/* The same, perhaps with a k, m or g behind it: times 1024, 1024^2, 1024^3. */
bool text_to_size(const char *text, uint64_t *out);
bool text_to_i64(const char *text, int64_t *out);

#endif
