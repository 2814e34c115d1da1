/*
 * dits/archive.h - the files of a commit as a tar or zip file
 */
#ifndef DITS_ARCHIVE_H
#define DITS_ARCHIVE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_archive_format {
    DITS_ARCHIVE_TAR = 0, /* POSIX pax */
    DITS_ARCHIVE_TAR_GZ = 1,
    DITS_ARCHIVE_TAR_ZST = 2,
    DITS_ARCHIVE_ZIP = 3,
};

/* Zero means the default for each field. */
struct dits_archive_options {
    const char *revision; /* a commit, a tag or a tree; NULL: HEAD */
    struct dits_paths paths;
    enum dits_archive_format format;
    const char *prefix; /* "film/": stands before each name */
};

/*
 * Hand out an archive from its start to its end, in the memory of one block.
 * Every byte of a file is verified before it goes out. The same commit, paths
 * and options give the same bytes: files have the commit's time (a tree's have
 * none: 1970, or 1980 where that is the first) and belong to nobody.
 *
 * Errors: NOT_FOUND, INVALID (the prefix would lead out of the archive),
 * CORRUPT, LIMIT, CANCELLED, those of `fn`.
 */
DITS_API DITS_MUST_USE dits_error *dits_archive(
    dits_repo *repo, const struct dits_archive_options *options,
    dits_bytes_fn *fn, void *payload);

DITS_END_DECLS

#endif
