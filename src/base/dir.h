/*
 * base/dir.h - the folders and files that a user works on
 *
 * Everything is named relative to an open folder and reached one part at a
 * time, never through a symlink: whatever a hostile repository holds, and
 * whoever swaps a folder for a symlink meanwhile, what is read and written
 * lies below the folder that was opened first. Paths have no length limit.
 *
 * Paths are parts joined by '/'. A part that is empty, "." or ".." is INVALID.
 * `name` is a single part. The platform's code is dir_posix.c.
 */
#ifndef BASE_DIR_H
#define BASE_DIR_H

#include "base/fs.h"

/* An open folder. Closed is the zero value. */
struct dir {
    int handle; /* descriptor + 1 */
};

/* `path` is a path of the system; symlinks in it are followed. */
MUST_USE dits_error *dir_open(const char *path, struct dir *out);
void dir_close(struct dir *dir);

/*
 * The folder at `path` below `dir`; "" is `dir` itself, opened anew. Absence is
 * an answer, and so is a file or a symlink on the way.
 */
MUST_USE dits_error *dir_open_below(const struct dir *dir, const char *path,
                                    struct dir *out, bool *out_found);

/* The same, making folders that are missing. EXISTS: a file in the way. */
MUST_USE dits_error *dir_make_below(const struct dir *dir, const char *path,
                                    struct dir *out);

/* `name` is borrowed. */
typedef dits_error *dir_list_fn(const char *name, enum fs_kind kind,
                                void *payload);

/* In no particular order, without "." and "..". */
MUST_USE dits_error *dir_list(const struct dir *dir, dir_list_fn *fn,
                              void *payload);

/* Of a symlink itself. Absence is an answer. */
MUST_USE dits_error *dir_stat(const struct dir *dir, const char *name,
                              struct fs_stat *out, bool *out_found);

/* Of the open folder itself. */
MUST_USE dits_error *dir_stat_self(const struct dir *dir, struct fs_stat *out);

/*
 * Whether it lies on a file system that this system alone changes, and keeps
 * the times of by its own clock: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs.
 */
bool dir_is_local(const struct dir *dir);

/*
 * For reading. Never waits; CONFLICT when it is not a regular file. `out_stat`
 * (NULL allowed) is of the file that was opened.
 */
MUST_USE dits_error *dir_open_file(const struct dir *dir, const char *name,
                                   struct fs_file *out,
                                   struct fs_stat *out_stat);

/* Where a symlink leads, in place of what `out` held. */
MUST_USE dits_error *dir_read_symlink(const struct dir *dir, const char *name,
                                      struct buf *out);

/* EXISTS when the name is taken. */
MUST_USE dits_error *dir_make_symlink(const struct dir *dir, const char *name,
                                      const char *target);

/*
 * A new, empty file that has no name yet. It appears whole, under its name, by
 * dir_publish(); closing it before leaves nothing behind.
 */
struct dir_new_file {
    struct fs_file file;
    char temporary[24]; /* its name meanwhile; "" where it has none */
};

MUST_USE dits_error *dir_create(const struct dir *dir, bool executable,
                                struct dir_new_file *out);

/*
 * In one step, and with `replace` in place of a file or symlink of that name.
 * Closes the file. EXISTS when the name is taken and may not be replaced.
 */
MUST_USE dits_error *dir_publish(const struct dir *dir,
                                 struct dir_new_file *file, const char *name,
                                 bool replace, struct fs_stat *out_stat);

/* For the file that is not published: remove and close it. */
void dir_discard(const struct dir *dir, struct dir_new_file *file);

/* EXISTS: not empty. Absence is no error. */
MUST_USE dits_error *dir_remove_folder(const struct dir *dir, const char *name);
MUST_USE dits_error *dir_remove_file(const struct dir *dir, const char *name);

/* Atomic; replaces a file, or an empty folder by a folder. */
MUST_USE dits_error *dir_rename(const struct dir *from_dir, const char *from,
                                const struct dir *to_dir, const char *to);

MUST_USE dits_error *dir_set_executable(const struct dir *dir, const char *name,
                                        bool executable);

/*
 * A place in a tree that moves from folder to folder, so that many files of
 * one folder cost one walk to it. One thread.
 */
struct dir_place {
    const struct dir *root; /* borrowed */
    struct dir dir;         /* open at `path`, or closed */
    struct buf path;
    struct buf absent; /* "/" and the path last found to be absent, or empty */
};

/*
 * Go to the folder at `path`; on absence the place is nowhere, and remembers
 * it: asked for the same folder again, it does not look.
 */
MUST_USE dits_error *dir_place_enter(struct dir_place *place, const char *path,
                                     size_t length, bool *out_found);

/* The same, making folders that are missing. */
MUST_USE dits_error *dir_place_make(struct dir_place *place, const char *path,
                                    size_t length);

/* Forget the open folder, as after removing it. */
void dir_place_leave(struct dir_place *place);
void dir_place_release(struct dir_place *place);

#endif
