#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/spawn.h"

/* How often a wait looks whether it was cancelled. */
enum { SLICE_MS = 100, PIPE_BYTES = 1 << 20, SAID_BYTES = 4096 };

/* Our ends and the child's: standard input, output and error. */
struct ends {
    int ours[3];
    int theirs[3];
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void ends_close(struct ends *ends)
{
    for (int i = 0; i < 3; i++) {
        close_end(&ends->ours[i]);
        close_end(&ends->theirs[i]);
    }
}

/*
 * Input goes through a socket: writing to one whose reader is gone is an error
 * and no signal.
 */
static dits_error *ends_make(struct ends *out)
{
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return error_errno(errno, "cannot make a socket");
    out->ours[0] = pair[0];
    out->theirs[0] = pair[1];
    for (int i = 1; i < 3; i++) {
        if (pipe2(pair, O_CLOEXEC) != 0)
            return error_errno(errno, "cannot make a pipe");
        out->ours[i] = pair[0];
        out->theirs[i] = pair[1];
        (void)fcntl(pair[0], F_SETFL, O_NONBLOCK);
    }
    /* A larger pipe spares changes from one process to the other. */
    (void)fcntl(out->ours[1], F_SETPIPE_SZ, PIPE_BYTES);
    return NULL;
}

static dits_error *start(const dits_context *context, struct spawn *program,
                         struct process *out)
{
    CLEANUP(ends_close)
    struct ends ends = {.ours = {-1, -1, -1}, .theirs = {-1, -1, -1}};
    int64_t id = 0;
    TRY(ends_make(&ends));
    for (int i = 0; i < 3; i++)
        program->files[i] = ends.theirs[i];
    TRY(spawn_start(program, &id));
    *out = (struct process){.context = context,
                            .id = id,
                            .in = ends.ours[0] + 1,
                            .out = ends.ours[1] + 1,
                            .errors = ends.ours[2] + 1};
    for (int i = 0; i < 3; i++)
        ends.ours[i] = -1;
    return NULL;
}

dits_error *process_start(const dits_context *context, const char *path,
                          const char *const *arguments,
                          const char *const *environment, struct process *out)
{
    struct spawn program = {.path = path,
                            .arguments = arguments,
                            .environment = environment,
                            .is_apart = true}; /* we stop it */
    return start(context, &program, out);
}

dits_error *process_start_beside(const dits_context *context, const char *path,
                                 const char *const *arguments,
                                 const char *const *environment,
                                 struct process *out)
{
    struct spawn program = {
        .path = path, .arguments = arguments, .environment = environment};
    return start(context, &program, out);
}

static void close_ours(int *handle)
{
    if (*handle != 0)
        (void)close(*handle - 1);
    *handle = 0;
}

static bool would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Keep the start of what it says; the rest is read and dropped. */
static dits_error *hear(struct process *process)
{
    char bytes[1024];
    ssize_t got = read(process->errors - 1, bytes, sizeof(bytes));
    if (got < 0 && would_block())
        return NULL;
    if (got <= 0) {
        close_ours(&process->errors);
        return NULL;
    }
    size_t room = SAID_BYTES - process->said.size;
    return buf_put(&process->said, bytes,
                   (size_t)got < room ? (size_t)got : room);
}

static dits_error *gone(void)
{
    return error_new(DITS_E_NETWORK, "the program ended");
}

static dits_error *send_some(struct process *process, const uint8_t *data,
                             size_t size, size_t *out)
{
    ssize_t put =
        send(process->in - 1, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    *out = put > 0 ? (size_t)put : 0;
    if (put >= 0 || would_block())
        return NULL;
    if (errno == EPIPE || errno == ECONNRESET)
        return gone();
    return error_errno(errno, "cannot write to another program");
}

static size_t left_to_write(const struct process *process)
{
    return process->waiting.size - process->written;
}

static dits_error *write_waiting(struct process *process)
{
    size_t put = 0;
    TRY(send_some(process, process->waiting.data + process->written,
                  left_to_write(process), &put));
    process->written += put;
    if (left_to_write(process) == 0) {
        buf_clear(&process->waiting);
        process->written = 0;
    }
    return NULL;
}

/* Wait until something can be done; what it says is heard at once. */
static dits_error *wait_for(struct process *process, bool to_write,
                            bool to_read)
{
    struct pollfd ends[3] = {
        {.fd = to_write ? process->in - 1 : -1, .events = POLLOUT},
        {.fd = to_read ? process->out - 1 : -1, .events = POLLIN},
        {.fd = process->errors - 1, .events = POLLIN},
    };
    for (;;) {
        TRY(context_check(process->context));
        int ready = poll(ends, 3, SLICE_MS);
        if (ready < 0 && errno != EINTR)
            return error_errno(errno, "cannot wait for another program");
        if (ready > 0)
            break;
    }
    return ends[2].revents != 0 ? hear(process) : NULL;
}

dits_error *process_put(struct process *process, const void *data, size_t size)
{
    return buf_put(&process->waiting, data, size);
}

dits_error *process_write(struct process *process, const void *data,
                          size_t size)
{
    const uint8_t *at = data;
    while (left_to_write(process) > 0) {
        TRY(write_waiting(process));
        if (left_to_write(process) > 0)
            TRY(wait_for(process, true, false));
    }
    while (size > 0) {
        size_t put = 0;
        TRY(send_some(process, at, size, &put));
        at += put;
        size -= put;
        if (size > 0)
            TRY(wait_for(process, true, false));
    }
    return NULL;
}

dits_error *process_end_input(struct process *process)
{
    TRY(process_write(process, NULL, 0));
    close_ours(&process->in);
    return NULL;
}

/* Read what is there into `out`. False: it has to be waited for. */
static dits_error *read_some(struct process *process, size_t size, void *out,
                             size_t *out_size, bool *out_done)
{
    ssize_t got = read(process->out - 1, out, size);
    *out_done = got >= 0;
    *out_size = got > 0 ? (size_t)got : 0;
    if (got >= 0 || would_block())
        return NULL;
    return error_errno(errno, "cannot read from another program");
}

/* What a program printed before it ended still counts. */
static dits_error *write_or_drop(struct process *process)
{
    dits_error *err = write_waiting(process);
    if (err == NULL || dits_error_code(err) != DITS_E_NETWORK)
        return err;
    dits_error_free(err);
    buf_clear(&process->waiting);
    process->written = 0;
    return NULL;
}

dits_error *process_pump(struct process *process)
{
    return left_to_write(process) > 0 ? write_or_drop(process) : NULL;
}

static dits_error *read_raw(struct process *process, size_t size, void *out,
                            size_t *out_size)
{
    for (;;) {
        bool done = false;
        if (left_to_write(process) > 0)
            TRY(write_or_drop(process));
        TRY(read_some(process, size, out, out_size, &done));
        if (done)
            return NULL;
        TRY(wait_for(process, left_to_write(process) > 0, true));
    }
}

/* Fill the window, which is used up. `*out` is false at the end. */
static dits_error *fill(struct process *process, bool *out)
{
    void *at = NULL;
    size_t got = 0;
    buf_clear(&process->window);
    process->taken = 0;
    TRY(buf_extend(&process->window, PROCESS_WINDOW_BYTES, &at));
    process->window.size = 0; /* nothing is in it if the read fails */
    TRY(read_raw(process, PROCESS_WINDOW_BYTES, at, &got));
    process->window.size = got;
    *out = got > 0;
    return NULL;
}

dits_error *process_read(struct process *process, size_t size, void *out,
                         size_t *out_size)
{
    size_t there = process->window.size - process->taken;
    bool found = true;
    *out_size = 0;
    if (size == 0)
        return NULL;
    if (there == 0 && size >= PROCESS_WINDOW_BYTES)
        return read_raw(process, size, out, out_size);
    if (there == 0)
        TRY(fill(process, &found));
    there = process->window.size - process->taken;
    *out_size = there < size ? there : size;
    if (*out_size > 0)
        memcpy(out, process->window.data + process->taken, *out_size);
    process->taken += *out_size;
    return NULL;
}

dits_error *process_read_all(struct process *process, size_t size, void *out)
{
    uint8_t *at = out;
    while (size > 0) {
        size_t got = 0;
        TRY(process_read(process, size, at, &got));
        if (got == 0)
            return gone();
        at += got;
        size -= got;
    }
    return NULL;
}

dits_error *process_line(struct process *process, size_t max, struct buf *out,
                         bool *out_found)
{
    buf_clear(out);
    for (;;) {
        bool found = true;
        if (process->taken == process->window.size)
            TRY(fill(process, &found));
        if (!found) {
            *out_found = out->size > 0;
            return NULL;
        }
        const uint8_t *at = process->window.data + process->taken;
        size_t there = process->window.size - process->taken;
        const uint8_t *end = memchr(at, '\n', there);
        size_t length = end != NULL ? (size_t)(end - at) : there;
        if (length > max - out->size)
            return error_new(DITS_E_LIMIT, "a line of more than %zu bytes",
                             max);
        TRY(buf_put(out, at, length));
        process->taken += length + (end != NULL);
        *out_found = true;
        if (end != NULL)
            return NULL;
    }
}

/* What is left to be said, up to the end of it. */
static dits_error *hear_all(struct process *process)
{
    while (process->errors != 0)
        TRY(wait_for(process, false, false));
    return NULL;
}

dits_error *process_finish(struct process *process, int *out_status)
{
    int status = 0;
    pid_t found = 0;
    close_ours(&process->in);
    TRY(hear_all(process));
    do {
        found = waitpid((pid_t)process->id, &status, 0);
    } while (found < 0 && errno == EINTR);
    process->id = 0;
    if (found < 0)
        return error_errno(errno, "cannot wait for another program");
    *out_status = WIFEXITED(status) ? WEXITSTATUS(status)
                                    : 128 + WTERMSIG(status);
    return NULL;
}

dits_error *process_said(struct process *process, const char **out)
{
    struct buf *said = &process->said;
    /* It ends, if it has not yet. */
    close_ours(&process->in);
    close_ours(&process->out);
    TRY(hear_all(process));
    while (said->size > 0 && said->data[said->size - 1] == '\n')
        said->data[--said->size] = '\0';
    *out = buf_text(said);
    return NULL;
}

void process_stop(struct process *process)
{
    close_ours(&process->in);
    close_ours(&process->out);
    close_ours(&process->errors);
    if (process->id != 0) {
        (void)kill((pid_t)process->id, SIGKILL);
        while (waitpid((pid_t)process->id, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    buf_release(&process->waiting);
    buf_release(&process->window);
    buf_release(&process->said);
    *process = (struct process){0};
}
