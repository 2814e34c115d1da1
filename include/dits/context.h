/*
 * dits/context.h - what the library is given by its caller
 *
 * The library reads no environment, no home folder, no terminal and no clock
 * of its own: those come in here. A context is made once, is shared by any
 * number of repositories and threads, and outlives them.
 */
#ifndef DITS_CONTEXT_H
#define DITS_CONTEXT_H

#include <stdint.h>

#include <dits/error.h>

DITS_BEGIN_DECLS

typedef struct dits_context dits_context;

enum dits_log_level {
    DITS_LOG_DEBUG = 0,
    DITS_LOG_INFO = 1,
    DITS_LOG_WARN = 2, /* something the user should know; the work goes on */
};

/* `message` is one line, borrowed for the call. Any thread may call. */
typedef void dits_log_fn(enum dits_log_level level, const char *message,
                         void *payload);

/* How far a long operation is. */
struct dits_progress {
    const char *task;     /* "adding", "checking out": stays the same */
    const char *item;     /* what is being worked on, or NULL */
    uint64_t done_bytes;  /* 0 and 0 where bytes do not apply */
    uint64_t total_bytes; /* 0: not known yet */
    uint64_t done_items;
    uint64_t total_items; /* 0: not known yet */
    int finished;         /* nonzero in the last call for this task */
};

/*
 * Called from the thread that works, often: it must be cheap. Never two calls
 * at once. `progress` is borrowed for the call.
 */
typedef void dits_progress_fn(const struct dits_progress *progress,
                              void *payload);

/* Seconds since 1970-01-01 00:00 UTC. */
typedef int64_t dits_clock_fn(void *payload);

/* Zero means the default for each field. */
struct dits_context_options {
    dits_log_fn *log;           /* none: messages are dropped */
    dits_progress_fn *progress; /* none */
    dits_clock_fn *clock;       /* none: the system's clock */
    void *payload;              /* for the three above */
    unsigned threads;           /* 0: one for each processor */
    const char *user_config;    /* path of the user's own configuration file */
    const char *user_name;      /* fallback where user.name is not set */
    const char *user_email;     /* fallback where user.email is not set */
    const char *home;           /* what "~/" stands for in settings */
    const char *ssh_agent;      /* path of the socket of an ssh-agent */
    const char *ssh_command;    /* run in place of "ssh", by a shell */
    const char *const *environment; /* of programs that are started on the
                                       user's behalf, ends with NULL; borrowed
                                       as long as the context lives */
    int32_t utc_offset_minutes;     /* of the user's time zone, east positive */
};

/* The options and their strings are copied. The caller frees `*out`. */
DITS_API DITS_MUST_USE dits_error *dits_context_new(
    const struct dits_context_options *options, dits_context **out);

/* NULL is allowed. */
DITS_API void dits_context_free(dits_context *context);

/*
 * Ask everything that runs under `context` to stop soon and to answer with
 * DITS_E_CANCELLED. Any thread, and signal handlers.
 */
DITS_API void dits_context_cancel(dits_context *context);

/* The library's version, as in "0.1.0". */
DITS_API const char *dits_version(void);

DITS_END_DECLS

#endif
