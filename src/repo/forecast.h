/*
 * repo/forecast.h - when the disk will be full
 */
#ifndef REPO_FORECAST_H
#define REPO_FORECAST_H

#include <dits/maintenance.h>

#include "repo/repo.h"

/* From samples, oldest first, and what there is now. */
MUST_USE dits_error *forecast_compute(const struct dits_sample *samples,
                                      size_t count,
                                      const struct dits_sample *now,
                                      struct dits_forecast *out);

/*
 * Refuse to fill the last of the disk: LIMIT when less than add.minFree (in
 * percent; 5) is free. A disk that is full to the brim keeps even gc from work.
 */
MUST_USE dits_error *forecast_check_room(const dits_repo *repo);

#endif
