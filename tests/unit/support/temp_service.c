#include "support/temp_service.h"

#include <stdio.h>
#include <string.h>

#include "server/password.h"

static const struct crypt_cost cheap = {.passes = 1, .memory = 8192};

static int64_t now_of(void *payload)
{
    const struct temp_service *temp = payload;
    return temp->now;
}

static bool writes(const char *call)
{
    return strcmp(call, "write") == 0 || strcmp(call, "publish") == 0;
}

static bool publishes(const char *call)
{
    return strcmp(call, "publish") == 0;
}

static dits_error *answer_call(const struct service_call *call,
                               struct exchange *exchange, void *payload)
{
    struct temp_service *temp = payload;
    temp->calls++;
    temp->may_write = call->may_write;
    if (temp->call_fails)
        return error_new(DITS_E_IO, "no disk at /secret/place");
    exchange->status = 200;
    return buf_put_text(&exchange->reply, "answered\n");
}

static void keep_line(const char *line, size_t size, void *payload)
{
    struct temp_service *temp = payload;
    dits_error_free(buf_put(&temp->log, line, size));
}

dits_error *temp_service_make(struct temp_service *out)
{
    const struct service_sync sync = {.writes = writes,
                                      .publishes = publishes,
                                      .answer = answer_call,
                                      .payload = out};
    const struct service_options options = {
        .folder = out->server.folder,
        .cost = &cheap,
        .sync = &sync,
        .clock = {now_of, out},
        .sink = {keep_line, out},
    };
    out->now = (int64_t)TEMP_SERVER_NOW * 1000000;
    TRY(temp_server_make(&out->server));
    return service_new(&options, &out->service);
}

void temp_service_release(struct temp_service *temp)
{
    service_free(temp->service);
    buf_release(&temp->log);
    temp_server_release(&temp->server);
}

dits_error *temp_service_account(struct temp_service *temp, const char *name,
                                 struct account *out)
{
    char hash[CRYPT_PASSWORD_SIZE] = {0};
    TRY(temp_server_account(&temp->server, name, out));
    TRY(crypt_password_hash(slice_of_text(TEMP_PASSWORD), &cheap, hash));
    return password_set(temp->server.db, &out->id, hash, TEMP_SERVER_NOW);
}

dits_error *temp_service_token(struct temp_service *temp,
                               const struct account *account, unsigned actions,
                               struct token *out, char text[TOKEN_TEXT_SIZE])
{
    const struct token_wish wish = {.account = account->id,
                                    .kind = TOKEN_PERSONAL,
                                    .label = "test",
                                    .actions = actions,
                                    .lifetime = TOKEN_DAY};
    return tokens_create(temp->server.db, &wish, TEMP_SERVER_NOW, out, text);
}

int temp_service_ask(struct temp_service *temp, const struct temp_request *what,
                     struct exchange *out)
{
    char bearer[300] = {0};
    struct exchange_header fields[4] = {{"host", "film.example:8443"}};
    size_t count = 1;
    (void)snprintf(bearer, sizeof(bearer), "Bearer %s",
                   what->token ? what->token : "");
    if (what->token != NULL)
        fields[count++] = (struct exchange_header){"authorization", bearer};
    if (what->body != NULL)
        fields[count++] =
            (struct exchange_header){"content-type", "application/json"};
    if (what->name != NULL)
        fields[count++] = (struct exchange_header){what->name, what->value};
    exchange_init(out);
    out->method = what->method;
    out->path = what->path;
    out->query = "";
    out->fields = fields;
    out->field_count = count;
    out->body = slice_of_text(what->body ? what->body : "");
    out->peer = what->peer ? what->peer : "127.0.0.1";
    dits_error *err = service_serve(out, temp->service);
    int status = err == NULL ? out->status : -1;
    dits_error_free(err);
    return status;
}

int temp_service_status(struct temp_service *temp,
                        const struct temp_request *what)
{
    CLEANUP(exchange_release) struct exchange exchange;
    return temp_service_ask(temp, what, &exchange);
}

int64_t temp_service_audited(struct temp_service *temp, const char *action,
                             bool allowed)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    dits_error *err =
        db_query(temp->server.db,
                 "SELECT count(*) FROM audit WHERE action = ? AND allowed = ?",
                 DB_ARGS(db_text(action), db_int(allowed)), &rows);
    if (err == NULL)
        err = db_next(rows, &found);
    int64_t count = err == NULL && found ? db_column_int(rows, 0) : -1;
    dits_error_free(err);
    return count;
}
