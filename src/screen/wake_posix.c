#include "screen/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/mem.h"

struct wake {
    pthread_t thread;
    int ends[2]; /* of a pipe */
    atomic_bool is_stopping;
};

/* SIGUSR2 is ours: it ends the thread. */
static void watched(sigset_t *out)
{
    static const int numbers[] = {SIGWINCH, SIGTSTP, SIGINT,
                                  SIGTERM,  SIGHUP,  SIGUSR2};
    sigemptyset(out);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaddset(out, numbers[i]);
}

static unsigned char kind_of(int number)
{
    return number == SIGWINCH  ? WAKE_RESIZED
           : number == SIGTSTP ? WAKE_SUSPENDED
                               : WAKE_ENDED;
}

static void *watch(void *payload)
{
    struct wake *wake = payload;
    sigset_t set;
    watched(&set);
    for (;;) {
        int number = 0;
        if (sigwait(&set, &number) != 0)
            continue;
        if (number == SIGUSR2 && atomic_load(&wake->is_stopping))
            return NULL;
        unsigned char kind = kind_of(number);
        /* A full pipe has enough in it to wake anybody. */
        if (number != SIGUSR2 && write(wake->ends[1], &kind, 1) < 0)
            continue;
    }
}

dits_error *wake_start(struct wake **out)
{
    struct wake *wake = mem_new(struct wake);
    if (wake == NULL)
        return error_nomem();
    if (pipe2(wake->ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        int errnum = errno;
        mem_free(wake);
        return error_errno(errnum, "cannot make a pipe");
    }
    sigset_t set;
    watched(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    int errnum = pthread_create(&wake->thread, NULL, watch, wake);
    if (errnum != 0) {
        (void)close(wake->ends[0]);
        (void)close(wake->ends[1]);
        mem_free(wake);
        return error_errno(errnum, "cannot start a thread");
    }
    *out = wake;
    return NULL;
}

void wake_stop(struct wake *wake)
{
    if (wake == NULL)
        return;
    atomic_store(&wake->is_stopping, true);
    (void)pthread_kill(wake->thread, SIGUSR2);
    (void)pthread_join(wake->thread, NULL);
    (void)close(wake->ends[0]);
    (void)close(wake->ends[1]);
    mem_free(wake);
}

void wake_stopp(struct wake **wake)
{
    wake_stop(*wake);
    *wake = NULL;
}

int wake_fd(const struct wake *wake)
{
    return wake->ends[0];
}

enum wake_kind wake_take(struct wake *wake)
{
    unsigned char kind = WAKE_NOTHING;
    return read(wake->ends[0], &kind, 1) == 1 ? (enum wake_kind)kind
                                              : WAKE_NOTHING;
}
