#include "base/context.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <threads.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"

struct dits_context {
    struct dits_context_options options;
    char *user_config;
    char *user_name;
    char *user_email;
    char *home;
    char *ssh_agent;
    char *ssh_command;
    atomic_int cancelled;
};

static void context_freep(dits_context **context)
{
    dits_context_free(*context);
}

dits_error *dits_context_new(const struct dits_context_options *options,
                             dits_context **out)
{
    CLEANUP(context_freep) dits_context *context = mem_new(dits_context);
    if (context == NULL)
        return error_nomem();
    if (options != NULL)
        context->options = *options;
    struct dits_context_options *o = &context->options;
    TRY(text_copy_optional(o->user_config, &context->user_config));
    TRY(text_copy_optional(o->user_name, &context->user_name));
    TRY(text_copy_optional(o->user_email, &context->user_email));
    TRY(text_copy_optional(o->home, &context->home));
    TRY(text_copy_optional(o->ssh_agent, &context->ssh_agent));
    TRY(text_copy_optional(o->ssh_command, &context->ssh_command));
    o->user_config = context->user_config;
    o->user_name = context->user_name;
    o->user_email = context->user_email;
    o->home = context->home;
    o->ssh_agent = context->ssh_agent;
    o->ssh_command = context->ssh_command;
    if (o->threads == 0)
        o->threads = pool_processors();
    *out = MOVE(context);
    return NULL;
}

void dits_context_free(dits_context *context)
{
    if (context == NULL)
        return;
    mem_free(context->user_config);
    mem_free(context->user_name);
    mem_free(context->user_email);
    mem_free(context->home);
    mem_free(context->ssh_agent);
    mem_free(context->ssh_command);
    mem_free(context);
}

void dits_context_cancel(dits_context *context)
{
    atomic_store(&context->cancelled, 1);
}

const char *dits_version(void)
{
    return DITS_VERSION;
}

dits_error *context_check(const dits_context *context)
{
    if (atomic_load_explicit(&context->cancelled, memory_order_relaxed))
        return error_new(DITS_E_CANCELLED, "stopped");
    return NULL;
}

dits_error *context_pause(const dits_context *context, unsigned milliseconds)
{
    enum { STEP_MS = 50, NS_OF_MS = 1000000 };
    while (milliseconds > 0) {
        unsigned step = milliseconds < STEP_MS ? milliseconds : STEP_MS;
        const struct timespec pause = {.tv_nsec = (long)step * NS_OF_MS};
        TRY(context_check(context));
        (void)thrd_sleep(&pause, NULL);
        milliseconds -= step;
    }
    return context_check(context);
}

int64_t context_now(const dits_context *context)
{
    const struct dits_context_options *o = &context->options;
    return o->clock != NULL ? o->clock(o->payload) : (int64_t)time(NULL);
}

unsigned context_threads(const dits_context *context)
{
    return context->options.threads;
}

const struct dits_context_options *context_options(const dits_context *context)
{
    return &context->options;
}

void context_progress(const dits_context *context,
                      const struct dits_progress *progress)
{
    const struct dits_context_options *o = &context->options;
    if (o->progress != NULL)
        o->progress(progress, o->payload);
}

static PRINTF_LIKE(3, 0) void log_at(const dits_context *context,
                                     enum dits_log_level level, const char *fmt,
                                     va_list args)
{
    const struct dits_context_options *o = &context->options;
    CLEANUP(buf_release) struct buf message = {0};
    if (o->log == NULL)
        return;
    dits_error *err = buf_vprintf(&message, fmt, args);
    o->log(level, err == NULL ? buf_text(&message) : "out of memory",
           o->payload);
    dits_error_free(err); /* the message says it */
}

#define DEFINE_LOG(name, level)                                  \
    void name(const dits_context *context, const char *fmt, ...) \
    {                                                            \
        va_list args;                                            \
        va_start(args, fmt);                                     \
        log_at(context, level, fmt, args);                       \
        va_end(args);                                            \
    }

DEFINE_LOG(log_debug, DITS_LOG_DEBUG)
DEFINE_LOG(log_info, DITS_LOG_INFO)
DEFINE_LOG(log_warn, DITS_LOG_WARN)
