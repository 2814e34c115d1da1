/*
 * cli/parse.h - arguments into structs, by option tables
 *
 * Takes what git takes: -x, clusters (-am TEXT), -xVALUE, --name VALUE,
 * --name=VALUE, --no-name for switches, `--` before operands, options after
 * operands. Names are never abbreviated, so that a script written today means
 * the same when an option is added.
 */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/command.h"

/* A table and the zeroed struct that its rows store into. */
struct option_set {
    const struct cli_option *options;
    void *values;
};

/*
 * Parse options up to the first argument that is none, and leave `*argv` at
 * it. INVALID, with a hint, for what the table does not know.
 */
MUST_USE dits_error *parse_front(const struct option_set *set,
                                 const char *const **argv);

/*
 * Parse all of the NULL-terminated `argv`. Options are looked up in `command`,
 * then in `shared`; operands are those of `command`. Strings are borrowed from
 * `argv`; the lists are freed by parse_release(), also after a failure.
 *
 * Missing operands are left to parse_check(): `dits add -h` needs none.
 */
MUST_USE dits_error *parse_command(const struct option_set *command,
                                   const struct option_set *shared,
                                   const char *const *argv);
MUST_USE dits_error *parse_check(const struct option_set *command);
void parse_release(const struct option_set *command);

#endif
