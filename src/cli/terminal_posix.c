#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/signals.h"

bool terminal_is(FILE *file)
{
    return isatty(fileno(file)) != 0;
}

size_t terminal_width(FILE *file)
{
    struct winsize size = {0};
    if (ioctl(fileno(file), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

/* In the child. Does not return. */
static _Noreturn void run_shell(const char *script, const char *argument)
{
    signals_reset_child();
    execl("/bin/sh", "sh", "-c", script, "sh", argument, (char *)NULL);
    _exit(127);
}

dits_error *pager_start(const char *command, struct pager *out)
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_errno(errno, "cannot start the pager");
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[0], STDIN_FILENO);
        /* Quit when it fits, keep colours, leave the text on the screen. */
        (void)setenv("LESS", "FRX", 0);
        run_shell(command, NULL);
    }
    int errnum = errno;
    (void)close(ends[0]);
    FILE *in = child > 0 ? fdopen(ends[1], "w") : NULL;
    if (in == NULL) {
        (void)close(ends[1]);
        return error_errno(errnum, "cannot start the pager");
    }
    *out = (struct pager){.in = in, .process = child};
    return NULL;
}

static int wait_for(pid_t child)
{
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

void pager_finish(struct pager *pager)
{
    if (pager->in == NULL)
        return;
    (void)fclose(pager->in); /* it may have been left early */
    (void)wait_for(pager->process);
    *pager = (struct pager){0};
}

dits_error *editor_run(const char *editor, const char *path)
{
    CLEANUP(buf_release) struct buf script = {0};
    TRY(buf_printf(&script, "%s \"$@\"", editor));
    pid_t child = fork();
    if (child < 0)
        return error_errno(errno, "cannot start the editor");
    if (child == 0)
        run_shell(buf_text(&script), path);

    int status = wait_for(child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return error_hint(
            error_new(DITS_E_INVALID, "the editor '%s' failed", editor),
            "Set another one with DITS_EDITOR, VISUAL or EDITOR.");
    return NULL;
}

dits_error *script_run(const char *script, int *out_status)
{
    pid_t child = fork();
    if (child < 0)
        return error_errno(errno, "cannot run '%s'", script);
    if (child == 0)
        run_shell(script, NULL);
    int status = wait_for(child);
    *out_status = WIFEXITED(status) ? WEXITSTATUS(status)
                                    : 128 + WTERMSIG(status);
    return NULL;
}
