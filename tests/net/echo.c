/*
 * A server with a handler of a few lines, for tests and benchmarks:
 *
 *     echo-server FOLDER [NAME=VALUE...]
 *
 * makes FOLDER/certificate.pem and FOLDER/key.pem where they are missing, and
 * writes the port to FOLDER/port once it listens. HUP reads the certificate
 * again, TERM drains and ends. The log goes to standard error.
 *
 * A NAME is a field of struct http_limits, or loops, threads, port, drain_ms.
 */
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/certificate.h"
#include "net/http_server.h"

#define WAIT_MOST_MS 60000u

struct setup {
    struct http_server_options options;
    uint64_t drain_ms;
    char *folder;
    char *gate; /* a file: while it is there, /gate waits */
};

/* --- what it answers --- */

static dits_error *put_bytes(struct exchange *exchange, uint64_t size)
{
    void *bytes = NULL;
    if (size > EXCHANGE_MAX_BODY) {
        exchange->status = 400;
        return NULL;
    }
    TRY(buf_extend(&exchange->reply, (size_t)size, &bytes));
    memset(bytes, 'd', (size_t)size);
    exchange->type = "application/octet-stream";
    return NULL;
}

static dits_error *put_fields(struct exchange *exchange)
{
    exchange->type = "text/plain";
    TRY(buf_printf(&exchange->reply, "%s %s ?%s from %s\n", exchange->method,
                   exchange->path, exchange->query, exchange->peer));
    for (size_t i = 0; i < exchange->field_count; i++)
        TRY(buf_printf(&exchange->reply, "%s: %s\n", exchange->fields[i].name,
                       exchange->fields[i].value));
    return NULL;
}

/* It goes on when the file is gone: tests see exchanges while they last. */
static void wait_at(const struct setup *setup)
{
    for (unsigned ms = 0; fs_exists(setup->gate) && ms < WAIT_MOST_MS; ms += 10)
        fs_pause_ms(10);
}

static dits_error *serve(struct exchange *exchange, void *payload)
{
    const struct setup *setup = payload;
    const char *path = exchange->path;
    uint64_t number = 0;
    exchange->status = 200;
    if (strcmp(path, "/echo") == 0)
        return buf_put(&exchange->reply, exchange->body.data,
                       exchange->body.size);
    if (strcmp(path, "/fields") == 0)
        return put_fields(exchange);
    if (text_starts_with(path, "/bytes/") && text_to_u64(path + 7, &number))
        return put_bytes(exchange, number);
    if (text_starts_with(path, "/status/") && text_to_u64(path + 8, &number)) {
        exchange->status = (int)number;
        return NULL;
    }
    if (strcmp(path, "/fail") == 0)
        return error_new(DITS_E_INTERNAL, "it failed as it was told to");
    if (strcmp(path, "/gate") == 0)
        wait_at(setup);
    else if (strcmp(path, "/") != 0)
        exchange->status = 404;
    return buf_put_text(&exchange->reply, "hello\n");
}

/* --- how it is set up --- */

#define LIMIT(field)                                 \
    {                                                \
        #field, offsetof(struct http_limits, field), \
            sizeof(((struct http_limits *)0)->field) \
    }

static const struct {
    const char *name;
    size_t offset;
    size_t size;
} limits[] = {
    LIMIT(connections),       LIMIT(connections_per_peer),
    LIMIT(streams),           LIMIT(resets),
    LIMIT(resets_per_second), LIMIT(header_bytes),
    LIMIT(header_count),      LIMIT(body_memory),
    LIMIT(waiting),           LIMIT(handshake_ms),
    LIMIT(header_ms),         LIMIT(body_ms),
    LIMIT(send_ms),           LIMIT(idle_ms),
    LIMIT(linger_ms),
};

static bool set_limit(struct http_limits *out, const char *name, uint64_t value)
{
    const unsigned number = (unsigned)value;
    const size_t size = (size_t)value;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        char *at = (char *)out + limits[i].offset;
        if (strcmp(name, limits[i].name) != 0)
            continue;
        if (limits[i].size == sizeof(number))
            memcpy(at, &number, sizeof(number));
        else
            memcpy(at, &size, sizeof(size));
        return true;
    }
    return false;
}

