/*
 * ditsd serve - answer requests over HTTPS
 */
#include <inttypes.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "ditsd/site.h"
#include "ditsd/stop.h"
#include "net/certificate.h"
#include "net/http_server.h"
#include "net/json_out.h"
#include "server/address.h"
#include "server/database.h"
#include "server/service.h"
#include "server/setup.h"
#include "server/sync.h"

enum { DRAIN_MS = 30 * 1000 };

struct serve_args {
    const char *folder;
    const char *listen;
    const char *port_file;
};

static const struct cli_option options[] = {
    CLI_STRING(0, "listen", "ADDRESS:PORT", struct serve_args, listen,
               "where to listen; default: 127.0.0.1:8443; port 0: any"),
    CLI_STRING(0, "port-file", "FILE", struct serve_args, port_file,
               "write the port into FILE once it listens"),
    CLI_OPTIONAL_OPERAND("DIR", struct serve_args, folder,
                         "the folder, made if it is missing; default: here"),
    CLI_END,
};

static const char help[] =
    "Serves the folder DIR over HTTPS until it is told to end. At its first "
    "start\n"
    "it makes the database 'ditsd.db', and a key and a certificate in "
    "'key.pem'\n"
    "and 'certificate.pem'. The certificate has no authority: clients know it "
    "by\n"
    "the pin that is printed. Put others in their place where you have them.\n"
    "\n"
    "While nobody may administer the server it prints a set-up token, good "
    "once\n"
    "and for an hour, from this host alone, and listens on loopback addresses\n"
    "only:\n"
    "\n"
    "    curl -k https://127.0.0.1:8443/v1/setup -H "
    "content-type:application/json \\\n"
    "        -d "
    "'{\"token\":\"dits_set_...\",\"user\":\"anna\",\"password\":\"...\"}'\n"
    "\n"
    "SIGTERM and SIGINT let what is being answered come to its end; a second "
    "one\n"
    "does not wait. SIGHUP reads key and certificate again. Standard error has "
    "one\n"
    "JSON object for each request.\n";

/* All of a server that runs. */
struct serving {
    struct cli *cli;
    const char *folder;
    char *address;
    char *certificate;
    char *key;
    dits_context *context;
    struct server_sync *sync;
    struct service *service;
    struct http_server *server;
    uint16_t port;
    bool is_set_up;
};

static void serving_release(struct serving *serving)
{
    http_server_free(serving->server);
    service_free(serving->service);
    server_sync_free(serving->sync);
    dits_context_free(serving->context);
    mem_free(serving->address);
    mem_free(serving->certificate);
    mem_free(serving->key);
}

/* "127.0.0.1:8443", "[::1]:0". */
static dits_error *read_listen(struct serving *serving, const char *text)
{
    uint64_t port = 0;
    const char *colon = strrchr(text, ':');
    bool has_brackets = text[0] == '[';
    const char *end = has_brackets ? strchr(text, ']') : colon;
    if (colon == NULL || end == NULL || end == text ||
        (has_brackets && end + 1 != colon) ||
        (!has_brackets && memchr(text, ':', (size_t)(end - text)) != NULL) ||
        !text_to_u64(colon + 1, &port) || port > UINT16_MAX)
        return cli_usage(serving->cli, "'%s' is not ADDRESS:PORT", text);
    serving->port = (uint16_t)port;
    return text_copy_part(text + has_brackets,
                          (size_t)(end - text - has_brackets),
                          &serving->address);
}

static void put_line(const char *line, size_t size, void *payload)
{
    (void)payload;
    (void)fwrite(line, 1, size, stderr);
}

/* What the HTTP server has to say, as the lines of requests. */
static void put_message(enum dits_log_level level, const char *message,
                        void *payload)
{
    CLEANUP(buf_release) struct buf line = {0};
    if (level < DITS_LOG_INFO)
        return;
    struct json_out json = json_out_begin(&line);
    json_out_text(&json, "level", level == DITS_LOG_WARN ? "warn" : "info");
    json_out_text(&json, "message", message);
    dits_error *err = json_out_end(&json);
    if (err == NULL)
        put_line(buf_text(&line), line.size, payload);
    dits_error_free(err);
}

static dits_error *make_folder(struct serving *serving, struct db **out)
{
    bool existed = false;
    TRY(site_make(serving->cli, serving->folder, &existed));
    TRY(fs_join(serving->folder, "certificate.pem", &serving->certificate));
    TRY(fs_join(serving->folder, "key.pem", &serving->key));
    TRY(server_database_open(serving->folder, DB_EXISTING, out));
    TRY(account_has_admin(*out, &serving->is_set_up));
    if (fs_exists(serving->certificate) || fs_exists(serving->key))
        return NULL;
    return certificate_make(serving->certificate, serving->key, NULL, 0,
                            serving->cli->now);
}

