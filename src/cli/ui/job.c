#include "cli/ui/job.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pool.h"
#include "cli/context.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/ui/keys.h"

enum { SHOWN_AFTER_MS = 150, REDRAWN_MS = 100 };

struct job {
    struct cli cli;
    const struct ui_job_wish *wish;
    const char *top;
    dits_context *context;
    dits_error *err;
    int ends[2]; /* of a pipe: a byte when it is done */
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct buf progress; /* a line that says how far it is */
};

static void on_progress(const struct dits_progress *report, void *payload)
{
    const struct progress_rate none = {0};
    struct job *job = payload;
    POOL_LOCKED(&job->mutex);
    buf_clear(&job->progress);
    if (!report->finished) /* without memory there is no line */
        dits_error_free(progress_draw(report, &none, 60, &job->progress));
}

/* Warnings are shown with what else was printed. */
static void on_log(enum dits_log_level level, const char *message,
                   void *payload)
{
    const struct job *job = payload;
    if (level == DITS_LOG_WARN && !job->cli.quiet)
        (void)fprintf(stderr, "warning: %s\n", message);
}

static int64_t on_clock(void *payload)
{
    const struct job *job = payload;
    return job->cli.now;
}

static void job_release(struct job *job)
{
    for (size_t i = 0; i < 2; i++)
        if (job->ends[i] > 0)
            (void)close(job->ends[i]);
    dits_context_free(job->context);
    dits_error_free(job->err);
    buf_release(&job->progress);
    pthread_mutex_destroy(&job->mutex);
}

static dits_error *prepare(const struct ui *ui, const struct ui_job_wish *wish,
                           struct job *job)
{
    const struct dits_context_options callbacks = {.log = on_log,
                                                   .progress = on_progress,
                                                   .clock = on_clock,
                                                   .payload = job};
    job->wish = wish;
    job->top = ui->top;
    job->cli = *ui->cli;
    job->cli.repo = NULL;
    job->cli.out = wish->out;
    job->cli.is_terminal = false;
    job->cli.json = false;
    job->cli.verbose = false;
    job->cli.progress = NULL;
    job->cli.signals = NULL;
    TRY(cli_context_new(ui->cli->environment, &callbacks, &job->cli.now,
                        &job->context));
    job->cli.context = job->context;
    if (pipe2(job->ends, O_CLOEXEC) != 0)
        return error_errno(errno, "cannot make a pipe");
    return NULL;
}

static void repo_freep(dits_repo **repo)
{
    dits_repo_free(*repo);
}

static dits_error *work(struct job *job)
{
    CLEANUP(repo_freep) dits_repo *repo = NULL;
    const struct ui_job_wish *wish = job->wish;
    TRY(dits_repo_open(job->context, job->top, &repo));
    if (wish->command_line != NULL)
        TRY(dits_repo_set_command(repo, wish->command_line));
    job->cli.repo = repo;
    return wish->fn(&job->cli, wish->payload);
}

static void *work_in_thread(void *payload)
{
    struct job *job = payload;
    job->err = work(job);
    while (write(job->ends[1], "", 1) < 0 && errno == EINTR)
        ;
    return NULL;
}

static dits_error *show_progress(struct ui *ui, struct job *job)
{
    buf_clear(&ui->busy);
    {
        POOL_LOCKED(&job->mutex);
        const char *far = buf_text(&job->progress);
        TRY(buf_printf(&ui->busy, "%s\xe2\x80\xa6  \033[2mCtrl-C stops it",
                       far[0] != '\0' ? far : job->wish->what));
    }
    return ui_draw(ui);
}

/* What is typed meanwhile is kept for later, but for Ctrl-C. */
static dits_error *take_event(struct ui *ui, struct job *job,
                              const struct input_event *event)
{
    if (event->kind == INPUT_NOTHING)
        return NULL;
    if (key_meaning(event) == KEY_STOP)
        dits_context_cancel(job->context);
    else if (key_meaning(event) == KEY_SUSPEND)
        return ui_suspend(ui);
    else if (ui->pending_count < UI_PENDING)
        ui->pending[ui->pending_count++] = *event;
    return NULL;
}

static dits_error *watch_once(struct ui *ui, struct job *job, int *timeout,
                              bool *out_done)
{
    struct input_event event = {0};
    TRY(ui_wait_event(ui, job->ends[0], *timeout, out_done, &event));
    if (ui->is_ending)
        dits_context_cancel(job->context);
    TRY(take_event(ui, job, &event));
    if (*out_done || event.kind != INPUT_NOTHING)
        return NULL;
    *timeout = REDRAWN_MS;
    return show_progress(ui, job);
}

/* A screen that fails stops the job; its end is waited for by the caller. */
static dits_error *watch(struct ui *ui, struct job *job)
{
    int timeout = SHOWN_AFTER_MS;
    bool is_done = false;
    dits_error *err = NULL;
    while (!is_done && err == NULL)
        err = watch_once(ui, job, &timeout, &is_done);
    if (err != NULL)
        dits_context_cancel(job->context);
    buf_clear(&ui->busy);
    return err;
}

static dits_error *run_in_thread(struct ui *ui, struct job *job)
{
    pthread_t thread;
    int errnum = pthread_create(&thread, NULL, work_in_thread, job);
    if (errnum != 0)
        return error_errno(errnum, "cannot start a thread");
    ui->is_working = true;
    dits_error *err = watch(ui, job);
    (void)pthread_join(thread, NULL);
    ui->is_working = false;
    if (err == NULL)
        return MOVE(job->err);
    dits_error_free(MOVE(job->err));
    return err;
}

dits_error *ui_job_run(struct ui *ui, const struct ui_job_wish *wish)
{
    CLEANUP(job_release)
    struct job job = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    TRY(prepare(ui, wish, &job));
    return run_in_thread(ui, &job);
}

static dits_error *run_outside(struct job *job)
{
    CLEANUP(signals_stopp) struct signals *signals = NULL;
    TRY(signals_start(job->context, &signals));
    job->cli.signals = signals;
    return work(job);
}

dits_error *ui_job_run_outside(struct ui *ui, const struct ui_job_wish *wish)
{
    CLEANUP(job_release)
    struct job job = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    TRY(prepare(ui, wish, &job));
    TRY(ui_leave_terminal(ui));
    dits_error *err = run_outside(&job);
    dits_error *taken = ui_take_terminal(ui);
    if (taken == NULL)
        return err;
    dits_error_free(err);
    return taken;
}
