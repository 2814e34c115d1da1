/*
 * cli/completion.h - completion scripts from the command tables
 *
 * What fits an operand or a value is known from its name in the table: PATH,
 * REV, BRANCH, TAG, REMOTE, KEY, COMMAND. Names that only the repository knows
 * are asked for when the user completes: `dits completion --words=branches`.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include <stdio.h>

#include "base/buf.h"
#include "cli/program.h"

enum completion_words {
    WORDS_NONE,
    WORDS_FILES,
    WORDS_FOLDERS,
    WORDS_BRANCHES,
    WORDS_TAGS,
    WORDS_REVISIONS, /* branches, tags and HEAD; files too */
    WORDS_REMOTES,
    WORDS_KEYS,
    WORDS_COMMANDS,
};

enum completion_words completion_words_for(const char *value_name);

/* The shells that completion_script() knows; ends with NULL. */
extern const char *const completion_shells[];

/* Append the whole script for one of them. */
MUST_USE dits_error *completion_script(const struct cli_program *program,
                                       const char *shell, struct buf *out);

/* One shell's, with @NAME@ in the place of the program's name. */
MUST_USE dits_error *completion_bash(const struct cli_program *program,
                                     struct buf *out);
MUST_USE dits_error *completion_zsh(const struct cli_program *program,
                                    struct buf *out);
MUST_USE dits_error *completion_fish(const struct cli_program *program,
                                     struct buf *out);

/* A line for each command: what `completion --words=commands` prints. */
void completion_commands(const struct cli_program *program, FILE *out);

#endif
