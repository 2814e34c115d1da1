/*
 * cli/background.h - a `dits` that goes on by itself
 */
#ifndef CLI_BACKGROUND_H
#define CLI_BACKGROUND_H

#include "cli/cli.h"

enum background_priority {
    BACKGROUND_LOWEST, /* of processor and disk */
    BACKGROUND_USUAL,  /* somebody will wait for it */
};

/*
 * Start this program again, detached from the terminal. Its working folder is
 * the top of the work tree. What it prints goes to the file `log`, in place of
 * what was there. `arguments` begins after the program's name and ends with
 * NULL. Does not wait for it.
 */
MUST_USE dits_error *background_start(const struct cli *cli,
                                      enum background_priority priority,
                                      const char *log,
                                      const char *const *arguments);

/* A gc in the background, and where it writes: .dits/gc.log. */
MUST_USE dits_error *background_gc(const struct cli *cli, const char *prune);

/* The same if gc.auto says that it is due. Failures are told as a note. */
void background_gc_auto(const struct cli *cli);

/*
 * A watcher, which writes to .dits/watcher.log. With `waits` until it is ready,
 * and then its failure is ours.
 */
MUST_USE dits_error *background_watcher(const struct cli *cli, bool waits);

/* The same if status.watcher is set, none runs, and none has failed within the
 * last minutes. Failures are told as a note. */
void background_watcher_auto(const struct cli *cli);

#endif
