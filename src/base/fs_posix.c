#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/random.h"
#include "base/stat_posix.h"

enum { LOCK_POLL_MS = 5 };

static int fd_of(const struct fs_file *file)
{
    return file->handle - 1;
}

dits_error *fs_open(const char *path, enum fs_open how, struct fs_file *out)
{
    static const int flags[] = {
        [FS_READ] = O_RDONLY,
        [FS_WRITE] = O_RDWR | O_CREAT,
        [FS_PRIVATE] = O_RDWR | O_CREAT,
        [FS_CREATE_NEW] = O_RDWR | O_CREAT | O_EXCL,
    };
    int fd =
        open(path, flags[how] | O_CLOEXEC, how == FS_PRIVATE ? 0600 : 0666);
    if (fd < 0)
        return error_errno(errno, "cannot open '%s'", path);
    out->handle = fd + 1;
    return NULL;
}

void fs_close(struct fs_file *file)
{
    if (file->handle != 0)
        (void)close(fd_of(file));
    file->handle = 0;
}

dits_error *fs_read_some(const struct fs_file *file, uint64_t offset,
                         size_t size, void *out, size_t *out_size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = pread(fd_of(file), (char *)out + done, size - done,
                            (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(errno, "cannot read");
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *out_size = done;
    return NULL;
}

dits_error *fs_read_at(const struct fs_file *file, uint64_t offset, size_t size,
                       void *out)
{
    size_t got = 0;
    TRY(fs_read_some(file, offset, size, out, &got));
    if (got < size)
        return error_new(DITS_E_CORRUPT, "the file ends %zu bytes early",
                         size - got);
    return NULL;
}

void fs_begin_direct(const struct fs_file *file)
{
    int flags = fcntl(fd_of(file), F_GETFL);
    if (flags >= 0)
        (void)fcntl(fd_of(file), F_SETFL, flags | O_DIRECT);
}

void fs_end_direct(const struct fs_file *file)
{
    int flags = fcntl(fd_of(file), F_GETFL);
    if (flags >= 0)
        (void)fcntl(fd_of(file), F_SETFL, flags & ~O_DIRECT);
}

bool fs_reserve(const struct fs_file *file, uint64_t size)
{
    struct stat st;
    if (fstat(fd_of(file), &st) != 0)
        return false;
    if (fallocate(fd_of(file), 0, 0, (off_t)size) == 0)
        return true;
    /* On a full disk it may have taken what was left. */
    (void)!ftruncate(fd_of(file), st.st_size);
    return false;
}

bool fs_share(const struct fs_file *to, const struct fs_file *from)
{
    return ioctl(fd_of(to), FICLONE, fd_of(from)) == 0;
}

uint64_t fs_next_data(const struct fs_file *file, uint64_t offset)
{
    off_t at = lseek(fd_of(file), (off_t)offset, SEEK_DATA);
    if (at >= 0)
        return (uint64_t)at;
    return errno == ENXIO ? UINT64_MAX : offset;
}

dits_error *fs_write_at(const struct fs_file *file, uint64_t offset,
                        const void *data, size_t size)
{
    size_t done = 0;
    bool refused = false;
    while (done < size) {
        ssize_t put = pwrite(fd_of(file), (const char *)data + done,
                             size - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno == EINVAL && !refused) {
            refused = true; /* most likely the direct mode */
            fs_end_direct(file);
            continue;
        }
        if (put < 0)
            return error_errno(errno, "cannot write");
        done += (size_t)put;
    }
    return NULL;
}

dits_error *fs_truncate(const struct fs_file *file, uint64_t size)
{
    if (ftruncate(fd_of(file), (off_t)size) != 0)
        return error_errno(errno, "cannot set the size of a file");
    return NULL;
}

dits_error *fs_set_private(const struct fs_file *file)
{
    if (fchmod(fd_of(file), S_IRUSR | S_IWUSR) != 0)
        return error_errno(errno, "cannot make a file private");
    return NULL;
}

dits_error *fs_is_private(const struct fs_file *file, bool *out)
{
    struct stat status;
    if (fstat(fd_of(file), &status) != 0)
        return error_errno(errno, "cannot look at a file");
    *out = (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    return NULL;
}

dits_error *fs_sync(const struct fs_file *file)
{
    if (fsync(fd_of(file)) != 0)
        return error_errno(errno, "cannot sync a file to disk");
    return NULL;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

dits_error *fs_sync_dir(const char *path)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return error_errno(errno, "cannot sync folder '%s' to disk", path);
    return NULL;
}

dits_error *fs_stat_file(const struct fs_file *file, struct fs_stat *out)
{
    struct stat st;
    if (fstat(fd_of(file), &st) != 0)
        return error_errno(errno, "cannot look at an open file");
    *out = fs_stat_from(&st);
    return NULL;
}

dits_error *fs_stat_path(const char *path, struct fs_stat *out)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return error_errno(errno, "cannot look at '%s'", path);
    *out = fs_stat_from(&st);
    return NULL;
}

bool fs_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

dits_error *fs_set_mtime(const char *path, int64_t mtime_ns)
{
    struct timespec times[2] = {
        {.tv_nsec = UTIME_OMIT},
        {.tv_sec = mtime_ns / 1000000000, .tv_nsec = mtime_ns % 1000000000}};
    if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) != 0)
        return error_errno(errno, "cannot set the time of '%s'", path);
    return NULL;
}

