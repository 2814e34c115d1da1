/*
 * base/watch_mounts.h - what is mounted below a folder
 *
 * A file system that appears over a folder changes all that is seen there, and
 * no watch tells of it. For watch_linux.c alone.
 */
#ifndef BASE_WATCH_MOUNTS_H
#define BASE_WATCH_MOUNTS_H

#include "base/fs.h"
#include "base/oid.h"

struct watch_mounts {
    int fd;               /* of the system's list, + 1 */
    struct dits_oid seen; /* a hash of the lines about the folder */
};

MUST_USE dits_error *watch_mounts_open(const char *root,
                                       struct watch_mounts *out);
void watch_mounts_release(struct watch_mounts *mounts);

/* Since it was opened. */
MUST_USE dits_error *watch_mounts_changed(const struct watch_mounts *mounts,
                                          const char *root, bool *out);

#endif
