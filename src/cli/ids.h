/*
 * cli/ids.h - ids as they are shown
 */
#ifndef CLI_IDS_H
#define CLI_IDS_H

#include <dits/oid.h>

#include "cli/cli.h"

/* The shortest form that names nothing else: 7 digits or more. */
MUST_USE dits_error *id_short(const struct cli *cli, const struct dits_oid *id,
                              char out[DITS_OID_HEX_SIZE]);

#endif
