/*
 * repo/trend.h - how fast something grows
 *
 * Two lines through the same points: least squares, which every point moves,
 * and Theil and Sen's, the median of the slopes of all pairs, which a day of
 * ingest or a gc among many ordinary days does not move.
 */
#ifndef REPO_TREND_H
#define REPO_TREND_H

#include <stddef.h>

#include "base/error.h"

struct trend_point {
    double x;
    double y;
};

/* Points beyond are thinned out evenly before pairs are made of them. */
#define TREND_MAX_PAIRED 400

/* Slopes; 0 for fewer than two points, or all at one place. */
double trend_linear(const struct trend_point *points, size_t count);
MUST_USE dits_error *trend_theil_sen(const struct trend_point *points,
                                     size_t count, double *out);

#endif
