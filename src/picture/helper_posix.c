#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/spawn.h"
#include "picture/helper.h"

/* How often a wait looks whether it was cancelled, and for the end. */
enum { SLICE_MS = 100, END_MS = 1000, END_SLICE_MS = 5 };

static int fd_of(const struct helper *helper)
{
    return helper->handle - 1;
}

/* It talks through the socket, and nobody hears what it would print. */
static dits_error *start(const char *path, int socket, int64_t *out_process)
{
    static const char *const arguments[] = {"dits-decode", NULL};
    static const char *const environment[] = {NULL};
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nothing < 0)
        return error_errno(errno, "cannot open '/dev/null'");
    const struct spawn program = {
        .path = path,
        .arguments = arguments,
        .environment = environment,
        .files = {socket, nothing, nothing},
    };
    dits_error *err = spawn_start(&program, out_process);
    (void)close(nothing);
    return err;
}

dits_error *helper_start(const dits_context *context, const char *path,
                         uint64_t wait_ms, struct helper *out)
{
    int ends[2] = {-1, -1};
    int64_t process = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_errno(errno, "cannot make a socket");
    dits_error *err = start(path, ends[1], &process);
    (void)close(ends[1]);
    if (err != NULL) {
        (void)close(ends[0]);
        return err;
    }
    *out = (struct helper){context, process, ends[0] + 1, wait_ms};
    return NULL;
}

static int64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until the socket is ready; waiting is what counts, not working. */
static dits_error *wait_for(struct helper *helper, short events)
{
    struct pollfd waited = {.fd = fd_of(helper), .events = events};
    for (;;) {
        if (helper->context != NULL)
            TRY(context_check(helper->context));
        if (helper->wait_ms == 0)
            return error_new(DITS_E_LIMIT,
                             "the decoder did not answer in time");
        int64_t since = now_ms();
        int slice = helper->wait_ms < SLICE_MS ? (int)helper->wait_ms
                                               : SLICE_MS;
        int ready = poll(&waited, 1, slice);
        uint64_t spent = (uint64_t)(now_ms() - since);
        helper->wait_ms -= spent < helper->wait_ms ? spent : helper->wait_ms;
        if (ready > 0)
            return NULL;
        if (ready < 0 && errno != EINTR)
            return error_errno(errno, "cannot wait for the decoder");
    }
}

static dits_error *gone(void)
{
    return error_new(DITS_E_NETWORK, "the decoder ended");
}

/* What to do after a call that failed. */
static dits_error *after(struct helper *helper, short events)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return wait_for(helper, events);
    if (errno == EINTR)
        return NULL;
    if (errno == EPIPE || errno == ECONNRESET)
        return gone();
    return error_errno(errno, "cannot talk to the decoder");
}

dits_error *helper_send(struct helper *helper, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t put =
            send(fd_of(helper), at, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (put < 0) {
            TRY(after(helper, POLLOUT));
            continue;
        }
        at += put;
        size -= (size_t)put;
    }
    return NULL;
}

dits_error *helper_receive(struct helper *helper, size_t size, void *out)
{
    char *at = out;
    while (size > 0) {
        ssize_t got = recv(fd_of(helper), at, size, MSG_DONTWAIT);
        if (got == 0)
            return gone();
        if (got < 0) {
            TRY(after(helper, POLLIN));
            continue;
        }
        at += got;
        size -= (size_t)got;
    }
    return NULL;
}

static void hang_up(struct helper *helper)
{
    if (helper->handle != 0)
        (void)close(fd_of(helper));
    helper->handle = 0;
}

/* `options` as of waitpid(). False: it runs on. */
static bool reap(struct helper *helper, int options, int *out_status)
{
    pid_t found = 0;
    do {
        found = waitpid((pid_t)helper->process, out_status, options);
    } while (found < 0 && errno == EINTR);
    if (found == 0)
        return false;
    if (found < 0)
        *out_status = 0; /* somebody else took it: nothing is known */
    helper->process = 0;
    return true;
}

static enum helper_fate fate_of(int status)
{
    if (!WIFSIGNALED(status))
        return HELPER_LEFT;
    switch (WTERMSIG(status)) {
    case SIGXCPU:
    case SIGKILL: /* the second limit, past the first */
        return HELPER_OUT_OF_CPU;
    case SIGSYS:
        return HELPER_FORBIDDEN;
    default:
        return HELPER_CRASHED;
    }
}

enum helper_fate helper_end(struct helper *helper)
{
    int status = 0;
    hang_up(helper);
    if (helper->process == 0)
        return HELPER_LEFT;
    for (int waited = 0; waited < END_MS; waited += END_SLICE_MS) {
        if (reap(helper, WNOHANG, &status))
            return fate_of(status);
        fs_pause_ms(END_SLICE_MS);
    }
    helper_stop(helper);
    return HELPER_STOPPED;
}

void helper_stop(struct helper *helper)
{
    int status = 0;
    hang_up(helper);
    if (helper->process == 0)
        return;
    (void)kill((pid_t)helper->process, SIGKILL);
    (void)reap(helper, 0, &status);
}
