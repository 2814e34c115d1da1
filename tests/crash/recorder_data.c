/* The wrapped calls on open files: reading, writing, sizing and syncing. */
#undef _FILE_OFFSET_BITS /* both names of each call are defined here */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "recorder.h"

/* An open regular file or folder below the root. */
static bool is_ours(int fd, struct stat *st)
{
    char path[PATH_SIZE] = {0};
    return recorder_fd_path(fd, path) && fstat(fd, st) == 0 &&
           (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode));
}

static void put_write(const struct stat *st, const void *data, ssize_t size,
                      off_t offset)
{
    if (size > 0)
        recorder_put(&(struct record){.kind = RECORD_WRITE,
                                      .id = st->st_ino,
                                      .data = data,
                                      .data_size = (size_t)size,
                                      .offset = (uint64_t)offset});
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    struct stat st = {0};
    if (!is_ours(fd, &st))
        return NEXT(pwrite)(fd, data, size, offset);
    bool is_short = false;
    if (recorder_fails("pwrite", &is_short) && !is_short)
        return -1;
    size = is_short && size > 1 ? size / 2 : size;
    recorder_lock();
    ssize_t put = NEXT(pwrite)(fd, data, size, offset);
    put_write(&st, data, put, offset);
    recorder_unlock();
    return put;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    return pwrite(fd, data, size, offset);
}

ssize_t write(int fd, const void *data, size_t size)
{
    struct stat st = {0};
    if (!is_ours(fd, &st))
        return NEXT(write)(fd, data, size);
    bool is_short = false;
    if (recorder_fails("write", &is_short) && !is_short)
        return -1;
    size = is_short && size > 1 ? size / 2 : size;
    recorder_lock();
    ssize_t put = NEXT(write)(fd, data, size);
    off_t end = lseek(fd, 0, SEEK_CUR);
    put_write(&st, data, put, end - put);
    recorder_unlock();
    return put;
}

/* Vectors are written piece by piece: a short write is always allowed. */
ssize_t writev(int fd, const struct iovec *parts, int count)
{
    struct stat st = {0};
    if (!is_ours(fd, &st))
        return NEXT(writev)(fd, parts, count);
    return count > 0 ? write(fd, parts[0].iov_base, parts[0].iov_len) : 0;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    struct stat st = {0};
    if (!is_ours(fd, &st))
        return NEXT(pwritev)(fd, parts, count, offset);
    return count > 0 ? pwrite(fd, parts[0].iov_base, parts[0].iov_len, offset)
                     : 0;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
    return pwritev(fd, parts, count, offset);
}

/* Copies inside the kernel carry no data to record: callers fall back. */
ssize_t copy_file_range(int from, off64_t *from_offset, int to,
                        off64_t *to_offset, size_t size, unsigned flags)
{
    struct stat st = {0};
    if (!is_ours(to, &st))
        return NEXT(copy_file_range)(from, from_offset, to, to_offset, size,
                                     flags);
    errno = EXDEV;
    return -1;
}

ssize_t sendfile(int to, int from, off_t *offset, size_t size)
{
    struct stat st = {0};
    if (!is_ours(to, &st))
        return NEXT(sendfile)(to, from, offset, size);
    errno = EINVAL;
    return -1;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t size)
{
    return sendfile(to, from, offset, size);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
    struct stat st = {0};
    bool is_short = false;
    if (is_ours(fd, &st) && recorder_fails("pread", &is_short) && !is_short)
        return -1;
    size = is_short && size > 1 ? size / 2 : size;
    return NEXT(pread)(fd, data, size, offset);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t offset)
{
    return pread(fd, data, size, offset);
}

ssize_t read(int fd, void *data, size_t size)
{
    struct stat st = {0};
    bool is_short = false;
    if (is_ours(fd, &st) && recorder_fails("read", &is_short) && !is_short)
        return -1;
    size = is_short && size > 1 ? size / 2 : size;
    return NEXT(read)(fd, data, size);
}

