#include "server/request_log.h"

#include <stdio.h>
#include <time.h>

#include "base/mem.h"
#include "base/pool.h"
#include "net/json_out.h"

enum { MICRO = 1000000 };

struct request_log {
    struct request_log_sink sink;
    pthread_mutex_t mutex;
    int64_t second; /* all under the mutex */
    unsigned lines; /* in that second */
    int64_t left_out;
};

dits_error *request_log_new(const struct request_log_sink *sink,
                            struct request_log **out)
{
    struct request_log *log = mem_new(struct request_log);
    if (log == NULL)
        return error_nomem();
    log->sink = *sink;
    (void)pthread_mutex_init(&log->mutex, NULL);
    *out = log;
    return NULL;
}

void request_log_free(struct request_log *log)
{
    if (log == NULL)
        return;
    (void)pthread_mutex_destroy(&log->mutex);
    mem_free(log);
}

void request_log_freep(struct request_log **log)
{
    request_log_free(*log);
}

static void put_time(struct json_out *json, int64_t micros)
{
    char text[32] = {0};
    char whole[48] = {0};
    time_t seconds = (time_t)(micros / MICRO);
    struct tm parts = {.tm_year = 0};
    (void)gmtime_r(&seconds, &parts);
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(whole, sizeof(whole), "%s.%03dZ", text,
                   (int)(micros % MICRO / 1000));
    json_out_text(json, "time", whole);
}

static void put_account(struct json_out *json, const struct server_id *id)
{
    char hex[SERVER_ID_HEX_SIZE] = {0};
    if (server_id_is_none(id))
        return;
    server_id_hex(id, hex);
    json_out_text(json, "account", hex);
}

static dits_error *print(const struct request_log_entry *entry,
                         int64_t left_out, struct buf *out)
{
    struct json_out json = json_out_begin(out);
    put_time(&json, entry->time);
    json_out_text(&json, "level", entry->error ? "error" : "info");
    json_out_text(&json, "request", entry->request);
    json_out_text(&json, "method", entry->method);
    json_out_text(&json, "route", entry->route);
    if (entry->repository != NULL)
        json_out_text(&json, "repository", entry->repository);
    json_out_i64(&json, "status", entry->status);
    json_out_i64(&json, "microseconds", entry->microseconds);
    json_out_i64(&json, "bytes_in", (int64_t)entry->bytes_in);
    json_out_i64(&json, "bytes_out", (int64_t)entry->bytes_out);
    put_account(&json, &entry->account);
    if (entry->error != NULL)
        json_out_text(&json, "error", entry->error);
    if (left_out > 0)
        json_out_i64(&json, "left_out", left_out);
    return json_out_end(&json);
}

static bool is_written(struct request_log *log,
                       const struct request_log_entry *entry)
{
    if (log->second != entry->time / MICRO) {
        log->second = entry->time / MICRO;
        log->lines = 0;
    }
    if (entry->error == NULL && entry->status < 500 &&
        log->lines >= REQUEST_LOG_RATE)
        return false;
    log->lines++;
    return true;
}

void request_log_add(struct request_log *log,
                     const struct request_log_entry *entry)
{
    CLEANUP(buf_release) struct buf line = {0};
    if (log->sink.put == NULL)
        return;
    POOL_LOCKED(&log->mutex);
    if (!is_written(log, entry)) {
        log->left_out++;
        return;
    }
    dits_error *err = print(entry, log->left_out, &line);
    log->left_out = err != NULL ? log->left_out + 1 : 0;
    if (err == NULL)
        log->sink.put(buf_text(&line), line.size, log->sink.payload);
    dits_error_free(err);
}
