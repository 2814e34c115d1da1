/*
 * repo/stand_in.h - the small file that stands where a file was dropped
 *
 * It says in plain words what it stands for (docs/formats/stand-in.md). It is
 * recognised by its bytes alone, in whatever place they are found; the index
 * remembers it to save the reading. It is never stored as content of a file.
 */
#ifndef REPO_STAND_IN_H
#define REPO_STAND_IN_H

#include "base/buf.h"
#include "base/dir.h"
#include "base/oid.h"
#include "repo/repo.h"

#define STAND_IN_MAX 2048u /* bytes of a stand-in */

/* Smaller files are not dropped, so nothing stands for a stand-in. */
#define STAND_IN_FILE_MIN 4096u

/* What it stands for. */
struct stand_in {
    struct dits_oid asset;
    uint64_t size;
};

/* The bytes for the file `path`, of which the last part is shown. */
MUST_USE dits_error *stand_in_format(const char *path,
                                     const struct stand_in *what,
                                     struct buf *out);

/* What any bytes are: CHANGED begins as a stand-in does, but is none. */
enum stand_in_verdict { STAND_IN_NONE, STAND_IN_CHANGED, STAND_IN_WHOLE };

MUST_USE dits_error *stand_in_parse(struct slice bytes, struct stand_in *out,
                                    enum stand_in_verdict *out_verdict);

/*
 * Look into the file `name`. `stat` is what was seen of it, and becomes what it
 * is while it is read; a file that cannot be a stand-in is not opened.
 */
MUST_USE dits_error *stand_in_read(const struct dir *dir, const char *name,
                                   struct fs_stat *stat, struct stand_in *out,
                                   enum stand_in_verdict *out_verdict);

#endif
