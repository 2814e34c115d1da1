/*
 * cli/commit_result.h - what is said of a commit that was made
 */
#ifndef CLI_COMMIT_RESULT_H
#define CLI_COMMIT_RESULT_H

#include <dits/commit.h>

#include "cli/cli.h"

/* "[main 1a2b3c4] subject", and how much it changed. */
MUST_USE dits_error *commit_result_print(
    const struct cli *cli, const struct dits_commit_result *result);

#endif
