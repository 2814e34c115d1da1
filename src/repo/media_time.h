/*
 * repo/media_time.h - times as exact fractions of a second
 *
 * Files say what they like of their clocks, so nothing here can overflow: what
 * does not fit is unknown (a `den` of 0).
 */
#ifndef REPO_MEDIA_TIME_H
#define REPO_MEDIA_TIME_H

#include <dits/media.h>

#include "media/media.h"

/* In lowest terms, `den` positive. Unknown for a `den` of 0. */
struct dits_rational media_rational(int64_t num, int64_t den);

/* `ticks` of a time base as seconds; MEDIA_NO_TIME is unknown. */
struct dits_rational media_seconds(int64_t ticks, struct media_time_base base);

/* Unknown when one of them is. */
struct dits_rational media_difference(struct dits_rational a,
                                      struct dits_rational b);

/* Whether `a` is before `b`; an unknown time is before every other. */
bool media_is_before(struct dits_rational a, struct dits_rational b);

/*
 * From the first start to the last end of all tracks; the longest of what goes
 * by different clocks.
 */
struct dits_rational media_duration(const struct media_file *file);

#endif
