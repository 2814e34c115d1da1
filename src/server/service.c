#include "server/service.h"

#include <time.h>

#include "base/mem.h"
#include "base/text.h"

enum { MICRO = 1000000, NANO_IN_MICRO = 1000 };

static int64_t system_now(void *payload)
{
    struct timespec now = {.tv_sec = 0};
    (void)payload;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * MICRO + now.tv_nsec / NANO_IN_MICRO;
}

static dits_error *fill(struct service *service,
                        const struct service_options *options)
{
    TRY(text_copy(options->folder, &service->folder));
    TRY(password_rules_make(options->cost, &service->passwords));
    TRY(db_pool_new(options->folder, &service->databases));
    TRY(throttle_new(&service->throttle));
    return request_log_new(&options->sink, &service->log);
}

dits_error *service_new(const struct service_options *options,
                        struct service **out)
{
    CLEANUP(service_freep) struct service *service = mem_new(struct service);
    if (service == NULL)
        return error_nomem();
    counters_init(&service->counters);
    (void)pthread_mutex_init(&service->mutex, NULL);
    service->clock = options->clock;
    if (service->clock.now == NULL)
        service->clock.now = system_now;
    if (options->sync != NULL)
        service->sync = *options->sync;
    TRY(fill(service, options));
    *out = MOVE(service);
    return NULL;
}

void service_free(struct service *service)
{
    if (service == NULL)
        return;
    request_log_free(service->log);
    throttle_free(service->throttle);
    db_pool_free(service->databases);
    counters_release(&service->counters);
    (void)pthread_mutex_destroy(&service->mutex);
    mem_free(service->folder);
    mem_free(service);
}

void service_freep(struct service **service)
{
    service_free(*service);
}
