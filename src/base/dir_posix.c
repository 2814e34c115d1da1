#include "base/dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/random.h"
#include "base/stat_posix.h"

enum {
    OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
    NAME_ROOM = 256, /* NAME_MAX and a NUL */
};

static int fd_of(const struct dir *dir)
{
    return dir->handle - 1;
}

/* What open() and stat() say when there is no such file, in all its ways. */
static bool is_absence(int errnum)
{
    return errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP;
}

dits_error *dir_open(const char *path, struct dir *out)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(errno, "cannot open folder '%s'", path);
    out->handle = fd + 1;
    return NULL;
}

void dir_close(struct dir *dir)
{
    if (dir->handle != 0)
        (void)close(fd_of(dir));
    dir->handle = 0;
}

/*
 * The next part of `*path`, copied to `out`; `*path` moves behind it and its
 * slash.
 */
static dits_error *next_part(const char **path, char out[NAME_ROOM])
{
    size_t length = strcspn(*path, "/");
    if (length >= NAME_ROOM)
        return error_new(DITS_E_LIMIT, "the name '%.40s…' is too long", *path);
    memcpy(out, *path, length);
    out[length] = '\0';
    if (length == 0 || strcmp(out, ".") == 0 || strcmp(out, "..") == 0)
        return error_new(DITS_E_INVALID, "'%s' cannot be part of a path", out);
    *path += length + ((*path)[length] == '/');
    return NULL;
}

/* One step down. `*out_found` false: nothing there that can be entered. */
static dits_error *step(const struct dir *from, const char *name, bool make,
                        struct dir *out, bool *out_found)
{
    int fd = openat(fd_of(from), name, OPEN_FOLDER);
    if (fd < 0 && errno == ENOENT && make) {
        if (mkdirat(fd_of(from), name, 0777) != 0 && errno != EEXIST)
            return error_errno(errno, "cannot make folder '%s'", name);
        fd = openat(fd_of(from), name, OPEN_FOLDER);
    }
    *out_found = fd >= 0;
    if (fd < 0 && make && is_absence(errno))
        return error_new(DITS_E_EXISTS, "'%s' is not a folder", name);
    if (fd < 0 && !is_absence(errno))
        return error_errno(errno, "cannot open folder '%s'", name);
    dir_close(out);
    out->handle = fd + 1;
    return NULL;
}

static dits_error *walk_down(const struct dir *dir, const char *path, bool make,
                             struct dir *out, bool *out_found)
{
    CLEANUP(dir_close) struct dir at = {0};
    if (*path == '\0') {
        int fd = fcntl(fd_of(dir), F_DUPFD_CLOEXEC, 0);
        if (fd < 0)
            return error_errno(errno, "cannot open a folder");
        at.handle = fd + 1;
    }
    *out_found = true;
    while (*path != '\0' && *out_found) {
        char name[NAME_ROOM];
        TRY(next_part(&path, name));
        TRY(step(at.handle != 0 ? &at : dir, name, make, &at, out_found));
    }
    if (*out_found)
        *out = MOVE(at);
    return NULL;
}

dits_error *dir_open_below(const struct dir *dir, const char *path,
                           struct dir *out, bool *out_found)
{
    return walk_down(dir, path, false, out, out_found);
}

dits_error *dir_make_below(const struct dir *dir, const char *path,
                           struct dir *out)
{
    bool found = false;
    return walk_down(dir, path, true, out, &found);
}

static enum fs_kind kind_of(unsigned char type)
{
    switch (type) {
    case DT_REG:
        return FS_REGULAR;
    case DT_DIR:
        return FS_FOLDER;
    case DT_LNK:
        return FS_SYMLINK;
    default:
        return FS_OTHER;
    }
}

/* Some file systems do not tell the kind with the name. */
static dits_error *tell_entry(const struct dir *dir,
                              const struct dirent64 *entry, dir_list_fn *fn,
                              void *payload)
{
    struct fs_stat stat = {.kind = kind_of(entry->d_type)};
    bool found = true;
    if (entry->d_type == DT_UNKNOWN)
        TRY(dir_stat(dir, entry->d_name, &stat, &found));
    return found ? fn(entry->d_name, stat.kind, payload) : NULL;
}

