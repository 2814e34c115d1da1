#include "server/request.h"

#include <string.h>

#include "base/random.h"
#include "server/answer.h"

enum { MICRO = 1000000, MILLI = 1000 };

void request_begin(struct request *request)
{
    struct service *service = request->service;
    uint8_t id[REQUEST_ID_SIZE / 2];
    random_bytes(id, sizeof(id));
    server_hex_put(id, sizeof(id), request->id);
    request->began = service->clock.now(service->clock.payload);
    request->now = request->began / MICRO;
    address_shorten(request->exchange->peer, ADDRESS_PEER, request->peer);
    address_shorten(request->exchange->peer, ADDRESS_NETWORK, request->network);
}

dits_error *request_open(struct request *request)
{
    return request->db != NULL
               ? NULL
               : db_pool_take(request->service->databases, &request->db);
}

bool request_is_local(const struct request *request)
{
    return address_is_loopback(request->exchange->peer) &&
           exchange_field(request->exchange, "forwarded") == NULL &&
           exchange_field(request->exchange, "x-forwarded-for") == NULL;
}

bool request_may_change(const struct request *request)
{
    return strcmp(request->exchange->method, "GET") != 0 &&
           strcmp(request->exchange->method, "HEAD") != 0;
}

dits_error *request_json(struct request *request, struct json_value **out)
{
    dits_error *err = json_read(request->exchange->body, REQUEST_JSON_MAX, out);
    if (err == NULL || dits_error_code(err) != DITS_E_INVALID)
        return err;
    dits_error_free(err);
    return answer_refuse(request, 400, "the body is no JSON that is allowed");
}

int64_t request_clock(const struct request *request)
{
    return request->began / MILLI;
}

dits_error *request_audit(struct request *request,
                          const struct audit_entry *what)
{
    struct audit_entry entry = *what;
    entry.time = request->now;
    entry.request = request->id;
    entry.address = request->network;
    if (request->is_signed_in) {
        entry.account = request->account.id;
        entry.name = request->account.name;
        entry.token = request->token.id;
    }
    return audit_append(request->db, &entry);
}

dits_error *request_audit_alone(struct request *request,
                                const struct audit_entry *what)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(request_open(request));
    TRY(db_begin(request->db, &step));
    TRY(request_audit(request, what));
    TRY(db_commit(&step));
    return audit_seal(request->db, request->service->folder);
}
