#include "ditsd/stop.h"

#include <pthread.h>
#include <signal.h>

static void told_with(sigset_t *out)
{
    sigemptyset(out);
    sigaddset(out, SIGINT);
    sigaddset(out, SIGTERM);
    sigaddset(out, SIGHUP);
}

dits_error *stop_begin(void)
{
    sigset_t set;
    told_with(&set);
    int errnum = pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    return errnum == 0 ? NULL : error_errno(errnum, "cannot wait for signals");
}

enum stop_told stop_wait(void)
{
    sigset_t set;
    int number = 0;
    told_with(&set);
    while (sigwait(&set, &number) != 0)
        continue;
    return number == SIGHUP ? STOP_RELOAD : STOP_END;
}

void stop_release(void)
{
    sigset_t set;
    told_with(&set);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
