/*
 * Preloaded into a command: it stops itself (SIGSTOP) as it is about to take
 * the work lock for the first time. Whoever started it lets another command
 * run from beginning to end and then sends SIGCONT: what was read before the
 * lock is out of date by then, each time and not only by chance.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Commands that it starts run as always. */
__attribute__((constructor)) static void only_here(void)
{
    (void)unsetenv("LD_PRELOAD");
}

static int is_work_lock(int fd)
{
    static const char name[] = "/work.lock";
    char link[64];
    char path[4096];
    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof(path));
    size_t end = sizeof(name) - 1;
    return length > (ssize_t)end && memcmp(path + length - end, name, end) == 0;
}

int flock(int fd, int operation)
{
    static atomic_flag stopped = ATOMIC_FLAG_INIT;
    int (*real)(int, int) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "flock");
    if ((operation & LOCK_EX) != 0 && is_work_lock(fd) &&
        !atomic_flag_test_and_set(&stopped))
        (void)raise(SIGSTOP);
    return real(fd, operation);
}
