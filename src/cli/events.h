/*
 * cli/events.h - what happens to paths, as a command tells it
 */
#ifndef CLI_EVENTS_H
#define CLI_EVENTS_H

#include <dits/worktree.h>

#include "cli/cli.h"

/*
 * How a command words its events. `added` is used for modified files too;
 * NULL leaves that kind of event out.
 */
struct event_words {
    const char *added;
    const char *removed;
};

struct event_printer {
    const struct cli *cli;
    const struct event_words *words;
};

/* A dits_path_fn; the payload is a struct event_printer. */
dits_error *event_print(const struct dits_path_event *event, void *payload);

#endif
