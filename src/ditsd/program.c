#include "ditsd/program.h"

extern const struct cli_command cmd_access;
extern const struct cli_command cmd_audit;
extern const struct cli_command cmd_completion;
extern const struct cli_command cmd_help;
extern const struct cli_command cmd_init;
extern const struct cli_command cmd_repo;
extern const struct cli_command cmd_role;
extern const struct cli_command cmd_rule;
extern const struct cli_command cmd_serve;
extern const struct cli_command cmd_token;
extern const struct cli_command cmd_user;
extern const struct cli_command cmd_version;

/* One row for each line, so that they can be sorted and merged. */
/* clang-format off */
static const struct cli_command *const commands[] = {
    &cmd_access,
    &cmd_audit,
    &cmd_completion,
    &cmd_help,
    &cmd_init,
    &cmd_repo,
    &cmd_role,
    &cmd_rule,
    &cmd_serve,
    &cmd_token,
    &cmd_user,
    &cmd_version,
    NULL,
};
/* clang-format on */

const struct cli_program ditsd_program = {
    .name = "ditsd",
    .summary = "The server of Dits: repositories, and who may do what with "
               "them.",
    .commands = commands,
};
