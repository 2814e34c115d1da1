/*
 * cli/signals.h - Ctrl-C
 *
 * Commands that only read die of a signal as any program does. One that
 * changes a repository is asked to stop, puts things back and says so; a
 * second signal kills it, and the repository is still as it was or as it
 * should be. The platform's code is signals_posix.c.
 *
 * One thread waits for signals, so no handler and no global is needed.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <dits/context.h>

#include "base/error.h"

struct signals;

/*
 * From now on SIGINT, SIGTERM and SIGHUP cancel `context`, and writing to a
 * closed pipe gives an error. Called before any other thread is started.
 */
MUST_USE dits_error *signals_start(dits_context *context, struct signals **out);

/* The signal that came, or 0. NULL is allowed. */
int signals_caught(const struct signals *signals);

/* While another program has the terminal, Ctrl-C is meant for it alone. */
void signals_pause(struct signals *signals);
void signals_resume(struct signals *signals);

/* In a child process, before another program is started. */
void signals_reset_child(void);

void signals_stop(struct signals *signals);
void signals_stopp(struct signals **signals);

#endif
