#include "cli/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/signals.h"

/* How long to sleep between two looks: ever longer, since most end soon. */
enum { FIRST_SLEEP_US = 500, MOST_SLEEP_US = 50000 };

bool process_is_file(const char *path, bool *out_may_run)
{
    struct stat stat_of = {0};
    bool is_file = stat(path, &stat_of) == 0 && S_ISREG(stat_of.st_mode);
    *out_may_run = is_file && access(path, X_OK) == 0;
    return is_file;
}

static size_t count_of(const char *const *texts)
{
    size_t count = 0;
    while (texts[count] != NULL)
        count++;
    return count;
}

/* Whether the variable has a new value. */
static bool is_replaced(const char *variable, const char *const *added)
{
    size_t name = strcspn(variable, "=") + 1;
    for (; *added != NULL; added++)
        if (strncmp(variable, *added, name) == 0)
            return true;
    return false;
}

/* Our environment with these in it. The texts are borrowed. */
static dits_error *make_environment(const char *const *added, const char ***out)
{
    size_t ours = count_of((const char *const *)environ);
    size_t count = 0;
    const char **all = mem_new_array(const char *, ours + count_of(added) + 1);
    if (all == NULL)
        return error_nomem();
    for (size_t i = 0; i < ours; i++)
        if (!is_replaced(environ[i], added))
            all[count++] = environ[i];
    for (; *added != NULL; added++)
        all[count++] = *added;
    *out = all;
    return NULL;
}

/* What exec takes as it is, and does not change either. */
static char *const *unconst(const char *const *texts)
{
    char *const *same = NULL;
    memcpy(&same, &texts, sizeof(same));
    return same;
}

/* In the child, where only system calls are safe. Does not return. */
static _Noreturn void become(const struct process *process,
                             const char *const *environment)
{
    int input = process->input != NULL ? fileno(process->input)
                                       : open("/dev/null", O_RDONLY);
    signals_reset_child();
    if (input >= 0 && dup2(input, STDIN_FILENO) >= 0 &&
        dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 && chdir(process->folder) == 0)
        (void)execvpe(process->path, unconst(process->arguments),
                      unconst(environment));
    _exit(127);
}

static int status_of(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What is caught meanwhile is handed on once: it may want to clean up. */
static dits_error *wait_for(pid_t child, const struct signals *signals,
                            int *out_status)
{
    long sleep_us = FIRST_SLEEP_US;
    bool is_told = false;
    for (;;) {
        int status = 0;
        pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            *out_status = status_of(status);
            return NULL;
        }
        if (ended < 0 && errno != EINTR)
            return error_errno(errno, "cannot wait for a program");
        int caught = signals_caught(signals);
        if (caught != 0 && !is_told)
            (void)kill(child, caught);
        is_told = caught != 0;
        struct timespec pause = {.tv_nsec = sleep_us * 1000};
        (void)nanosleep(&pause, NULL);
        sleep_us = sleep_us * 2 < MOST_SLEEP_US ? sleep_us * 2 : MOST_SLEEP_US;
    }
}

static void environment_free(const char ***environment)
{
    mem_free(*environment);
}

dits_error *process_run(const struct process *process, int *out_status)
{
    CLEANUP(environment_free) const char **environment = NULL;
    TRY(make_environment(process->variables, &environment));
    (void)fflush(NULL); /* what was printed before stands before */
    pid_t child = fork();
    if (child < 0)
        return error_errno(errno, "cannot start '%s'", process->path);
    if (child == 0)
        become(process, environment);
    return wait_for(child, process->signals, out_status);
}
