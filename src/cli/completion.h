/*
 * cli/completion.h - completion scripts from the command tables
 *
 * What fits an operand or a value is known from its name in the table: PATH,
 * REV, BRANCH, TAG, REMOTE, KEY, COMMAND. Names that only the repository knows
 * are asked for when the user completes: `dits completion --words=branches`.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/buf.h"
#include "cli/command.h"

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

/* Each appends a whole script. */
MUST_USE dits_error *completion_bash(struct buf *out);
MUST_USE dits_error *completion_zsh(struct buf *out);
MUST_USE dits_error *completion_fish(struct buf *out);

#endif
