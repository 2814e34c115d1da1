/*
 * cli/replay_text.h - what cherry-pick, revert and rebase have in common
 */
#ifndef CLI_REPLAY_TEXT_H
#define CLI_REPLAY_TEXT_H

#include <dits/replay.h>

#include "cli/command.h"

/* Options that all three have. */
struct replay_args {
    const char *style;
    const char *favor;
    bool go_on;
    bool skip;
    bool abort;
    bool quit;
};

/* Rows of the option table for a `struct replay_args` member named `replay`. */
/* clang-format off */
#define REPLAY_OPTIONS(args)                                                  \
    CLI_STRING('X', "strategy-option", "SIDE", args, replay.favor,            \
               "where both changed the same take 'ours' or 'theirs'",         \
               .choices = merge_favor_choices),                               \
    CLI_STRING(0, "conflict", "STYLE", args, replay.style,                    \
               "how conflicts in texts are written: 'merge', 'diff3' or "     \
               "'zdiff3'", .choices = merge_style_choices),                   \
    CLI_SWITCH(0, "continue", args, replay.go_on,                             \
               "go on when all conflicts are resolved"),                      \
    CLI_SWITCH(0, "skip", args, replay.skip,                                  \
               "leave out the commit that it stopped at, and go on"),         \
    CLI_SWITCH(0, "abort", args, replay.abort,                                \
               "give it up, and be where it began"),                          \
    CLI_SWITCH(0, "quit", args, replay.quit,                                  \
               "give it up, and leave HEAD and the files as they are")
/* clang-format on */

/* What is done, for the callbacks of the library. */
struct replay_printer {
    struct cli *cli;
    enum dits_work_kind kind;
    dits_error *err; /* of printing a commit */
};

/* The options as the library takes them; the printer is borrowed. */
struct dits_replay_how replay_how(const struct replay_args *args,
                                  struct replay_printer *printer);

/* --continue, --skip, --abort or --quit; `*out_done` false: none of them was
 * given. */
MUST_USE dits_error *replay_end(struct cli *cli, const struct replay_args *args,
                                enum dits_work_kind kind, bool *out_done);

/* The result in words or as JSON, and the exit status. */
MUST_USE dits_error *replay_print(struct cli *cli,
                                  const struct replay_printer *printer,
                                  const struct dits_replay_result *result);

#endif
