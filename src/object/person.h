/*
 * object/person.h - who and when, as commits and tags hold it
 */
#ifndef OBJECT_PERSON_H
#define OBJECT_PERSON_H

#include "base/cursor.h"
#include "object/commit.h"

/* Errors: INVALID (a text that cannot be stored). */
MUST_USE dits_error *person_encode(const struct person *person,
                                   struct buf *out);

/* Errors: CORRUPT. */
MUST_USE dits_error *person_decode(struct cursor *in, struct person *out);

/*
 * Messages: UTF-8 without NUL, with one newline at the end unless empty.
 * `code` is that of the error: INVALID for what is given, CORRUPT for what is
 * read.
 */
MUST_USE dits_error *message_check(struct slice message, enum dits_code code);
MUST_USE dits_error *message_decode(struct cursor *in, char **out);

/* The end of commits and tags. */
#define SIGNATURE_MAX_BYTES (1u << 20)
MUST_USE dits_error *signature_encode(const struct buf *signature,
                                      struct buf *out);
MUST_USE dits_error *signature_decode(struct cursor *in, struct buf *out);

#endif
