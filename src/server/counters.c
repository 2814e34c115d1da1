#include "server/counters.h"

#include <inttypes.h>
#include <string.h>

#include "base/pool.h"

static const char *const classes[COUNTER_CLASSES] = {"2xx", "3xx", "4xx",
                                                     "5xx"};

void counters_init(struct counters *counters)
{
    *counters = (struct counters){.throttled = 0};
    (void)pthread_mutex_init(&counters->mutex, NULL);
}

void counters_release(struct counters *counters)
{
    (void)pthread_mutex_destroy(&counters->mutex);
}

void counters_add(struct counters *counters, const struct counted *what)
{
    int class = what->status / 100 - 2;
    POOL_LOCKED(&counters->mutex);
    struct counter *route = &counters->routes[what->route % COUNTER_ROUTES];
    if (class >= 0 && class < COUNTER_CLASSES)
        route->answers[class]++;
    route->microseconds += (uint64_t)what->microseconds;
    route->bytes_in += what->bytes_in;
    route->bytes_out += what->bytes_out;
    counters->throttled += what->status == 429;
}

void counters_add_sign_in_refused(struct counters *counters)
{
    POOL_LOCKED(&counters->mutex);
    counters->sign_ins_refused++;
}

static dits_error *begin(struct buf *out, const char *name, const char *help)
{
    return buf_printf(out, "# HELP %s %s\n# TYPE %s counter\n", name, help,
                      name);
}

static dits_error *print_answers(const struct counter *routes,
                                 const char *const *names, size_t count,
                                 struct buf *out)
{
    TRY(begin(out, "ditsd_answers_total", "Answers, by route and status."));
    for (size_t i = 0; i < count; i++)
        for (int class = 0; class < COUNTER_CLASSES; class ++)
            if (routes[i].answers[class] > 0)
                TRY(buf_printf(out,
                               "ditsd_answers_total{route=\"%s\",status=\"%s\"}"
                               " %" PRIu64 "\n",
                               names[i], classes[class],
                               routes[i].answers[class]));
    return NULL;
}

static dits_error *print_one(struct buf *out, const char *name,
                             const char *help, uint64_t value)
{
    TRY(begin(out, name, help));
    return buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

static dits_error *print_sums(const struct counters *all, size_t count,
                              struct buf *out)
{
    struct counter sum = {.bytes_in = 0};
    for (size_t i = 0; i < count; i++) {
        sum.microseconds += all->routes[i].microseconds;
        sum.bytes_in += all->routes[i].bytes_in;
        sum.bytes_out += all->routes[i].bytes_out;
    }
    TRY(begin(out, "ditsd_answering_seconds_total", "Time spent answering."));
    TRY(buf_printf(out,
                   "ditsd_answering_seconds_total %" PRIu64 ".%06" PRIu64 "\n",
                   sum.microseconds / 1000000, sum.microseconds % 1000000));
    TRY(print_one(out, "ditsd_received_bytes_total",
                  "Bytes of requests' bodies.", sum.bytes_in));
    TRY(print_one(out, "ditsd_sent_bytes_total", "Bytes of answers' bodies.",
                  sum.bytes_out));
    TRY(print_one(out, "ditsd_throttled_total",
                  "Requests of those who ask too often.", all->throttled));
    return print_one(out, "ditsd_sign_ins_refused_total",
                     "Sign-ins that were refused.", all->sign_ins_refused);
}

dits_error *counters_print(struct counters *counters, const char *const *names,
                           size_t count, struct buf *out)
{
    POOL_LOCKED(&counters->mutex);
    TRY(print_answers(counters->routes, names, count, out));
    return print_sums(counters, count, out);
}