static dits_error *check_address(const struct serving *serving)
{
    if (serving->is_set_up || address_is_loopback(serving->address))
        return NULL;
    return error_hint(
        error_new(DITS_E_DENIED,
                  "nobody may administer this server yet, so it does not "
                  "listen on '%s'",
                  serving->address),
        "Start it on 127.0.0.1 and make an account with the token it prints.");
}

/* Not that of the command, whose clock stands still and which has a progress
 * line. */
static dits_error *make_service(struct serving *serving)
{
    const struct dits_context_options context = {.log = put_message};
    TRY(dits_context_new(&context, &serving->context));
    TRY(server_sync_new(serving->context, &serving->sync));
    const struct service_sync sync = server_sync_calls(serving->sync);
    const struct service_options service = {
        .folder = serving->folder,
        .cost = &password_cost,
        .sync = &sync,
        .sink = {.put = put_line},
    };
    return service_new(&service, &serving->service);
}

static dits_error *start(struct serving *serving)
{
    TRY(make_service(serving));
    const struct http_server_options server = {
        .address = serving->address,
        .port = serving->port,
        .certificate = serving->certificate,
        .key = serving->key,
        .serve = service_serve,
        .payload = serving->service,
        .log = put_message,
    };
    TRY(http_server_start(&server, &serving->server));
    serving->port = http_server_port(serving->server);
    return NULL;
}

static dits_error *make_token(struct serving *serving, struct db *db,
                              char out[TOKEN_TEXT_SIZE])
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(db, &step));
    TRY(setup_token_make(db, serving->cli->now, out));
    return db_commit(&step);
}

static dits_error *tell(struct serving *serving, struct db *db)
{
    CLEANUP(buf_release) struct buf pin = {0};
    FILE *out = serving->cli->out;
    char token[TOKEN_TEXT_SIZE] = {0};
    bool is_v6 = strchr(serving->address, ':') != NULL;
    TRY(certificate_pin(serving->certificate, &pin));
    if (!serving->is_set_up)
        TRY(make_token(serving, db, token));
    fprintf(out, "address: https://%s%s%s:%u\n", is_v6 ? "[" : "",
            serving->address, is_v6 ? "]" : "", serving->port);
    fprintf(out, "pin: %s\n", buf_text(&pin));
    if (!serving->is_set_up)
        fprintf(out, "set-up token, good once and for an hour: %s\n", token);
    return fflush(out) == 0
               ? NULL
               : error_new(DITS_E_IO, "cannot write to standard output");
}

static dits_error *write_port(const struct serving *serving, const char *path)
{
    char text[16] = {0};
    if (path == NULL)
        return NULL;
    int size = snprintf(text, sizeof(text), "%u\n", serving->port);
    return fs_replace(path, text, (size_t)size);
}

static void reload(struct serving *serving)
{
    dits_error *err = http_server_reload(serving->server);
    put_message(err != NULL ? DITS_LOG_WARN : DITS_LOG_INFO,
                err != NULL ? dits_error_message(err)
                            : "key and certificate were read again",
                NULL);
    dits_error_free(err);
}

static dits_error *serve(struct serving *serving)
{
    while (stop_wait() == STOP_RELOAD)
        reload(serving);
    stop_release();
    if (!http_server_drain(serving->server, DRAIN_MS))
        put_message(DITS_LOG_WARN, "some requests were not answered", NULL);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct serve_args *args = data;
    CLEANUP(db_closep) struct db *db = NULL;
    CLEANUP(serving_release)
    struct serving serving = {
        .cli = cli, .folder = args->folder != NULL ? args->folder : "."};
    TRY(read_listen(&serving, args->listen ? args->listen : "127.0.0.1:8443"));
    TRY(make_folder(&serving, &db));
    TRY(check_address(&serving));
    TRY(stop_begin());
    TRY(start(&serving));
    TRY(tell(&serving, db));
    TRY(write_port(&serving, args->port_file));
    return serve(&serving);
}

const struct cli_command cmd_serve = {
    .name = "serve",
    .summary = "answer requests over HTTPS",
    .help = help,
    .group = CLI_GROUP_SERVE,
    .options = options,
    .args_size = sizeof(struct serve_args),
    .run = run,
};
