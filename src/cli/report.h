/*
 * cli/report.h - failures as the user sees them
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>

#include "cli/cli.h"

/*
 * The message, a line for each cause, and the hints:
 *
 *     dits: cannot open 'x.mov'
 *       because No such file or directory
 *       hint: See 'dits ls'.
 */
void report_error(FILE *out, const char *program, const dits_error *err,
                  bool colors);

#endif