int64_t fs_now_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return stat_nanoseconds(now);
}

dits_error *fs_rename(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        return error_errno(errno, "cannot rename '%s' to '%s'", from, to);
    return NULL;
}

dits_error *fs_remove(const char *path)
{
    if (remove(path) != 0)
        return error_errno(errno, "cannot remove '%s'", path);
    return NULL;
}

dits_error *fs_make_dir(const char *path)
{
    if (mkdir(path, 0777) != 0)
        return error_errno(errno, "cannot make folder '%s'", path);
    return NULL;
}

static void free_text(char **text)
{
    mem_free(*text);
}

/* The folder that the first `length` letters name, with its parents. */
static dits_error *make_dirs(const char *path, size_t length)
{
    CLEANUP(free_text) char *part = mem_new_array(char, length + 1);
    if (part == NULL)
        return error_nomem();
    memcpy(part, path, length);

    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        char end = part[i];
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return error_errno(errno, "cannot make folder '%s'", part);
        part[i] = end;
    }
    return NULL;
}

dits_error *fs_make_dirs(const char *path)
{
    return make_dirs(path, strlen(path));
}

dits_error *fs_make_parents(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? NULL : make_dirs(path, (size_t)(slash - path));
}

static void close_dir(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

dits_error *fs_list(const char *path, fs_list_fn *fn, void *payload)
{
    CLEANUP(close_dir) DIR *dir = opendir(path);
    if (dir == NULL)
        return error_errno(errno, "cannot list folder '%s'", path);

    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL && errno != 0)
            return error_errno(errno, "cannot list folder '%s'", path);
        if (entry == NULL)
            return NULL;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            TRY(fn(entry->d_name, payload));
    }
}

dits_error *fs_read_all(const char *path, size_t max, struct buf *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    TRY(fs_open(path, FS_READ, &file));
    TRY_CONTEXT(fs_stat_file(&file, &stat), "cannot read '%s'", path);
    if (stat.kind != FS_REGULAR)
        return error_new(DITS_E_INVALID, "'%s' is not a file", path);
    if (stat.size > max)
        return error_new(DITS_E_LIMIT, "'%s' is larger than %zu bytes", path,
                         max);

    void *at = NULL;
    size_t got = 0;
    buf_clear(out);
    TRY(buf_extend(out, (size_t)stat.size, &at));
    TRY_CONTEXT(fs_read_some(&file, 0, (size_t)stat.size, at, &got),
                "cannot read '%s'", path);
    out->size = got;
    out->data[got] = 0;
    return NULL;
}

