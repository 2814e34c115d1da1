#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
    pthread_mutex_t mutex;
    const char *root;
    size_t root_size;
    int log;
    bool ignores_syncs;
    long fail_at;
    int fail_errno;
    long count; /* guarded by mutex */
} recorder = {.mutex = PTHREAD_MUTEX_INITIALIZER, .log = -1};

__attribute__((constructor)) static void recorder_start(void)
{
    const char *root = getenv("DITS_CRASH_ROOT");
    const char *log = getenv("DITS_CRASH_LOG");
    const char *fail = getenv("DITS_CRASH_FAIL");
    const char *error = getenv("DITS_CRASH_ERRNO");
    if (root == NULL)
        return;
    recorder.root = root;
    recorder.root_size = strlen(root);
    recorder.ignores_syncs = getenv("DITS_CRASH_IGNORE_SYNC") != NULL;
    recorder.fail_at = fail != NULL ? strtol(fail, NULL, 10) : 0;
    recorder.fail_errno = error != NULL ? (int)strtol(error, NULL, 10) : EIO;
    if (log != NULL)
        recorder.log = (int)syscall(SYS_openat, AT_FDCWD, log,
                                    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
                                    0666);
}

static bool is_below_root(const char *path)
{
    return recorder.root != NULL &&
           strncmp(path, recorder.root, recorder.root_size) == 0 &&
           (path[recorder.root_size] == '/' ||
            path[recorder.root_size] == '\0');
}

/* Takes out `.`, `..` and double slashes, in place. */
static void normalise(char *path)
{
    char *out = path;
    for (char *part = path; *part != '\0';) {
        size_t size = strcspn(part + 1, "/") + 1;
        char *next = part + size;
        if (size == 3 && strncmp(part, "/..", 3) == 0) {
            while (out > path && *--out != '/')
                continue;
        } else if (size > 1 && !(size == 2 && part[1] == '.')) {
            memmove(out, part, size);
            out += size;
        }
        part = next;
    }
    *out = '\0';
}

bool recorder_path(int dirfd, const char *path, char out[PATH_SIZE])
{
    char base[PATH_SIZE] = {0};
    if (recorder.root == NULL)
        return false;
    if (path[0] == '/')
        (void)snprintf(out, PATH_SIZE, "%s", path);
    else if (dirfd == AT_FDCWD && getcwd(base, sizeof(base)) != NULL)
        (void)snprintf(out, PATH_SIZE, "%s/%.2000s", base, path);
    else if (recorder_fd_path(dirfd, base))
        (void)snprintf(out, PATH_SIZE, "%s/%.2000s", base, path);
    else
        return false;
    normalise(out);
    return is_below_root(out);
}

bool recorder_fd_path(int fd, char out[PATH_SIZE])
{
    char name[64] = {0};
    if (recorder.root == NULL)
        return false;
    (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    ssize_t size = readlink(name, out, PATH_SIZE - 1);
    out[size < 0 ? 0 : size] = '\0';
    return size > 0 && is_below_root(out);
}

void recorder_lock(void)
{
    (void)pthread_mutex_lock(&recorder.mutex);
}

void recorder_unlock(void)
{
    (void)pthread_mutex_unlock(&recorder.mutex);
}

bool recorder_ignores_syncs(void)
{
    return recorder.ignores_syncs;
}

static size_t text_size(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

void recorder_put(const struct record *record)
{
    struct record_head head = {
        .kind = (uint8_t)record->kind,
        .created = record->created,
        .mode = (uint16_t)record->mode,
        .path_size = (uint32_t)text_size(record->path),
        .other_size = (uint32_t)text_size(record->other),
        .data_size = (uint32_t)record->data_size,
        .id = record->id,
        .offset = record->offset,
    };
    struct {
        const void *data;
        size_t size;
    } parts[] = {
        {&head, sizeof(head)},
        {record->path, head.path_size},
        {record->other, head.other_size},
        {record->data, head.data_size},
    };
    int error = errno;
    for (size_t i = 0; recorder.log >= 0 && i < 4; i++) {
        for (size_t done = 0; done < parts[i].size;) {
            long put = syscall(SYS_write, recorder.log,
                               (const char *)parts[i].data + done,
                               parts[i].size - done);
            if (put <= 0)
                abort(); /* a record with a hole would prove nothing */
            done += (size_t)put;
        }
    }
    errno = error;
}

bool recorder_fails(const char *name, bool *is_short)
{
    if (recorder.fail_at == 0)
        return false;
    recorder_lock();
    bool fails = ++recorder.count == recorder.fail_at;
    if (fails)
        recorder_put(&(struct record){.kind = RECORD_FAULT, .path = name});
    recorder_unlock();
    if (!fails)
        return false;
    if (recorder.fail_errno == 0) {
        if (is_short == NULL)
            return false;
        *is_short = true;
    }
    errno = recorder.fail_errno;
    return true;
}
