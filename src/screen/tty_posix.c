#include "screen/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"

enum { KEPT_MAX = 1 << 16 };

struct tty {
    FILE *in;
    FILE *out;
    int standard[3]; /* what these descriptors were */
    FILE *kept;      /* where output goes meanwhile */
    struct termios saved;
    bool is_taken;
};

void tty_free(struct tty *tty)
{
    if (tty == NULL)
        return;
    tty_leave(tty);
    for (size_t i = 0; i < 3; i++)
        if (tty->standard[i] > STDERR_FILENO)
            (void)close(tty->standard[i]);
    FILE *files[] = {tty->in, tty->out, tty->kept};
    for (size_t i = 0; i < 3; i++)
        if (files[i] != NULL)
            (void)fclose(files[i]);
    mem_free(tty);
}

void tty_freep(struct tty **tty)
{
    tty_free(*tty);
}

static FILE *reopened(int fd, const char *mode)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    FILE *file = copy >= 0 ? fdopen(copy, mode) : NULL;
    if (file == NULL && copy >= 0)
        (void)close(copy);
    return file;
}

/* A file without a name, which no program that is started has open. */
static FILE *unnamed_file(void)
{
    FILE *file = tmpfile();
    if (file != NULL)
        (void)fcntl(fileno(file), F_SETFD, FD_CLOEXEC);
    return file;
}

dits_error *tty_new(struct tty **out)
{
    CLEANUP(tty_freep) struct tty *tty = mem_new(struct tty);
    if (tty == NULL)
        return error_nomem();
    tty->in = reopened(STDIN_FILENO, "r");
    tty->out = reopened(STDOUT_FILENO, "w");
    tty->kept = unnamed_file();
    if (tty->in == NULL || tty->out == NULL || tty->kept == NULL ||
        tcgetattr(fileno(tty->in), &tty->saved) != 0)
        return error_errno(errno, "cannot use the terminal");
    for (int i = 0; i < 3; i++)
        tty->standard[i] = fcntl(i, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    *out = MOVE(tty);
    return NULL;
}

static void keep_streams_away(struct tty *tty)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    (void)fflush(stdout);
    if (nothing >= 0) {
        (void)dup2(nothing, STDIN_FILENO);
        (void)close(nothing);
    }
    (void)dup2(fileno(tty->kept), STDOUT_FILENO);
    (void)dup2(fileno(tty->kept), STDERR_FILENO);
}

dits_error *tty_take(struct tty *tty)
{
    if (tty->is_taken)
        return NULL;
    struct termios raw = tty->saved;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(fileno(tty->in), TCSADRAIN, &raw) != 0)
        return error_errno(errno, "cannot set up the terminal");
    keep_streams_away(tty);
    tty->is_taken = true;
    return NULL;
}

void tty_leave(struct tty *tty)
{
    if (!tty->is_taken)
        return;
    (void)fflush(stdout);
    for (int i = 0; i < 3; i++)
        (void)dup2(tty->standard[i], i);
    (void)tcsetattr(fileno(tty->in), TCSADRAIN, &tty->saved);
    tty->is_taken = false;
}

FILE *tty_out(const struct tty *tty)
{
    return tty->out;
}

FILE *tty_in(const struct tty *tty)
{
    return tty->in;
}

struct tty_size tty_size(const struct tty *tty)
{
    struct winsize size = {0};
    if (ioctl(fileno(tty->out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
        size.ws_row == 0)
        return (struct tty_size){.columns = 80, .rows = 24};
    return (struct tty_size){.columns = size.ws_col,
                             .rows = size.ws_row,
                             .width = size.ws_xpixel,
                             .height = size.ws_ypixel};
}

dits_error *tty_write(struct tty *tty, struct slice bytes)
{
    while (bytes.size > 0) {
        ssize_t written = write(fileno(tty->out), bytes.data, bytes.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_errno(errno, "cannot write to the terminal");
        bytes = slice_of(bytes.data + written, bytes.size - (size_t)written);
    }
    return NULL;
}

dits_error *tty_kept(struct tty *tty, struct buf *out)
{
    int fd = fileno(tty->kept);
    char part[4096] = {0};
    (void)fflush(stdout);
    (void)fflush(stderr);
    for (off_t at = 0; at < KEPT_MAX;) {
        ssize_t size = pread(fd, part, sizeof(part), at);
        if (size <= 0)
            break;
        TRY(buf_put(out, part, (size_t)size));
        at += size;
    }
    (void)lseek(fd, 0, SEEK_SET);
    return ftruncate(fd, 0) == 0
               ? NULL
               : error_errno(errno, "cannot keep what was printed");
}

dits_error *tty_wait(struct tty *tty, struct tty_wait *wait)
{
    struct pollfd fds[3] = {
        {.fd = fileno(tty->in), .events = POLLIN},
        {.fd = wait->others[0], .events = POLLIN},
        {.fd = wait->others[1], .events = POLLIN},
    };
    if (poll(fds, 3, wait->timeout_ms) < 0 && errno != EINTR)
        return error_errno(errno, "cannot wait for a key");
    wait->has_input = fds[0].revents != 0;
    wait->has_other[0] = fds[1].revents != 0;
    wait->has_other[1] = fds[2].revents != 0;
    return NULL;
}

dits_error *tty_read(struct tty *tty, void *out, size_t size, size_t *out_size)
{
    ssize_t count = -1;
    do
        count = read(fileno(tty->in), out, size);
    while (count < 0 && errno == EINTR);
    *out_size = count > 0 ? (size_t)count : 0;
    if (count > 0)
        return NULL;
    return count < 0 ? error_errno(errno, "cannot read from the terminal")
                     : error_new(DITS_E_IO, "the terminal is gone");
}

void tty_suspend(void)
{
    /* The whole group, as the terminal would: the shell waits for its first. */
    (void)kill(0, SIGSTOP);
}
