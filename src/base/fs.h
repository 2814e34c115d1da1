/*
 * base/fs.h - the file system, as Dits' own files use it
 *
 * Everything under .dits goes through here. What a user keeps in the work tree
 * is read and written through base/dir.h, which never follows a symlink out of
 * the tree. The platform's code is fs_posix.c.
 *
 * Paths are bytes ending in NUL. Errors of all: IO, NOT_FOUND, EXISTS, DENIED,
 * LIMIT (the disk is full, a quota, a file too large), each with the path.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* An open file. Closed is the zero value. */
struct fs_file {
    int handle; /* descriptor + 1 */
};

enum fs_open {
    FS_READ,       /* must exist */
    FS_WRITE,      /* read and write; made when missing */
    FS_PRIVATE,    /* the same; what is made is for its owner alone */
    FS_CREATE_NEW, /* read and write; must not exist */
};

/* Offsets, sizes and memory of direct writes are multiples of this. */
#define FS_DIRECT_ALIGN 4096u

enum fs_kind { FS_REGULAR, FS_FOLDER, FS_SYMLINK, FS_OTHER };

struct fs_stat {
    enum fs_kind kind;
    bool executable; /* by its owner */
    uint64_t size;   /* bytes */
    int64_t mtime_ns;
    int64_t ctime_ns;
    uint64_t inode;
    uint64_t device;
    uint64_t links; /* names that it has */
};

/* Whether two looks at a file show that nobody changed it in between. */
static inline bool fs_stat_same(const struct fs_stat *a,
                                const struct fs_stat *b)
{
    return a->size == b->size && a->inode == b->inode &&
           a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

MUST_USE dits_error *fs_open(const char *path, enum fs_open how,
                             struct fs_file *out);

/* A file is closed without an answer: what must last was synced before. */
void fs_close(struct fs_file *file);

/* Exactly `size` bytes; CORRUPT when the file ends before. */
MUST_USE dits_error *fs_read_at(const struct fs_file *file, uint64_t offset,
                                size_t size, void *out);

/* Up to `size` bytes; fewer only at the end of the file. */
MUST_USE dits_error *fs_read_some(const struct fs_file *file, uint64_t offset,
                                  size_t size, void *out, size_t *out_size);
MUST_USE dits_error *fs_write_at(const struct fs_file *file, uint64_t offset,
                                 const void *data, size_t size);
/*
 * Write past the system's cache from now on, where the file system can: for
 * large files that are written once, in aligned pieces. fs_write_at() itself
 * goes back to the cache when the disk refuses.
 */
void fs_begin_direct(const struct fs_file *file);
void fs_end_direct(const struct fs_file *file);

/*
 * Let `to`, which is empty, have the bytes of `from` by sharing its blocks.
 * False: these file systems cannot, and nothing was changed.
 */
bool fs_share(const struct fs_file *to, const struct fs_file *from);

/*
 * Hint: the file will grow to `size` bytes. It may have that size at once (only
 * then direct writes run side by side), so fs_truncate() it in the end. False:
 * there is no such room, and nothing was taken.
 */
bool fs_reserve(const struct fs_file *file, uint64_t size);

/*
 * The first offset at or after `offset` where there may be anything but a
 * hole; UINT64_MAX when there is none.
 */
uint64_t fs_next_data(const struct fs_file *file, uint64_t offset);
MUST_USE dits_error *fs_truncate(const struct fs_file *file, uint64_t size);

/* Its owner's alone to read and to write. */
MUST_USE dits_error *fs_set_private(const struct fs_file *file);
MUST_USE dits_error *fs_is_private(const struct fs_file *file, bool *out);

/* Everything written, and the size, is durable afterwards. */
MUST_USE dits_error *fs_sync(const struct fs_file *file);

/* Names made, renamed or removed in the folder are durable afterwards. */
MUST_USE dits_error *fs_sync_dir(const char *path);

MUST_USE dits_error *fs_stat_file(const struct fs_file *file,
                                  struct fs_stat *out);

/* Of the symlink itself, where there is one. Errors: NOT_FOUND. */
MUST_USE dits_error *fs_stat_path(const char *path, struct fs_stat *out);

bool fs_exists(const char *path);

/* How many bytes there are for us on the disk that `path` lies on; and with
 * those that are in use. */
MUST_USE dits_error *fs_room(const char *path, uint64_t *out_free,
                             uint64_t *out_total);

/* Set when the file was last changed. Not durable. */
MUST_USE dits_error *fs_set_mtime(const char *path, int64_t mtime_ns);

/* Now, by the clock that gives files their times: it moves in small steps. */
int64_t fs_now_ns(void);
void fs_pause_ms(unsigned ms);

/* Atomic; replaces `to`. Durable only after fs_sync_dir() of the folder. */
MUST_USE dits_error *fs_rename(const char *from, const char *to);
MUST_USE dits_error *fs_remove(const char *path);
MUST_USE dits_error *fs_make_dir(const char *path);

/* With all parents; no error when it is there already. */
MUST_USE dits_error *fs_make_dirs(const char *path);

/* The folders that `path` lies in. */
MUST_USE dits_error *fs_make_parents(const char *path);

/* `name` is borrowed for the call; "." and ".." are left out. */
typedef dits_error *fs_list_fn(const char *name, void *payload);

/* In no particular order. */
MUST_USE dits_error *fs_list(const char *path, fs_list_fn *fn, void *payload);

/* The whole file, at most `max` bytes (else LIMIT), in place of `out`. */
MUST_USE dits_error *fs_read_all(const char *path, size_t max, struct buf *out);

/*
 * Replace the file durably and atomically: a crash leaves the old bytes or the
 * new ones.
 */
MUST_USE dits_error *fs_replace(const char *path, const void *data,
                                size_t size);

/* The same for a secret: nobody but its owner may read it, at any time. */
MUST_USE dits_error *fs_replace_private(const char *path, const void *data,
                                        size_t size);

/* Read-only memory of the first `size` bytes, which must not be 0. */
MUST_USE dits_error *fs_map(const struct fs_file *file, size_t size,
                            const uint8_t **out);
void fs_unmap(const uint8_t *map, size_t size);

enum fs_lock { FS_LOCK_SHARED, FS_LOCK_EXCLUSIVE };

/*
 * Lock the file at `path`, made when missing, until it is closed or the
 * process ends. Waits at most `wait_ms`. Errors: LOCKED.
 */
MUST_USE dits_error *fs_lock(const char *path, enum fs_lock how,
                             unsigned wait_ms, struct fs_file *out);

/* Absolute, with symlinks followed; `path` must exist. Free: mem_free(). */
MUST_USE dits_error *fs_real_path(const char *path, char **out);

/* Join two parts with a slash; free with mem_free(). */
MUST_USE dits_error *fs_join(const char *folder, const char *name, char **out);

#endif
