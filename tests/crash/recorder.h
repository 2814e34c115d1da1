/*
 * tests/crash/recorder.h - what the recorder's wrapped calls share
 *
 * Preloaded into a program, the recorder writes down every call that changes
 * files below one folder, with its data, in the order in which they happened.
 * It can also let one call fail. Its orders come from the environment:
 *
 *     DITS_CRASH_ROOT         the folder, absolute, without symbolic links
 *     DITS_CRASH_LOG          the file to append to; without it, no record
 *     DITS_CRASH_IGNORE_SYNC  syncs do nothing and are not recorded
 *     DITS_CRASH_FAIL         which counted call fails: 1 is the first
 *     DITS_CRASH_ERRNO        how: an errno, or 0 for a short read or write
 *
 * A record is a struct record_head, then the two paths and the data.
 */
#ifndef CRASH_RECORDER_H
#define CRASH_RECORDER_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

enum record_kind {
    RECORD_OPEN = 'O',  /* path, id; mode if created */
    RECORD_WRITE = 'W', /* id, offset, data */
    RECORD_TRUNCATE = 'T',
    RECORD_ZERO = 'Z',   /* id, offset, size: a punched or zeroed range */
    RECORD_EXTEND = 'E', /* id, size: a file grown by fallocate */
    RECORD_SYNC = 'S',   /* id */
    RECORD_SYNC_DIR = 'D',
    RECORD_RENAME = 'R',
    RECORD_EXCHANGE = 'X',
    RECORD_LINK = 'L', /* path, id */
    RECORD_SYMLINK = 'Y',
    RECORD_UNLINK = 'U',
    RECORD_MKDIR = 'M',
    RECORD_RMDIR = 'Q',
    RECORD_MODE = 'C',  /* id, mode */
    RECORD_FAULT = 'F', /* path: the name of the call that failed */
};

struct record_head {
    uint8_t kind;
    uint8_t created;
    uint16_t mode;
    uint32_t path_size;
    uint32_t other_size;
    uint32_t data_size;
    uint64_t id; /* the inode */
    uint64_t offset;
};

struct record {
    enum record_kind kind;
    bool created;
    mode_t mode;
    const char *path;
    const char *other;
    const void *data;
    size_t data_size;
    uint64_t id;
    uint64_t offset;
};

#define PATH_SIZE 4096

/* Absolute path of `path` as seen from `dirfd`; false if not below the root. */
bool recorder_path(int dirfd, const char *path, char out[PATH_SIZE]);

/* The same for an open file. */
bool recorder_fd_path(int fd, char out[PATH_SIZE]);

/* Between these, no other thread's call comes in between. */
void recorder_lock(void);
void recorder_unlock(void);

/* Appends to the log, if there is one. */
void recorder_put(const struct record *record);

bool recorder_ignores_syncs(void);

/*
 * Counts one call. True if it is the one to fail: errno is set, and *is_short
 * tells that half of it should be done instead (NULL: it cannot be halved).
 */
bool recorder_fails(const char *name, bool *is_short);

/* The next definition of the function that is being wrapped. */
#define NEXT(name)                               \
    __extension__({                              \
        __typeof__(&name) next_ = NULL;          \
        void *symbol_ = dlsym(RTLD_NEXT, #name); \
        memcpy(&next_, &symbol_, sizeof(next_)); \
        next_;                                   \
    })

#endif
