/*
 * tests/unit/support/wrap_files.h - gzip and zip files to test with
 */
#ifndef SUPPORT_WRAP_FILES_H
#define SUPPORT_WRAP_FILES_H

#include "base/buf.h"
#include "base/deflate.h"
#include "base/source.h"

/* Bytes as a source. */
struct bytes_source {
    struct source source;
    const uint8_t *data;
};

struct bytes_source bytes_source_over(const void *data, size_t size);

/* Lines that look like a project, about `size` bytes. */
MUST_USE dits_error *wrap_put_text(struct buf *out, size_t size, uint64_t seed);

/* Append the plain bytes, deflated. */
MUST_USE dits_error *wrap_put_deflated(struct buf *out,
                                       struct deflate_params params,
                                       struct slice plain);

/* The same as another program might: literals only, in one fixed block. */
MUST_USE dits_error *wrap_put_foreign(struct buf *out, struct slice plain);

/* A member of gzip with a name. */
MUST_USE dits_error *wrap_put_gzip(struct buf *out,
                                   struct deflate_params params,
                                   struct slice plain);

/* A zip file under way. Zero, with `file` set, is empty. */
struct zip_maker {
    struct buf *file; /* borrowed */
    struct buf directory;
    unsigned count;
};

struct zip_member {
    const char *name;
    unsigned method;
    unsigned flags; /* bit 3: with a descriptor */
    bool wide;      /* sizes in the extra field of zip64 */
    struct slice coded;
    size_t plain_size;
};

void zip_maker_release(struct zip_maker *zip);
MUST_USE dits_error *zip_maker_add(struct zip_maker *zip,
                                   const struct zip_member *member);

/* The directory and its end; `wide` with the records of zip64. */
MUST_USE dits_error *zip_maker_finish(struct zip_maker *zip, bool wide);

#endif
