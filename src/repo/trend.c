#include "repo/trend.h"

#include <stdlib.h>

#include "base/mem.h"

double trend_linear(const struct trend_point *points, size_t count)
{
    double mean_x = 0;
    double mean_y = 0;
    double above = 0;
    double below = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += points[i].x / (double)count;
        mean_y += points[i].y / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double x = points[i].x - mean_x;
        above += x * (points[i].y - mean_y);
        below += x * x;
    }
    return below > 0 ? above / below : 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
    double middle = values[count / 2];
    return count % 2 == 1 ? middle : (values[count / 2 - 1] + middle) / 2;
}

dits_error *trend_theil_sen(const struct trend_point *points, size_t count,
                            double *out)
{
    size_t step = count / TREND_MAX_PAIRED + 1;
    size_t used = 0;
    *out = 0;
    if (count < 2)
        return NULL;
    size_t kept = (count + step - 1) / step;
    double *slopes = mem_new_array(double, kept *kept / 2 + 1);
    if (slopes == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i += step)
        for (size_t k = i + step; k < count; k += step)
            if (points[k].x > points[i].x || points[k].x < points[i].x)
                slopes[used++] = (points[k].y - points[i].y) /
                                 (points[k].x - points[i].x);
    if (used > 0)
        *out = median(slopes, used);
    mem_free(slopes);
    return NULL;
}
