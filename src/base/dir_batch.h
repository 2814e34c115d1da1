/*
 * base/dir_batch.h - reading many small files of one folder in one go
 *
 * Opening, reading and closing a small file costs three system calls, which
 * take longer than copying its bytes. Where the kernel has io_uring, a batch of
 * files costs one. The platform's code is dir_batch_uring.c; where that is not
 * built, or the kernel refuses, there is no batch, and one reads file by file.
 */
#ifndef BASE_DIR_BATCH_H
#define BASE_DIR_BATCH_H

#include "base/dir.h"

enum {
    DIR_BATCH_FILES = 64,         /* at most, at a time */
    DIR_BATCH_BYTES = 1024 * 1024 /* of all of them together */
};

/* Of one thread. */
struct dir_batch;

/* `*out` is NULL where this system has nothing better than file by file. */
MUST_USE dits_error *dir_batch_new(struct dir_batch **out);
void dir_batch_free(struct dir_batch *batch);

struct dir_batch_file {
    const char *name; /* borrowed */
    size_t size;      /* bytes to read from its start: at least 1 */
    /*
     * So many bytes, until the batch is used again. NULL: they could not be
     * read, for a reason that dir_open_file() or fs_read_at() will tell.
     */
    const uint8_t *bytes;
};

/*
 * Read the start of each file. Symlinks are not followed, and nothing is waited
 * for, as in dir_open_file(); whether the file is a regular one is not asked.
 * More files or bytes than a batch holds are INVALID.
 */
MUST_USE dits_error *dir_batch_read(struct dir_batch *batch,
                                    const struct dir *dir,
                                    struct dir_batch_file *files, size_t count);

#endif
