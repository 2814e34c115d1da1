/*
 * cli/operations.h - operations, as undo, redo and op log tell of them
 */
#ifndef CLI_OPERATIONS_H
#define CLI_OPERATIONS_H

#include <dits/operation.h>

#include "cli/cli.h"

/* Say what became of operation `id`: "undid operation 7: dits commit -m x". */
MUST_USE dits_error *operation_tell(struct cli *cli, const char *what,
                                    uint64_t id);

/* One JSON object with everything. */
void operation_json(FILE *out, const struct dits_operation *operation);

#endif
