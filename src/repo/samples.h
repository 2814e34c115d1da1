/*
 * repo/samples.h - how much was stored, and how much room there was, when
 *
 * Rows of meta.db: one an hour at most, for a week; the last one of each day
 * for three years.
 */
#ifndef REPO_SAMPLES_H
#define REPO_SAMPLES_H

#include <dits/maintenance.h>

#include "repo/repo.h"

/* What there is now. */
MUST_USE dits_error *samples_measure(const dits_repo *repo,
                                     struct dits_sample *out);

/* Note what there is now. Does nothing within an hour of the last one. */
MUST_USE dits_error *samples_take(dits_repo *repo);

#endif
