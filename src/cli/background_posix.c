#include "cli/background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "cli/priority.h"
#include "cli/signals.h"

enum {
    MAX_ARGUMENTS = 16,
    STATUS_NO_PROGRAM = 127,
};

/* execv() takes arguments without const and leaves them as they are. */
struct launch {
    char program[4096];
    char *argv[MAX_ARGUMENTS + 2];
    const char *folder;
    enum background_priority priority;
    int output;
};

static dits_error *prepare(const struct cli *cli, const char *log,
                           const char *const *arguments, struct launch *out)
{
    ssize_t size =
        readlink("/proc/self/exe", out->program, sizeof(out->program) - 1);
    if (size < 0)
        return error_errno(errno, "cannot find this program");
    out->argv[0] = out->program;
    size_t count = 1;
    for (; *arguments != NULL && count <= MAX_ARGUMENTS; arguments++)
        memcpy(&out->argv[count++], arguments, sizeof(*arguments));
    out->folder = dits_repo_work_dir(cli->repo);
    out->output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out->output < 0)
        return error_errno(errno, "cannot write '%s'", log);
    return NULL;
}

/* In the child, which has one thread: nothing that takes a lock. */
static _Noreturn void become(const struct launch *launch)
{
    int nothing = open("/dev/null", O_RDONLY);
    (void)setsid();
    signals_reset_child();
    if (launch->priority == BACKGROUND_LOWEST)
        priority_lower_session();
    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(launch->output, STDOUT_FILENO);
    (void)dup2(launch->output, STDERR_FILENO);
    if (chdir(launch->folder) == 0)
        (void)execv(launch->program, launch->argv);
    _exit(STATUS_NO_PROGRAM);
}

/* The child's child belongs to nobody here, so nobody has to wait for it. */
static _Noreturn void leave(const struct launch *launch)
{
    pid_t child = fork();
    if (child == 0)
        become(launch);
    _exit(child > 0 ? 0 : 1);
}

dits_error *background_start(const struct cli *cli,
                             enum background_priority priority, const char *log,
                             const char *const *arguments)
{
    struct launch launch = {.priority = priority, .output = -1};
    TRY(prepare(cli, log, arguments, &launch));
    pid_t child = fork();
    if (child == 0)
        leave(&launch);
    int errnum = errno;
    int status = -1;
    (void)close(launch.output);
    if (child < 0)
        return error_errno(errnum, "cannot start a process");
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return error_new(DITS_E_IO, "cannot start a process");
    return NULL;
}
