/*
 * cli/transfer.h - what fetch and push say of refs
 */
#ifndef CLI_TRANSFER_H
#define CLI_TRANSFER_H

#include <dits/transfer.h>

#include "cli/cli.h"

/* As git's tables: one line for each ref, on standard error. */
struct transfer_print {
    struct cli *cli;
    const char *title; /* "From" or "To" */
    bool is_started;
};

/* A dits_ref_result_fn with such a payload; objects on `out` with --json. */
MUST_USE dits_error *transfer_print_ref(const struct dits_ref_result *result,
                                        void *payload);

/* "12.3 MB in 40 chunks", unless nothing came. */
void transfer_note(const struct cli *cli, const char *done,
                   const struct dits_transfer_result *result);

/* "main", "v1", "origin/main"; full where it is none of these. */
const char *transfer_short_name(const char *full_name);

#endif
