#include "repo/forecast.h"

#include <math.h>

#include <dits/config.h>

#include "base/mem.h"
#include "repo/samples.h"
#include "repo/trend.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

#define GB 1e9

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-6 * fabs(b) + 1e-9;
}

TEST(both_lines_go_through_points_of_a_line)
{
    struct trend_point points[900] = {{0}};
    for (size_t i = 0; i < 900; i++)
        points[i] =
            (struct trend_point){.x = (double)i, .y = 7 - 3.0 * (double)i};
    double robust = 0;
    for (size_t count = 2; count <= 900; count += 449) {
        CHECK(is_near(trend_linear(points, count), -3));
        CHECK_OK(trend_theil_sen(points, count, &robust));
        CHECK(is_near(robust, -3));
    }
}

/* By hand: 0,0 1,1 2,2 3,3 4,100. */
TEST(one_wild_point_moves_only_the_linear_one)
{
    const struct trend_point points[] = {
        {0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 100}};
    double robust = 0;
    CHECK(is_near(trend_linear(points, 5), 20.2));
    CHECK_OK(trend_theil_sen(points, 5, &robust));
    CHECK(is_near(robust, 1)); /* six of ten are 1: the others are larger */
}

TEST(where_there_is_no_line_the_slope_is_none)
{
    const struct trend_point same[] = {{1, 5}, {1, 9}};
    double robust = 1;
    CHECK(is_near(trend_linear(NULL, 0), 0));
    CHECK(is_near(trend_linear(same, 2), 0));
    CHECK_OK(trend_theil_sen(NULL, 0, &robust));
    CHECK(is_near(robust, 0));
    CHECK_OK(trend_theil_sen(same, 2, &robust));
    CHECK(is_near(robust, 0));
}

/* Twelve months, a sample a day: 2 GB a day, and 50 GB at once on day 100. */
enum { MONTHS_DAYS = 365 };

static void make_year(struct dits_sample *out, int64_t now)
{
    for (int i = 0; i < MONTHS_DAYS; i++) {
        int64_t ago = MONTHS_DAYS - 1 - i;
        uint64_t stored = (uint64_t)(2 * GB * i) + (i >= 100 ? 50000000000 : 0);
        out[i] = (struct dits_sample){
            .time = now - ago * DAY,
            .stored_bytes = stored,
            .free_bytes = 1000000000000 - stored,
            .total_bytes = 1000000000000,
        };
    }
}

TEST(a_year_of_samples_gives_the_figures_of_the_fixture)
{
    static struct dits_sample samples[MONTHS_DAYS];
    struct dits_forecast forecast = {0};
    int64_t now = 1800000000;
    make_year(samples, now);
    CHECK_OK(forecast_compute(samples, MONTHS_DAYS, &samples[MONTHS_DAYS - 1],
                              &forecast));
    const struct dits_growth *week = &forecast.growth[1];
    const struct dits_growth *year = &forecast.growth[3];
    CHECK(week->days == 7 && week->samples == 8);
    CHECK(is_near(week->stored_linear, 2 * GB));
    CHECK(is_near(week->used_robust, 2 * GB));
    CHECK(year->samples == MONTHS_DAYS);
    CHECK(is_near(year->stored_robust, 2 * GB));
    CHECK(is_near(year->stored_linear, 2163490226.3691854));
    CHECK(is_near(year->used_linear, 2163490226.3691854));
    /* 1,000 - 728 - 50 = 222 GB are free. */
    CHECK(forecast.days == 7 && is_near(forecast.days_left, 111));
    CHECK(!forecast.is_short);
}

TEST(a_week_or_less_is_short)
{
    static struct dits_sample samples[MONTHS_DAYS];
    struct dits_forecast forecast = {0};
    make_year(samples, 1800000000);
    struct dits_sample now = samples[MONTHS_DAYS - 1];
    now.free_bytes = 13900000000;
    CHECK_OK(forecast_compute(samples, MONTHS_DAYS, &now, &forecast));
    CHECK(forecast.is_short && is_near(forecast.days_left, 6.95));
    now.free_bytes = 14100000000;
    CHECK_OK(forecast_compute(samples, MONTHS_DAYS, &now, &forecast));
    CHECK(!forecast.is_short);
}

TEST(few_samples_and_a_disk_that_empties_give_no_day)
{
    static struct dits_sample samples[MONTHS_DAYS];
    struct dits_forecast forecast = {0};
    make_year(samples, 1800000000);
    const struct dits_sample *now = &samples[MONTHS_DAYS - 1];
    CHECK_OK(forecast_compute(now - 1, 2, now, &forecast));
    CHECK(forecast.days == 0 && forecast.days_left < 0 && !forecast.is_short);
    CHECK_OK(forecast_compute(NULL, 0, now, &forecast));
    CHECK(forecast.days == 0);
    for (int i = 0; i < MONTHS_DAYS; i++)
        samples[i].free_bytes = (uint64_t)(GB * i);
    CHECK_OK(forecast_compute(samples, MONTHS_DAYS, now, &forecast));
    CHECK(forecast.days == 7 && forecast.days_left < 0 && !forecast.is_short);
}

TEST(failed_allocations_leave_nothing_behind)
{
    static struct dits_sample samples[MONTHS_DAYS];
    make_year(samples, 1800000000);
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct dits_forecast forecast = {0};
        mem_fault_arm(nth);
        dits_error *err = forecast_compute(
            samples, MONTHS_DAYS, &samples[MONTHS_DAYS - 1], &forecast);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(mem_fault_live() == live);
    }
}

static dits_error *count_sample(const struct dits_sample *sample, void *payload)
{
    size_t *count = payload;
    ++*count;
    return sample->total_bytes >= sample->free_bytes
               ? NULL
               : error_new(DITS_E_INTERNAL, "more free than there is");
}

TEST(samples_are_hourly_for_a_week_and_daily_before)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    size_t count = 0;
    CHECK_OK(temp_repo_make(&temp));
    temp.now = 1800000000 / DAY * DAY;
    for (int i = 0; i < 20 * 48; i++) { /* twenty days, each half hour */
        CHECK_OK(samples_take(temp.repo));
        temp.now += HOUR / 2;
    }
    CHECK_OK(dits_sample_each(temp.repo, count_sample, &count));
    CHECK(count > 8 * 24 + 10 && count < 9 * 24 + 14);
}

TEST(add_stops_before_the_disk_is_full)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                             "add.minFree", "101"));
    CHECK_FAILS(DITS_E_LIMIT, forecast_check_room(temp.repo));
    CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                             "add.minFree", "0"));
    CHECK_OK(forecast_check_room(temp.repo));
}
