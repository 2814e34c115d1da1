/*
 * cli/stats_forecast.h - `dits stats --forecast`
 */
#ifndef CLI_STATS_FORECAST_H
#define CLI_STATS_FORECAST_H

#include <stdbool.h>

#include "cli/cli.h"

MUST_USE dits_error *stats_forecast(struct cli *cli, bool csv);

#endif
