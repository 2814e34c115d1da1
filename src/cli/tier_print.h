/*
 * cli/tier_print.h - what 'dits tier' shows
 */
#ifndef CLI_TIER_PRINT_H
#define CLI_TIER_PRINT_H

#include <dits/tier.h>

#include "cli/cli.h"

/* Names and folders. */
MUST_USE dits_error *tier_print_list(struct cli *cli);

/* What is in each, what would move there, and which are away. */
MUST_USE dits_error *tier_print_status(struct cli *cli);

MUST_USE dits_error *tier_print_packs(struct cli *cli);

/* A dits_tier_pack_fn: a pack that moves. The payload is the struct cli. */
MUST_USE dits_error *tier_print_move(const struct dits_tier_pack *pack,
                                     void *cli);
void tier_print_result(const struct cli *cli, bool dry_run,
                       const struct dits_tier_result *result);

#endif