/* Every entry of what getdents64() gave. */
static dits_error *tell_entries(const struct dir *dir, struct slice bytes,
                                dir_list_fn *fn, void *payload)
{
    for (size_t at = 0; at < bytes.size;) {
        const struct dirent64 *entry = (const void *)(bytes.data + at);
        const char *name = entry->d_name;
        at += entry->d_reclen;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            TRY(tell_entry(dir, entry, fn, payload));
    }
    return NULL;
}

static void free_bytes(char **bytes)
{
    mem_free(*bytes);
}

/* Not readdir(), which would open the folder once more. */
dits_error *dir_list(const struct dir *dir, dir_list_fn *fn, void *payload)
{
    enum { ROOM = 32 * 1024 };
    CLEANUP(free_bytes) char *bytes = mem_new_array(char, ROOM);
    if (bytes == NULL)
        return error_nomem();
    if (lseek(fd_of(dir), 0, SEEK_SET) < 0)
        return error_errno(errno, "cannot list a folder");
    for (;;) {
        ssize_t size = getdents64(fd_of(dir), bytes, ROOM);
        if (size < 0)
            return error_errno(errno, "cannot list a folder");
        if (size == 0)
            return NULL;
        TRY(tell_entries(dir, slice_of(bytes, (size_t)size), fn, payload));
    }
}

dits_error *dir_stat(const struct dir *dir, const char *name,
                     struct fs_stat *out, bool *out_found)
{
    struct stat st;
    *out_found = fstatat(fd_of(dir), name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    if (*out_found)
        *out = fs_stat_from(&st);
    else if (!is_absence(errno))
        return error_errno(errno, "cannot look at '%s'", name);
    return NULL;
}

dits_error *dir_stat_self(const struct dir *dir, struct fs_stat *out)
{
    struct stat st;
    if (fstat(fd_of(dir), &st) != 0)
        return error_errno(errno, "cannot look at a folder");
    *out = fs_stat_from(&st);
    return NULL;
}

bool dir_is_local(const struct dir *dir)
{
    struct statfs about;
    if (fstatfs(fd_of(dir), &about) != 0)
        return false;
    switch ((unsigned long)about.f_type) {
    case EXT4_SUPER_MAGIC: /* and ext2, ext3 */
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case TMPFS_MAGIC:
        return true;
    default:
        return false;
    }
}

dits_error *dir_open_file(const struct dir *dir, const char *name,
                          struct fs_file *out, struct fs_stat *out_stat)
{
    /* O_NONBLOCK: a pipe in the file's place must not make us wait. */
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    int fd = openat(fd_of(dir), name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ELOOP)
        return error_new(DITS_E_CONFLICT, "'%s' is not a regular file", name);
    if (fd < 0)
        return error_errno(errno, "cannot open '%s'", name);
    file.handle = fd + 1;
    TRY(fs_stat_file(&file, &stat));
    if (stat.kind != FS_REGULAR)
        return error_new(DITS_E_CONFLICT, "'%s' is not a regular file", name);
    if (out_stat != NULL)
        *out_stat = stat;
    *out = MOVE(file);
    return NULL;
}

dits_error *dir_read_symlink(const struct dir *dir, const char *name,
                             struct buf *out)
{
    enum { TARGET_MAX = 64 * 1024 };
    for (size_t room = 256; room <= TARGET_MAX; room *= 4) {
        void *at = NULL;
        buf_clear(out);
        TRY(buf_extend(out, room, &at));
        ssize_t got = readlinkat(fd_of(dir), name, at, room);
        if (got < 0)
            return error_errno(errno, "cannot read symlink '%s'", name);
        if ((size_t)got < room) {
            out->size = (size_t)got;
            out->data[got] = 0;
            return NULL;
        }
    }
    return error_new(DITS_E_LIMIT, "the symlink '%s' is too long", name);
}

dits_error *dir_make_symlink(const struct dir *dir, const char *name,
                             const char *target)
{
    if (symlinkat(target, fd_of(dir), name) != 0)
        return error_errno(errno, "cannot make symlink '%s'", name);
    return NULL;
}

static void name_temporary(char out[24])
{
    (void)snprintf(out, 24, ".dits-%08x%08x", random_u32(), random_u32());
}

dits_error *dir_create(const struct dir *dir, bool executable,
                       struct dir_new_file *out)
{
    mode_t mode = executable ? 0777 : 0666;
    *out = (struct dir_new_file){0};
    int fd = openat(fd_of(dir), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL ||
                   errno == ENOENT)) {
        name_temporary(out->temporary);
        fd = openat(fd_of(dir), out->temporary,
                    O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
    }
    if (fd < 0)
        return error_errno(errno, "cannot make a file");
    out->file.handle = fd + 1;
    return NULL;
}

/* Give the unnamed file a name that is free, without replacing anything. */
static bool link_as(const struct dir *dir, const struct dir_new_file *file,
                    const char *name)
{
    int fd = file->file.handle - 1;
    if (linkat(fd, "", fd_of(dir), name, AT_EMPTY_PATH) == 0)
        return true;
    if (errno == EEXIST)
        return false;

    /* By descriptor only root may; by way of /proc everybody. */
    char path[32];
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, path, fd_of(dir), name, AT_SYMLINK_FOLLOW) == 0;
}

