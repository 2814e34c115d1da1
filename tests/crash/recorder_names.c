/* The wrapped calls on names: opening, renaming, linking, removing, looking. */
#undef _FILE_OFFSET_BITS /* both names of each call are defined here */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recorder.h"

int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int dirfd, const char *path, int flags);
int __openat64_2(int dirfd, const char *path, int flags);

/* A file opened for writing is known by its inode from here on. */
static void put_open(int fd, const char *path, int flags, bool existed)
{
    struct stat st = {0};
    if ((flags & (O_ACCMODE | O_CREAT)) == O_RDONLY || fstat(fd, &st) != 0)
        return;
    bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
    recorder_put(&(struct record){.kind = RECORD_OPEN,
                                  .created = nameless || !existed,
                                  .mode = st.st_mode & 07777,
                                  .path = nameless ? NULL : path,
                                  .id = st.st_ino});
    if (existed && (flags & O_TRUNC) != 0)
        recorder_put(
            &(struct record){.kind = RECORD_TRUNCATE, .id = st.st_ino});
}

static int record_open(int dirfd, const char *path, int flags, mode_t mode)
{
    char full[PATH_SIZE] = {0};
    if (!recorder_path(dirfd, path, full))
        return NEXT(openat)(dirfd, path, flags, mode);
    if (recorder_fails("open", NULL))
        return -1;
    struct stat st = {0};
    recorder_lock();
    bool existed = NEXT(fstatat)(dirfd, path, &st, 0) == 0;
    int fd = NEXT(openat)(dirfd, path, flags, mode);
    if (fd >= 0)
        put_open(fd, full, flags, existed);
    recorder_unlock();
    return fd;
}

static mode_t mode_of(int flags, va_list arguments)
{
    bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    return has_mode ? va_arg(arguments, mode_t) : 0;
}

#define OPEN_WITH_MODE(dirfd, path, flags)                  \
    do {                                                    \
        va_list arguments;                                  \
        va_start(arguments, flags);                         \
        mode_t mode = mode_of(flags, arguments);            \
        va_end(arguments);                                  \
        return record_open((dirfd), (path), (flags), mode); \
    } while (0)

int open(const char *path, int flags, ...)
{
    OPEN_WITH_MODE(AT_FDCWD, path, flags);
}

int open64(const char *path, int flags, ...)
{
    OPEN_WITH_MODE(AT_FDCWD, path, flags);
}

int openat(int dirfd, const char *path, int flags, ...)
{
    OPEN_WITH_MODE(dirfd, path, flags);
}

int openat64(int dirfd, const char *path, int flags, ...)
{
    OPEN_WITH_MODE(dirfd, path, flags);
}

