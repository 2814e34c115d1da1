/*
 * dits/oid.h - object ids
 *
 * Everything that Dits stores is named by a BLAKE3-256 hash of what it is.
 */
#ifndef DITS_OID_H
#define DITS_OID_H

#include <stdbool.h>
#include <stdint.h>

#include <dits/export.h>

DITS_BEGIN_DECLS

#define DITS_OID_SIZE 32     /* bytes */
#define DITS_OID_HEX_SIZE 65 /* 64 digits and a NUL */

struct dits_oid {
    uint8_t hash[DITS_OID_SIZE];
};

/* Lower-case digits and a NUL. */
DITS_API void dits_oid_hex(const struct dits_oid *id,
                           char out[DITS_OID_HEX_SIZE]);

DITS_API bool dits_oid_equal(const struct dits_oid *a,
                             const struct dits_oid *b);

/* Whether all bytes are zero: "none", which names nothing. */
DITS_API bool dits_oid_is_zero(const struct dits_oid *id);

DITS_END_DECLS

#endif
