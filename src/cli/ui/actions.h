/*
 * cli/ui/actions.h - doing what a command does
 *
 * An action is a command of this program, with its arguments, run in here: one
 * operation, with the same hooks, messages and refusals, and recorded as if it
 * had been typed.
 */
#ifndef CLI_UI_ACTIONS_H
#define CLI_UI_ACTIONS_H

#include "cli/ui/ui.h"

enum { ACTION_WORDS = 12 };

/* "add", "-A", "--", …; the first NULL ends them. */
struct ui_action {
    const char *what; /* "staging" */
    const char *words[ACTION_WORDS];
    bool is_outside; /* it starts an editor */
};

/* Run it, say what it says, and show what is new. */
MUST_USE dits_error *ui_act(struct ui *ui, const struct ui_action *action);

/* Append a path from the top so that it means itself alone. */
MUST_USE dits_error *ui_put_path(const char *path, struct buf *out);

#endif
