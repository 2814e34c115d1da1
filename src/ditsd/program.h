/*
 * ditsd/program.h - all commands of `ditsd`
 */
#ifndef DITSD_PROGRAM_H
#define DITSD_PROGRAM_H

#include "cli/program.h"

extern const struct cli_program ditsd_program;

#endif