/* Put a name to the file, in place of what has it. */
static bool take_name(const struct dir *dir, struct dir_new_file *file,
                      const char *name)
{
    if (file->temporary[0] == '\0') {
        char temporary[24];
        name_temporary(temporary);
        if (!link_as(dir, file, temporary))
            return false;
        memcpy(file->temporary, temporary, sizeof(temporary));
    }
    return renameat(fd_of(dir), file->temporary, fd_of(dir), name) == 0;
}

/* The same for a name that must be free. */
static bool take_free_name(const struct dir *dir,
                           const struct dir_new_file *file, const char *name)
{
    if (file->temporary[0] == '\0')
        return link_as(dir, file, name);
    return renameat2(fd_of(dir), file->temporary, fd_of(dir), name,
                     RENAME_NOREPLACE) == 0;
}

dits_error *dir_publish(const struct dir *dir, struct dir_new_file *file,
                        const char *name, bool replace,
                        struct fs_stat *out_stat)
{
    bool done = replace ? take_name(dir, file, name)
                        : take_free_name(dir, file, name);
    if (!done)
        return error_errno(errno, "cannot give '%s' its name", name);
    file->temporary[0] = '\0';
    TRY(fs_stat_file(&file->file, out_stat));
    fs_close(&file->file);
    return NULL;
}

void dir_discard(const struct dir *dir, struct dir_new_file *file)
{
    if (file->temporary[0] != '\0')
        (void)unlinkat(fd_of(dir), file->temporary, 0);
    file->temporary[0] = '\0';
    fs_close(&file->file);
}

dits_error *dir_remove_folder(const struct dir *dir, const char *name)
{
    if (unlinkat(fd_of(dir), name, AT_REMOVEDIR) == 0 || is_absence(errno))
        return NULL;
    if (errno == ENOTEMPTY)
        return error_new(DITS_E_EXISTS, "folder '%s' is not empty", name);
    return error_errno(errno, "cannot remove folder '%s'", name);
}

dits_error *dir_remove_file(const struct dir *dir, const char *name)
{
    if (unlinkat(fd_of(dir), name, 0) != 0 && !is_absence(errno))
        return error_errno(errno, "cannot remove '%s'", name);
    return NULL;
}

dits_error *dir_rename(const struct dir *from_dir, const char *from,
                       const struct dir *to_dir, const char *to)
{
    if (renameat(fd_of(from_dir), from, fd_of(to_dir), to) != 0)
        return error_errno(errno, "cannot rename '%s' to '%s'", from, to);
    return NULL;
}

/* Who may read may execute, as a new file of that kind would have it. */
static mode_t with_executable(mode_t mode, bool executable)
{
    mode &= 07777;
    return executable ? mode | ((mode & 0444) >> 2) : mode & ~(mode_t)0111;
}

dits_error *dir_set_executable(const struct dir *dir, const char *name,
                               bool executable)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct stat st;
    TRY(dir_open_file(dir, name, &file, NULL));
    int fd = file.handle - 1;
    if (fstat(fd, &st) != 0 ||
        fchmod(fd, with_executable(st.st_mode, executable)) != 0)
        return error_errno(errno, "cannot set the mode of '%s'", name);
    return NULL;
}
