/*
 * base/oid.h - object ids inside the library
 *
 * The type itself: dits/oid.h.
 */
#ifndef BASE_OID_H
#define BASE_OID_H

#include <stddef.h>
#include <stdint.h>

#include <dits/oid.h>

#define OID_SIZE DITS_OID_SIZE
#define OID_HEX_SIZE DITS_OID_HEX_SIZE

/* Like memcmp(): the order of ids in every sorted table. */
int oid_compare(const struct dits_oid *a, const struct dits_oid *b);

/*
 * Read up to 64 hex digits, in either case, into the front of `*out`, whose
 * other bytes become zero. False when there is anything else in `text`.
 */
bool oid_parse_prefix(const char *text, size_t digits, struct dits_oid *out);

/* Exactly 64 digits. */
bool oid_parse(const char *text, struct dits_oid *out);

/* Whether the first `digits` hex digits of both are the same. */
bool oid_has_prefix(const struct dits_oid *id, const struct dits_oid *prefix,
                    size_t digits);

#endif
