#include "repo/http_login.h"

#include <dits/login.h>

#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/json_out.h"
#include "net/pin.h"

#define JSON_TYPE "application/json"

/* "sha256//", a hash in base64, and the NUL. */
enum { PIN_TEXT_SIZE = 8 + 44 + 1 };

dits_error *http_login_client(const dits_context *context,
                              const struct http_address *address,
                              const struct credential *credential,
                              struct http_client **out)
{
    CLEANUP(crypt_buf_wipe) struct buf bearer = {0};
    const char *const pins[] = {credential->pin};
    if (credential->token != NULL)
        TRY(buf_printf(&bearer, "Bearer %s", credential->token));
    const struct http_client_options options = {
        .base = address->server,
        .authorization = bearer.size > 0 ? buf_text(&bearer) : NULL,
        .pins = pins,
        .pin_count = credential->pin != NULL,
    };
    return http_client_new(context, &options, out);
}

dits_error *http_login_refused(const struct http_address *address, int status)
{
    const char *name = address->name != NULL ? address->name : "";
    switch (status) {
    case 401:
        return error_hint(error_new(DITS_E_DENIED, "%s does not know who asks",
                                    address->server),
                          "Say 'dits login %s'.", address->server);
    case 403:
        return error_hint(
            error_new(DITS_E_DENIED, "%s does not allow you this with '%s'",
                      address->server, name),
            "Ask who administers it, or log in as somebody else with 'dits "
            "login %s'.",
            address->server);
    case 404:
        return error_hint(
            error_new(DITS_E_NOT_FOUND,
                      "%s has no repository '%s' that you may read",
                      address->server, name),
            "Check the name, and who you are there: 'dits login %s'.",
            address->server);
    case 429:
        return error_new(DITS_E_LIMIT, "%s was asked too often: try later",
                         address->server);
    default:
        return error_new(DITS_E_NETWORK, "%s answers with status %d",
                         address->server, status);
    }
}

dits_error *http_login_distrusted(const struct http_address *address,
                                  dits_error *err)
{
    char pin[PIN_TEXT_SIZE] = {0};
    const char *hint = err != NULL ? dits_error_hint(err) : NULL;
    const char *start = hint != NULL ? strstr(hint, "sha256//") : NULL;
    if (start == NULL || strlen(start) >= sizeof(pin))
        return err;
    (void)snprintf(pin, sizeof(pin), "%s", start);
    return error_hint(err,
                      "If who runs the server says that this is its pin, say "
                      "'dits login %s --pin %s'.",
                      address->server, pin);
}

/* --- what it answers --- */

/* Behind the text that begins at `at`, its quote; 0: it has escapes or no end.
 */
static size_t text_end(struct slice json, size_t at)
{
    for (at++; at < json.size; at++) {
        if (json.data[at] == '\\' || json.data[at] < 0x20)
            return 0;
        if (json.data[at] == '"')
            return at + 1;
    }
    return 0;
}

static size_t skip_blanks(struct slice json, size_t at)
{
    while (at < json.size && strchr(" \t\r\n", json.data[at]) != NULL &&
           json.data[at] != '\0')
        at++;
    return at;
}

static bool is_at(struct slice json, size_t at, char byte)
{
    return at < json.size && json.data[at] == (uint8_t)byte;
}

static bool is_text(struct slice json, size_t start, size_t end,
                    const char *text)
{
    return end - start == strlen(text) + 2 &&
           memcmp(json.data + start + 1, text, strlen(text)) == 0;
}

/* The text at `at`, if there is one. */
static dits_error *take_text(struct slice json, size_t at, char **out)
{
    size_t end = is_at(json, at, '"') ? text_end(json, at) : 0;
    if (end == 0 || !text_is_utf8(json.data + at + 1, end - at - 2))
        return NULL;
    return text_copy_part((const char *)json.data + at + 1, end - at - 2, out);
}

/* How deep it is behind this byte; at the top, nothing can be closed. */
static size_t deepen(uint8_t byte, size_t depth)
{
    if (byte == '{' || byte == '[')
        return depth + 1;
    return depth > 0 && (byte == '}' || byte == ']') ? depth - 1 : depth;
}

dits_error *http_login_member(struct slice json, const char *name, char **out)
{
    size_t depth = 0;
    size_t at = 0;
    while (at < json.size) {
        if (json.data[at] != '"') {
            depth = deepen(json.data[at++], depth);
            continue;
        }
        size_t end = text_end(json, at);
        if (end == 0)
            return NULL;
        size_t colon = skip_blanks(json, end);
        if (depth == 1 && is_at(json, colon, ':') &&
            is_text(json, at, end, name))
            return take_text(json, skip_blanks(json, colon + 1), out);
        at = end;
    }
    return NULL;
}

