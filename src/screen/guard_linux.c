#include "screen/guard.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* Pasting as ever, no pictures, the first screen, a cursor, plain letters. */
static const char reset[] = "\033[?2004l\033_Ga=d,d=A,q=2\033\\\033[?1049l"
                            "\033[?25h\033[?7h\033[m\033[?1l\033>\r";

static void restore(const struct termios *saved)
{
    if (write(STDOUT_FILENO, reset, strlen(reset)) < 0)
        return; /* it is gone */
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, saved);
}

/* Whoever ends us means the child; Ctrl-C reaches it without us. */
static void pass_on(pid_t child, const sigset_t *set, int *out_status)
{
    for (;;) {
        int number = 0;
        if (sigwait(set, &number) != 0)
            continue;
        if (number == SIGTERM || number == SIGHUP)
            (void)kill(child, number);
        if (waitpid(child, out_status, WNOHANG) == child)
            return;
    }
}

dits_error *guard_start(struct guard *out)
{
    struct termios saved;
    sigset_t set;
    sigset_t before;
    if (tcgetattr(STDIN_FILENO, &saved) != 0)
        return error_errno(errno, "cannot use the terminal");
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &set, &before);
    pid_t child = fork();
    if (child < 0)
        return error_errno(errno, "cannot start a process");
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
        *out = (struct guard){.is_child = true};
        return NULL;
    }
    /* The child puts the terminal in order, then stops us both. */
    (void)signal(SIGTSTP, SIG_IGN);
    int status = 0;
    pass_on(child, &set, &status);
    (void)signal(SIGTSTP, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    *out = (struct guard){.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1,
                          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    if (out->signal != 0)
        restore(&saved);
    return NULL;
}
