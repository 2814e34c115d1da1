#include "cli/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/mem.h"

struct signals {
    dits_context *context;
    pthread_t thread;
    atomic_int caught;
    atomic_bool is_paused;
    atomic_bool is_stopping;
};

/* SIGUSR2 is ours: it ends the thread. */
static void watched(sigset_t *out)
{
    sigemptyset(out);
    sigaddset(out, SIGINT);
    sigaddset(out, SIGTERM);
    sigaddset(out, SIGHUP);
    sigaddset(out, SIGUSR2);
}

static void die_of(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    (void)signal(number, SIG_DFL);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    (void)raise(number);
}

static void *watch(void *payload)
{
    struct signals *signals = payload;
    sigset_t set;
    watched(&set);
    for (;;) {
        int number = 0;
        if (sigwait(&set, &number) != 0 || number == SIGUSR2) {
            if (atomic_load(&signals->is_stopping))
                return NULL;
            continue;
        }
        if (number == SIGINT && atomic_load(&signals->is_paused))
            continue;
        if (atomic_exchange(&signals->caught, number) != 0)
            die_of(number);
        dits_context_cancel(signals->context);
    }
}

dits_error *signals_start(dits_context *context, struct signals **out)
{
    struct signals *signals = mem_new(struct signals);
    if (signals == NULL)
        return error_nomem();
    signals->context = context;

    /* Threads inherit the mask: only the watcher ever sees these. */
    sigset_t set;
    watched(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    int errnum = pthread_create(&signals->thread, NULL, watch, signals);
    if (errnum != 0) {
        mem_free(signals);
        signals_reset_child();
        return error_errno(errnum, "cannot start a thread");
    }
    *out = signals;
    return NULL;
}

int signals_caught(const struct signals *signals)
{
    return signals != NULL ? atomic_load(&signals->caught) : 0;
}

void signals_pause(struct signals *signals)
{
    if (signals != NULL)
        atomic_store(&signals->is_paused, true);
}

void signals_resume(struct signals *signals)
{
    if (signals != NULL)
        atomic_store(&signals->is_paused, false);
}

void signals_reset_child(void)
{
    sigset_t none;
    sigemptyset(&none);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)pthread_sigmask(SIG_SETMASK, &none, NULL);
}

void signals_stop(struct signals *signals)
{
    if (signals == NULL)
        return;
    atomic_store(&signals->is_stopping, true);
    (void)pthread_kill(signals->thread, SIGUSR2);
    (void)pthread_join(signals->thread, NULL);
    mem_free(signals);
}

void signals_stopp(struct signals **signals)
{
    signals_stop(*signals);
    *signals = NULL;
}