/* --- logging in and out --- */

static dits_error *no_answer(const struct http_address *address)
{
    return error_new(DITS_E_NETWORK, "%s answers what no server of Dits does",
                     address->server);
}

static dits_error *parse(const char *url, struct http_address *out)
{
    bool is_https = false;
    TRY(http_address_parse(url, &is_https, out));
    return is_https ? NULL
                    : error_new(DITS_E_INVALID,
                                "'%s' is not https://host[:port]", url);
}

/* One call; the answer has this status. */
static dits_error *ask(const dits_context *context,
                       const struct http_address *address,
                       const struct credential *credential,
                       struct http_call *call, int wanted)
{
    CLEANUP(http_client_freep) struct http_client *client = NULL;
    TRY(http_login_client(context, address, credential, &client));
    TRY(http_login_distrusted(address, http_client_call(client, call)));
    return call->status == wanted ? NULL
                                  : http_login_refused(address, call->status);
}

/* The password becomes a token. */
static dits_error *sign_in(const dits_context *context,
                           const struct http_address *address,
                           const struct dits_login_options *options,
                           struct credential *credential)
{
    CLEANUP(crypt_buf_wipe) struct buf body = {0};
    struct json_out json = json_out_begin(&body);
    json_out_text(&json, "user", options->user);
    json_out_text(&json, "password", options->password);
    TRY(json_out_end(&json));
    CLEANUP(http_call_release)
    struct http_call call = {.method = "POST",
                             .path = "/v1/login",
                             .type = JSON_TYPE,
                             .body = buf_slice(&body)};
    dits_error *err = ask(context, address, credential, &call, 200);
    if (err != NULL && call.status == 401) {
        dits_error_free(err);
        return error_new(DITS_E_DENIED, "wrong name or password");
    }
    TRY(err);
    TRY(http_login_member(buf_slice(&call.reply), "token", &credential->token));
    crypt_wipe(call.reply.data, call.reply.size);
    return credential->token != NULL ? NULL : no_answer(address);
}

static dits_error *ask_name(const dits_context *context,
                            const struct http_address *address,
                            const struct credential *credential, char **out)
{
    CLEANUP(http_call_release)
    struct http_call call = {
        .method = "GET", .path = "/v1/account", .is_repeatable = true};
    dits_error *err = ask(context, address, credential, &call, 200);
    if (err != NULL && call.status == 401) {
        dits_error_free(err);
        return error_new(DITS_E_DENIED, "%s does not know this token",
                         address->server);
    }
    TRY(err);
    TRY(http_login_member(buf_slice(&call.reply), "name", out));
    return *out != NULL ? NULL : no_answer(address);
}

/* The pin that is given, or the one that is trusted already. */
static dits_error *begin(const dits_context *context, const char *server,
                         const char *pin, struct credential *out)
{
    CLEANUP(credential_release) struct credential known = {0};
    if (pin != NULL && !pin_is_valid(pin))
        return error_new(DITS_E_INVALID, "'%s' is no pin: sha256//…", pin);
    if (pin != NULL)
        return text_copy(pin, &out->pin);
    TRY(credentials_find(context, server, &known));
    out->pin = MOVE(known.pin);
    return NULL;
}

dits_error *dits_login(const dits_context *context,
                       const struct dits_login_options *options,
                       char **out_name)
{
    CLEANUP(http_address_release) struct http_address address = {0};
    CLEANUP(credential_release) struct credential credential = {0};
    CLEANUP(text_free) char *name = NULL;
    TRY(parse(options->url, &address));
    TRY(begin(context, address.server, options->pin, &credential));
    TRY(options->token != NULL
            ? text_copy(options->token, &credential.token)
            : sign_in(context, &address, options, &credential));
    TRY(ask_name(context, &address, &credential, &name));
    TRY(credentials_set(context, address.server, &credential));
    *out_name = MOVE(name);
    return NULL;
}

dits_error *dits_logout(const dits_context *context, const char *url,
                        bool *out_revoked)
{
    CLEANUP(http_address_release) struct http_address address = {0};
    CLEANUP(credential_release) struct credential credential = {0};
    TRY(parse(url, &address));
    TRY(credentials_find(context, address.server, &credential));
    if (credential.token == NULL)
        return error_new(DITS_E_NOT_FOUND, "you are not logged in to %s",
                         address.server);
    CLEANUP(http_call_release)
    struct http_call call = {.method = "POST", .path = "/v1/logout"};
    dits_error *err = ask(context, &address, &credential, &call, 204);
    *out_revoked = err == NULL;
    if (err != NULL)
        log_debug(context, "not revoked: %s", dits_error_message(err));
    dits_error_free(err);
    return credentials_set(context, address.server, NULL);
}