static bool set(struct setup *setup, const char *name, uint64_t size)
{
    if (strcmp(name, "loops") == 0)
        setup->options.loops = (unsigned)size;
    else if (strcmp(name, "threads") == 0)
        setup->options.threads = (unsigned)size;
    else if (strcmp(name, "port") == 0)
        setup->options.port = (uint16_t)size;
    else if (strcmp(name, "drain_ms") == 0)
        setup->drain_ms = size;
    else
        return set_limit(&setup->options.limits, name, size);
    return true;
}

static dits_error *read_option(struct setup *setup, const char *text)
{
    char name[32] = "";
    uint64_t size = 0;
    const char *mark = strchr(text, '=');
    size_t length = mark == NULL ? 0 : (size_t)(mark - text);
    if (length == 0 || length >= sizeof(name) || !text_to_size(mark + 1, &size))
        return error_new(DITS_E_INVALID, "'%s' is not NAME=NUMBER", text);
    memcpy(name, text, length);
    if (!set(setup, name, size))
        return error_new(DITS_E_INVALID, "no setting '%s'", name);
    return NULL;
}

static void log_line(enum dits_log_level level, const char *message,
                     void *payload)
{
    (void)payload;
    (void)fprintf(stderr, "%d %s\n", (int)level, message);
}

static dits_error *write_port(const char *folder, uint16_t port)
{
    CLEANUP(text_free) char *path = NULL;
    char text[16];
    int length = snprintf(text, sizeof(text), "%u\n", port);
    TRY(fs_join(folder, "port", &path));
    return fs_replace(path, text, (size_t)length);
}

static void print_counts(struct http_server *server)
{
    struct http_server_counts counts = {0};
    http_server_count(server, &counts);
    (void)fprintf(stderr,
                  "counts connections=%u accepted=%llu turned_away=%llu "
                  "exchanges=%llu body_bytes=%zu reply_bytes=%zu\n",
                  counts.connections, counts.accepted, counts.turned_away,
                  counts.exchanges, counts.body_bytes, counts.reply_bytes);
}

static void reload(struct http_server *server)
{
    dits_error *err = http_server_reload(server);
    (void)fprintf(stderr, "reload: %s\n",
                  err == NULL ? "done" : dits_error_message(err));
    dits_error_free(err);
}

static dits_error *run(struct setup *setup, const sigset_t *signals)
{
    struct http_server *server = NULL;
    int signal = 0;
    TRY(http_server_start(&setup->options, &server));
    dits_error *err = write_port(setup->folder, http_server_port(server));
    while (err == NULL && sigwait(signals, &signal) == 0 && signal != SIGTERM) {
        if (signal == SIGHUP)
            reload(server);
        else
            print_counts(server);
    }
    bool is_drained = http_server_drain(server, (unsigned)setup->drain_ms);
    (void)fprintf(stderr, "drained: %s\n", is_drained ? "yes" : "no");
    print_counts(server);
    http_server_free(server);
    return err;
}

static dits_error *start(int argc, char **argv, const sigset_t *signals)
{
    CLEANUP(text_free) char *certificate = NULL;
    CLEANUP(text_free) char *key = NULL;
    CLEANUP(text_free) char *gate = NULL;
    struct setup setup = {.drain_ms = 10000, .folder = argv[1]};
    TRY(fs_join(argv[1], "certificate.pem", &certificate));
    TRY(fs_join(argv[1], "key.pem", &key));
    TRY(fs_join(argv[1], "gate", &gate));
    for (int i = 2; i < argc; i++)
        TRY(read_option(&setup, argv[i]));
    if (!fs_exists(key))
        TRY(certificate_make(certificate, key, NULL, 0, time(NULL)));
    setup.gate = gate;
    setup.options.address = "127.0.0.1";
    setup.options.certificate = certificate;
    setup.options.key = key;
    setup.options.serve = serve;
    setup.options.payload = &setup;
    setup.options.log = log_line;
    return run(&setup, signals);
}

int main(int argc, char **argv)
{
    sigset_t signals;
    if (argc < 2)
        return 2;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGHUP);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGUSR1);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    dits_error *err = start(argc, argv, &signals);
    for (const dits_error *at = err; at != NULL; at = dits_error_cause(at))
        (void)fprintf(stderr, "echo-server: %s\n", dits_error_message(at));
    int status = err == NULL ? 0 : 1;
    dits_error_free(err);
    return status;
}
