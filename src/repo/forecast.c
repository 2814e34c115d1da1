#include "repo/forecast.h"

#include <inttypes.h>

#include "base/array.h"
#include "base/mem.h"
#include "repo/config.h"
#include "repo/samples.h"
#include "repo/trend.h"

enum { DAY = 24 * 3600, DEFAULT_MIN_FREE = 5, ENOUGH_SAMPLES = 3 };

static const uint32_t windows[DITS_GROWTH_WINDOWS] = {1, 7, 30, 365};

/* In the order in which they are asked: a week says more than a day. */
static const size_t preferred[DITS_GROWTH_WINDOWS] = {1, 2, 3, 0};

/* Slopes of one quantity over the points of a window. */
static dits_error *slopes(const struct trend_point *points, size_t count,
                          double *out_linear, double *out_robust)
{
    *out_linear = trend_linear(points, count);
    return trend_theil_sen(points, count, out_robust);
}

static uint64_t used_of(const struct dits_sample *sample)
{
    return sample->total_bytes > sample->free_bytes
               ? sample->total_bytes - sample->free_bytes
               : 0;
}

/* Points of the samples: days before now, and bytes. */
static void take_points(const struct dits_sample *samples, size_t count,
                        int64_t now, bool used, struct trend_point *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct dits_sample *sample = &samples[i];
        uint64_t bytes = used ? used_of(sample) : sample->stored_bytes;
        out[i].x = (double)(sample->time - now) / DAY;
        out[i].y = (double)bytes;
    }
}

static dits_error *grow_in_window(const struct dits_sample *samples,
                                  size_t count, const struct dits_sample *now,
                                  struct trend_point *points,
                                  struct dits_growth *out)
{
    int64_t since = now->time - (int64_t)out->days * DAY;
    while (count > 0 && samples->time < since) {
        samples++;
        count--;
    }
    out->samples = count;
    take_points(samples, count, now->time, false, points);
    TRY(slopes(points, count, &out->stored_linear, &out->stored_robust));
    take_points(samples, count, now->time, true, points);
    TRY(slopes(points, count, &out->used_linear, &out->used_robust));
    out->days_left =
        out->used_robust > 0 ? (double)now->free_bytes / out->used_robust : -1;
    return NULL;
}

static void choose_window(struct dits_forecast *forecast)
{
    forecast->days_left = -1;
    for (size_t i = 0; i < DITS_GROWTH_WINDOWS; i++) {
        const struct dits_growth *growth = &forecast->growth[preferred[i]];
        if (growth->samples < ENOUGH_SAMPLES)
            continue;
        forecast->days = growth->days;
        forecast->days_left = growth->days_left;
        break;
    }
    forecast->is_short = forecast->days_left >= 0 &&
                         forecast->days_left < DITS_FORECAST_WARN_DAYS;
}

dits_error *forecast_compute(const struct dits_sample *samples, size_t count,
                             const struct dits_sample *now,
                             struct dits_forecast *out)
{
    struct dits_forecast forecast = {.now = *now};
    struct trend_point *points = mem_new_array(struct trend_point, count + 1);
    if (points == NULL)
        return error_nomem();
    dits_error *err = NULL;
    for (size_t i = 0; i < DITS_GROWTH_WINDOWS && err == NULL; i++) {
        forecast.growth[i].days = windows[i];
        err = grow_in_window(samples, count, now, points, &forecast.growth[i]);
    }
    mem_free(points);
    TRY(err);
    choose_window(&forecast);
    *out = forecast;
    return NULL;
}

struct collection {
    struct dits_sample *samples;
    size_t count;
    size_t capacity;
};

static void collection_release(struct collection *collection)
{
    mem_free(collection->samples);
}

static dits_error *collect(const struct dits_sample *sample, void *payload)
{
    struct collection *collection = payload;
    struct dits_sample *samples =
        array_grown(collection->samples, collection->count,
                    &collection->capacity, sizeof(*samples));
    if (samples == NULL)
        return error_nomem();
    collection->samples = samples;
    collection->samples[collection->count++] = *sample;
    return NULL;
}

dits_error *dits_forecast_get(dits_repo *repo, struct dits_forecast *out)
{
    CLEANUP(collection_release) struct collection collection = {0};
    struct dits_sample now = {0};
    TRY(samples_take(repo));
    TRY(samples_measure(repo, &now));
    TRY(dits_sample_each(repo, collect, &collection));
    return forecast_compute(collection.samples, collection.count, &now, out);
}

dits_error *forecast_check_room(const dits_repo *repo)
{
    uint64_t min_free = 0;
    uint64_t room = 0;
    uint64_t total = 0;
    TRY(config_number(repo, "add.minfree", DEFAULT_MIN_FREE, &min_free));
    if (min_free == 0)
        return NULL;
    TRY(fs_room(repo->dits_dir, &room, &total));
    double share = total > 0 ? 100.0 * (double)room / (double)total : 100;
    if (share >= (double)min_free)
        return NULL;
    return error_hint(
        error_new(DITS_E_LIMIT, "only %.1f%% of the disk is free", share),
        "Make room (see 'dits gc'), or set add.minFree, in percent, lower "
        "than %" PRIu64 ".",
        min_free);
}