static int record_sync(int fd, const char *name, int (*next)(int))
{
    struct stat st = {0};
    char path[PATH_SIZE] = {0};
    if (!is_ours(fd, &st) || !recorder_fd_path(fd, path))
        return next(fd);
    if (recorder_fails(name, NULL))
        return -1;
    if (recorder_ignores_syncs())
        return 0;
    recorder_lock();
    int status = next(fd);
    if (status == 0)
        recorder_put(&(struct record){
            .kind = S_ISDIR(st.st_mode) ? RECORD_SYNC_DIR : RECORD_SYNC,
            .path = path,
            .id = st.st_ino});
    recorder_unlock();
    return status;
}

int fsync(int fd)
{
    return record_sync(fd, "fsync", NEXT(fsync));
}

int fdatasync(int fd)
{
    return record_sync(fd, "fdatasync", NEXT(fdatasync));
}

/* Starts the writing out early: it promises nothing, so nothing is recorded. */
int sync_file_range(int fd, off64_t offset, off64_t size, unsigned flags)
{
    struct stat st = {0};
    if (is_ours(fd, &st) && recorder_fails("sync_file_range", NULL))
        return -1;
    return NEXT(sync_file_range)(fd, offset, size, flags);
}

int ftruncate(int fd, off_t size)
{
    struct stat st = {0};
    if (!is_ours(fd, &st))
        return NEXT(ftruncate)(fd, size);
    if (recorder_fails("ftruncate", NULL))
        return -1;
    recorder_lock();
    int status = NEXT(ftruncate)(fd, size);
    if (status == 0)
        recorder_put(&(struct record){.kind = RECORD_TRUNCATE,
                                      .id = st.st_ino,
                                      .offset = (uint64_t)size});
    recorder_unlock();
    return status;
}

int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

/* With FALLOC_FL_KEEP_SIZE alone nothing that can be read changes. */
static void put_allocated(const struct stat *st, int mode, off_t offset,
                          off_t size)
{
    char text[32] = {0};
    (void)snprintf(text, sizeof(text), "%lld", (long long)size);
    if ((mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) != 0)
        recorder_put(&(struct record){.kind = RECORD_ZERO,
                                      .id = st->st_ino,
                                      .data = text,
                                      .data_size = strlen(text),
                                      .offset = (uint64_t)offset});
    if ((mode & FALLOC_FL_KEEP_SIZE) == 0)
        recorder_put(&(struct record){.kind = RECORD_EXTEND,
                                      .id = st->st_ino,
                                      .offset = (uint64_t)(offset + size)});
}

int fallocate(int fd, int mode, off_t offset, off_t size)
{
    struct stat st = {0};
    if (!is_ours(fd, &st))
        return NEXT(fallocate)(fd, mode, offset, size);
    if (recorder_fails("fallocate", NULL))
        return -1;
    if ((mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE |
                  FALLOC_FL_ZERO_RANGE)) != 0) {
        errno =
            EOPNOTSUPP; /* collapsed and inserted ranges: callers do without */
        return -1;
    }
    recorder_lock();
    int status = NEXT(fallocate)(fd, mode, offset, size);
    if (status == 0)
        put_allocated(&st, mode, offset, size);
    recorder_unlock();
    return status;
}

int fallocate64(int fd, int mode, off64_t offset, off64_t size)
{
    return fallocate(fd, mode, offset, size);
}

int posix_fallocate(int fd, off_t offset, off_t size)
{
    struct stat st = {0};
    if (!is_ours(fd, &st))
        return NEXT(posix_fallocate)(fd, offset, size);
    return fallocate(fd, 0, offset, size) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t offset, off64_t size)
{
    return posix_fallocate(fd, offset, size);
}

int fchmod(int fd, mode_t mode)
{
    struct stat st = {0};
    bool ours = is_ours(fd, &st);
    if (ours && recorder_fails("fchmod", NULL))
        return -1;
    int status = NEXT(fchmod)(fd, mode);
    if (ours && status == 0)
        recorder_put(&(struct record){
            .kind = RECORD_MODE, .id = st.st_ino, .mode = mode});
    return status;
}