/* The folder that `path` lies in. */
static dits_error *parent_of(const char *path, char **out)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL   ? 0
                    : slash == path ? 1
                                    : (size_t)(slash - path);
    const char *from = length == 0 ? "." : path;
    length = length == 0 ? 1 : length;
    char *parent = mem_new_array(char, length + 1);
    if (parent == NULL)
        return error_nomem();
    memcpy(parent, from, length);
    *out = parent;
    return NULL;
}

static dits_error *write_durably(const char *path, enum fs_open how,
                                 const void *data, size_t size)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(fs_open(path, how, &file));
    TRY_CONTEXT(fs_write_at(&file, 0, data, size), "cannot write '%s'", path);
    TRY_CONTEXT(fs_sync(&file), "cannot write '%s'", path);
    return NULL;
}

static dits_error *replace(const char *path, enum fs_open how, const void *data,
                           size_t size)
{
    CLEANUP(free_text) char *parent = NULL;
    CLEANUP(buf_release) struct buf temporary = {0};
    TRY(parent_of(path, &parent));
    TRY(buf_printf(&temporary, "%s.%08x.new", path, random_u32()));

    dits_error *err = write_durably(buf_text(&temporary), how, data, size);
    if (err == NULL)
        err = fs_rename(buf_text(&temporary), path);
    if (err != NULL) {
        (void)unlink(buf_text(&temporary));
        return err;
    }
    return fs_sync_dir(parent);
}

dits_error *fs_replace(const char *path, const void *data, size_t size)
{
    return replace(path, FS_CREATE_NEW, data, size);
}

dits_error *fs_replace_private(const char *path, const void *data, size_t size)
{
    return replace(path, FS_PRIVATE, data, size);
}

dits_error *fs_map(const struct fs_file *file, size_t size, const uint8_t **out)
{
    void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd_of(file), 0);
    if (map == MAP_FAILED)
        return error_errno(errno, "cannot map a file");
    *out = map;
    return NULL;
}

void fs_unmap(const uint8_t *map, size_t size)
{
    void *start = NULL;
    memcpy(&start, &map, sizeof(start)); /* munmap() knows no const */
    if (start != NULL)
        (void)munmap(start, size);
}

void fs_pause_ms(unsigned ms)
{
    struct timespec pause = {.tv_nsec = (long)ms * 1000000};
    (void)nanosleep(&pause, NULL);
}

dits_error *fs_room(const char *path, uint64_t *out_free, uint64_t *out_total)
{
    struct statvfs room = {0};
    if (statvfs(path, &room) != 0)
        return error_errno(errno, "cannot tell the room at '%s'", path);
    uint64_t used = (uint64_t)(room.f_blocks - room.f_bfree);
    *out_free = (uint64_t)room.f_bavail * room.f_frsize;
    *out_total = *out_free + used * room.f_frsize;
    return NULL;
}

dits_error *fs_lock(const char *path, enum fs_lock how, unsigned patience_ms,
                    struct fs_file *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(fs_open(path, FS_WRITE, &file));

    int operation = how == FS_LOCK_SHARED ? LOCK_SH : LOCK_EX;
    for (unsigned waited = 0;; waited += LOCK_POLL_MS) {
        if (flock(fd_of(&file), operation | LOCK_NB) == 0)
            break;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return error_errno(errno, "cannot lock '%s'", path);
        if (waited >= patience_ms)
            return error_new(DITS_E_LOCKED, "'%s' is locked", path);
        fs_pause_ms(LOCK_POLL_MS);
    }
    *out = MOVE(file);
    return NULL;
}

dits_error *fs_real_path(const char *path, char **out)
{
    char found[PATH_MAX];
    if (realpath(path, found) == NULL)
        return error_errno(errno, "cannot find '%s'", path);
    size_t size = strlen(found) + 1;
    char *copy = mem_new_array(char, size);
    if (copy == NULL)
        return error_nomem();
    memcpy(copy, found, size);
    *out = copy;
    return NULL;
}

dits_error *fs_join(const char *folder, const char *name, char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/%s", folder, name));
    return buf_take_text(&path, out);
}