int __open_2(const char *path, int flags)
{
    return record_open(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return record_open(AT_FDCWD, path, flags, 0);
}

int __openat_2(int dirfd, const char *path, int flags)
{
    return record_open(dirfd, path, flags, 0);
}

int __openat64_2(int dirfd, const char *path, int flags)
{
    return record_open(dirfd, path, flags, 0);
}

int creat(const char *path, mode_t mode)
{
    return record_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode)
{
    return creat(path, mode);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to,
              unsigned flags)
{
    char old[PATH_SIZE] = {0};
    char new[PATH_SIZE] = {0};
    if (!recorder_path(from_fd, from, old) || !recorder_path(to_fd, to, new))
        return NEXT(renameat2)(from_fd, from, to_fd, to, flags);
    if (recorder_fails("rename", NULL))
        return -1;
    recorder_lock();
    int status = NEXT(renameat2)(from_fd, from, to_fd, to, flags);
    if (status == 0)
        recorder_put(&(struct record){.kind = (flags & RENAME_EXCHANGE) != 0
                                                  ? RECORD_EXCHANGE
                                                  : RECORD_RENAME,
                                      .path = old,
                                      .other = new});
    recorder_unlock();
    return status;
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
    return renameat2(from_fd, from, to_fd, to, 0);
}

int rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    char new[PATH_SIZE] = {0};
    if (!recorder_path(to_fd, to, new))
        return NEXT(linkat)(from_fd, from, to_fd, to, flags);
    if (recorder_fails("link", NULL))
        return -1;
    struct stat st = {0};
    recorder_lock();
    int status = NEXT(linkat)(from_fd, from, to_fd, to, flags);
    if (status == 0 && NEXT(lstat)(new, &st) == 0)
        recorder_put(&(struct record){
            .kind = RECORD_LINK, .path = new, .id = st.st_ino});
    recorder_unlock();
    return status;
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlinkat(const char *target, int dirfd, const char *path)
{
    char full[PATH_SIZE] = {0};
    if (!recorder_path(dirfd, path, full))
        return NEXT(symlinkat)(target, dirfd, path);
    if (recorder_fails("symlink", NULL))
        return -1;
    recorder_lock();
    int status = NEXT(symlinkat)(target, dirfd, path);
    if (status == 0)
        recorder_put(&(struct record){
            .kind = RECORD_SYMLINK, .path = full, .other = target});
    recorder_unlock();
    return status;
}

int symlink(const char *target, const char *path)
{
    return symlinkat(target, AT_FDCWD, path);
}

int unlinkat(int dirfd, const char *path, int flags)
{
    char full[PATH_SIZE] = {0};
    if (!recorder_path(dirfd, path, full))
        return NEXT(unlinkat)(dirfd, path, flags);
    bool is_dir = (flags & AT_REMOVEDIR) != 0;
    if (recorder_fails(is_dir ? "rmdir" : "unlink", NULL))
        return -1;
    recorder_lock();
    int status = NEXT(unlinkat)(dirfd, path, flags);
    if (status == 0)
        recorder_put(&(struct record){
            .kind = is_dir ? RECORD_RMDIR : RECORD_UNLINK, .path = full});
    recorder_unlock();
    return status;
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
    int status = unlink(path);
    return status != 0 && errno == EISDIR ? rmdir(path) : status;
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
    char full[PATH_SIZE] = {0};
    if (!recorder_path(dirfd, path, full))
        return NEXT(mkdirat)(dirfd, path, mode);
    if (recorder_fails("mkdir", NULL))
        return -1;
    recorder_lock();
    int status = NEXT(mkdirat)(dirfd, path, mode);
    if (status == 0)
        recorder_put(
            &(struct record){.kind = RECORD_MKDIR, .path = full, .mode = mode});
    recorder_unlock();
    return status;
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

/* --- looking: nothing to record, but it can fail --- */

static bool look_fails(int dirfd, const char *path, const char *name)
{
    char full[PATH_SIZE] = {0};
    return recorder_path(dirfd, path, full) && recorder_fails(name, NULL);
}

int fstatat(int dirfd, const char *path, struct stat *st, int flags)
{
    if (look_fails(dirfd, path, "stat"))
        return -1;
    return NEXT(fstatat)(dirfd, path, st, flags);
}

int stat(const char *path, struct stat *st)
{
    if (look_fails(AT_FDCWD, path, "stat"))
        return -1;
    return NEXT(stat)(path, st);
}

int lstat(const char *path, struct stat *st)
{
    if (look_fails(AT_FDCWD, path, "lstat"))
        return -1;
    return NEXT(lstat)(path, st);
}

int fstatat64(int dirfd, const char *path, struct stat64 *st, int flags)
{
    if (look_fails(dirfd, path, "stat"))
        return -1;
    return NEXT(fstatat64)(dirfd, path, st, flags);
}

int stat64(const char *path, struct stat64 *st)
{
    if (look_fails(AT_FDCWD, path, "stat"))
        return -1;
    return NEXT(stat64)(path, st);
}

int lstat64(const char *path, struct stat64 *st)
{
    if (look_fails(AT_FDCWD, path, "lstat"))
        return -1;
    return NEXT(lstat64)(path, st);
}

DIR *opendir(const char *path)
{
    if (look_fails(AT_FDCWD, path, "opendir"))
        return NULL;
    return NEXT(opendir)(path);
}
