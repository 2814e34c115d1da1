/*
 * base/stat_posix.h - what stat() says, for the two files that ask
 */
#ifndef BASE_STAT_POSIX_H
#define BASE_STAT_POSIX_H

#include <sys/stat.h>
#include <time.h>

#include "base/fs.h"

static inline int64_t stat_nanoseconds(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline struct fs_stat fs_stat_from(const struct stat *st)
{
    return (struct fs_stat){
        .kind = S_ISREG(st->st_mode)   ? FS_REGULAR
                : S_ISDIR(st->st_mode) ? FS_FOLDER
                : S_ISLNK(st->st_mode) ? FS_SYMLINK
                                       : FS_OTHER,
        .executable = (st->st_mode & S_IXUSR) != 0,
        .size = (uint64_t)st->st_size,
        .mtime_ns = stat_nanoseconds(st->st_mtim),
        .ctime_ns = stat_nanoseconds(st->st_ctim),
        .inode = st->st_ino,
        .device = st->st_dev,
        .links = st->st_nlink,
    };
}

#endif
