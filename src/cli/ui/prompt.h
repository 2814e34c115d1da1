/*
 * cli/ui/prompt.h - questions at the bottom of the screen
 */
#ifndef CLI_UI_PROMPT_H
#define CLI_UI_PROMPT_H

#include "cli/ui/ui.h"

/* Only 'y' is a yes. */
MUST_USE dits_error *ui_confirm(struct ui *ui, const char *question,
                                bool *out_yes);

/* A line of text; `*out_given` false: the user thought better of it. */
MUST_USE dits_error *ui_ask(struct ui *ui, const char *question,
                            struct buf *answer, bool *out_given);

/* Find the text that was searched last, from the cursor on or back. */
MUST_USE dits_error *ui_find(struct ui *ui, bool is_down);

#endif
