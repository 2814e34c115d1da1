/*
 * cli/findings.h - what fsck and verify found, as it is shown
 */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include <dits/maintenance.h>

#include "cli/cli.h"

/* A dits_fsck_fn; the payload is the struct cli. */
MUST_USE dits_error *finding_print(const struct dits_fsck_finding *finding,
                                   void *cli);

#endif
