/*
 * cli/verify_scrub.h - `dits verify` without revisions: reading all packs
 */
#ifndef CLI_VERIFY_SCRUB_H
#define CLI_VERIFY_SCRUB_H

#include <stdbool.h>

#include "cli/cli.h"

struct verify_scrub_args {
    const char *limit_rate; /* texts as they were typed, or NULL */
    const char *max_time;
    bool if_due;
    bool status;
};

MUST_USE dits_error *verify_scrub(struct cli *cli,
                                  const struct verify_scrub_args *args);

#endif
