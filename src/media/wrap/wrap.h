/*
 * media/wrap/wrap.h - files that hold other files, deflated
 *
 * Project files are often XML in gzip (Premiere, Ableton, older Blender) or a
 * zip of files (Resolve, Krita, Office, motion graphics templates). This says
 * where in such a file the packed streams are. All other bytes - headers,
 * names, descriptors, the directory - are of no interest here.
 *
 * A file that contradicts itself is refused as a whole: what two readers could
 * understand differently is better kept as it is.
 */
#ifndef MEDIA_WRAP_WRAP_H
#define MEDIA_WRAP_WRAP_H

#include <stdbool.h>

#include "base/source.h"

enum wrap_kind { WRAP_NONE = 0, WRAP_GZIP, WRAP_ZIP };

enum wrap_method {
    WRAP_OPAQUE = 0, /* encrypted, unknown, or unpacks to too much */
    WRAP_STORED,
    WRAP_DEFLATE,
};

/* Something packed. Members ascend in the file and do not overlap. */
struct wrap_member {
    uint64_t offset; /* of the packed bytes, in the file */
    uint64_t coded_size;
    uint64_t plain_size; /* of a zip: what its directory says */
    enum wrap_method method;
};

/* Owns its members. Zero is a file that wraps nothing. */
struct wrap {
    enum wrap_kind kind;
    size_t count, capacity;
    struct wrap_member *members;
    uint64_t plain_size; /* of the members that are WRAP_DEFLATE */
};

void wrap_release(struct wrap *wrap);

/* "gzip", "zip"; "" for WRAP_NONE. */
const char *wrap_kind_name(enum wrap_kind kind);

/* Whether a file that starts with these bytes, 4 or more, may be wrapped. */
bool wrap_may_be(const void *head, size_t size);

/*
 * Look at `source`. WRAP_NONE is an answer: the file is of no known kind, or
 * damaged, or beyond the limits. Errors: those of the source, NOMEM.
 */
MUST_USE dits_error *wrap_open(struct source *source, struct wrap *out);

/* Append a member. Private to this folder. Errors: NOMEM. */
MUST_USE dits_error *wrap_add(struct wrap *wrap,
                              const struct wrap_member *member);

/* Whether so many bytes may be unpacked from so many. */
bool wrap_allows(uint64_t coded_size, uint64_t plain_size);

#endif
