/*
 * cli/ui/job.h - work beside the keys
 *
 * Each job has a context and a repository of its own, so that stopping one
 * stops no other. It runs in a thread; meanwhile the screen shows how far it
 * is, and Ctrl-C asks it to stop.
 */
#ifndef CLI_UI_JOB_H
#define CLI_UI_JOB_H

#include "cli/ui/ui.h"

/* In the job's thread. */
typedef dits_error *ui_job_fn(struct cli *cli, void *payload);

struct ui_job_wish {
    const char *what;         /* "reading the history" */
    const char *command_line; /* for the operation log; NULL: it only reads */
    FILE *out;                /* where results go; NULL: nowhere */
    ui_job_fn *fn;
    void *payload;
};

/* What `fn` returns; CANCELLED when it was stopped. */
MUST_USE dits_error *ui_job_run(struct ui *ui, const struct ui_job_wish *wish);

/*
 * The same with the terminal given to what runs, as to an editor: as the
 * command does on the command line.
 */
MUST_USE dits_error *ui_job_run_outside(struct ui *ui,
                                        const struct ui_job_wish *wish);

#endif
