/*
 * repo/archive.h - tar and zip files, written from start to end
 *
 * Public entry: dits_archive() in dits/archive.h. archive.c goes over the
 * files, a format (archive_tar.c, archive_zip.c) makes bytes of each, and
 * archive_out.c packs those and hands them on.
 */
#ifndef REPO_ARCHIVE_H
#define REPO_ARCHIVE_H

#include <dits/archive.h>

#include "base/buf.h"
#include "base/deflate.h"
#include "base/error.h"

enum archive_filter { ARCHIVE_PLAIN, ARCHIVE_GZIP, ARCHIVE_ZSTD };

/* Where the bytes of an archive go. */
struct archive_out {
    enum archive_filter filter;
    dits_bytes_fn *fn;
    void *payload;
    uint64_t offset; /* bytes that were put: before they are packed */
    struct buf waiting;
    struct buf packed;
    struct deflater *deflater; /* of gzip */
    uint32_t sum;
};

MUST_USE dits_error *archive_out_begin(struct archive_out *out,
                                       enum archive_filter filter,
                                       dits_bytes_fn *fn, void *payload);
MUST_USE dits_error *archive_out_put(struct archive_out *out, const void *data,
                                     size_t size);
MUST_USE dits_error *archive_out_end(struct archive_out *out);
void archive_out_release(struct archive_out *out);

/* One member of an archive. Borrowed. */
struct archive_entry {
    const char *name;   /* UTF-8; that of a folder ends in '/' */
    char mode;          /* 'f', 'x', 'l' or 'd' */
    uint64_t size;      /* of the bytes that follow: those of files alone */
    const char *target; /* of a symlink */
};

/* What an archive is made of, apart from its files. */
struct archive_head {
    int64_t time;        /* of all members: seconds since 1970 UTC */
    const char *comment; /* "" or the commit's id */
};

/* How a format makes an archive: begin, then for each member entry, data of
 * exactly its size in pieces, and end; then finish. */
struct archive_format {
    dits_error *(*begin)(const struct archive_head *head,
                         struct archive_out *out, void **self);
    dits_error *(*entry)(void *self, const struct archive_entry *entry);
    dits_error *(*data)(void *self, const void *data, size_t size);
    dits_error *(*end)(void *self);
    dits_error *(*finish)(void *self);
    void (*free)(void *self); /* NULL is allowed */
};

extern const struct archive_format archive_tar;
extern const struct archive_format archive_zip;

#endif
