#include "net/http_client.h"

#include <curl/curl.h>
#include <string.h>
#include <time.h>

#include "base/library.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/text.h"
#include "net/pin.h"

enum {
    POLL_MS = 100, /* an interrupt is seen that soon */
    FIRST_PAUSE_MS = 250,
    LONGEST_PAUSE_MS = 15000,
    MOST_CONNECTIONS = 6, /* where the server has no HTTP/2 */
    MOST_AT_ONCE = 64,
};

struct curl {
    struct library library;
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(curl_easy_setopt) *set;
    __typeof__(curl_easy_getinfo) *get;
    __typeof__(curl_easy_cleanup) *easy_cleanup;
    __typeof__(curl_easy_strerror) *strerror;
    __typeof__(curl_multi_init) *multi_init;
    __typeof__(curl_multi_setopt) *multi_set;
    __typeof__(curl_multi_add_handle) *add;
    __typeof__(curl_multi_remove_handle) *remove;
    __typeof__(curl_multi_perform) *perform;
    __typeof__(curl_multi_poll) *poll;
    __typeof__(curl_multi_info_read) *info_read;
    __typeof__(curl_multi_cleanup) *multi_cleanup;
    __typeof__(curl_slist_append) *append;
    __typeof__(curl_slist_free_all) *free_list;
};

struct http_client {
    const dits_context *context;
    struct curl curl;
    CURLM *multi;
    struct http_client_options options;
    char *base;
    char *authorization; /* as a header field */
    char *ca_file;
    char *pins; /* as curl wants them; NULL: none */
    bool was_reached;
};

/* A call on its way. */
struct attempt {
    struct http_client *client;
    struct http_call *call;
    CURL *easy; /* NULL: it is not on its way at present */
    struct curl_slist *fields;
    char *url;
    char reason[CURL_ERROR_SIZE];
    dits_error *err; /* of taking the answer */
    unsigned share;  /* how many share the rate */
    unsigned tries;
    int64_t not_before;
    bool is_done;
};

static int64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the library --- */

static dits_error *find_functions(struct curl *curl)
{
    const struct library *library = &curl->library;
    const struct {
        const char *name;
        void *out;
    } functions[] = {
        {"curl_global_init", &curl->global_init},
        {"curl_easy_init", &curl->easy_init},
        {"curl_easy_setopt", &curl->set},
        {"curl_easy_getinfo", &curl->get},
        {"curl_easy_cleanup", &curl->easy_cleanup},
        {"curl_easy_strerror", &curl->strerror},
        {"curl_multi_init", &curl->multi_init},
        {"curl_multi_setopt", &curl->multi_set},
        {"curl_multi_add_handle", &curl->add},
        {"curl_multi_remove_handle", &curl->remove},
        {"curl_multi_perform", &curl->perform},
        {"curl_multi_poll", &curl->poll},
        {"curl_multi_info_read", &curl->info_read},
        {"curl_multi_cleanup", &curl->multi_cleanup},
        {"curl_slist_append", &curl->append},
        {"curl_slist_free_all", &curl->free_list},
    };
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        TRY(library_find(library, functions[i].name, functions[i].out));
    return NULL;
}

/* GnuTLS' flavour: it is the one whose certificates can be looked at. */
static dits_error *load(struct curl *curl)
{
    static const char name[] = "libcurl-gnutls.so.4";
    dits_error *err = library_open(name, &curl->library);
    if (err == NULL)
        err = find_functions(curl);
    if (err != NULL)
        return error_hint(error_wrap(err, "cannot speak HTTPS"),
                          "Install libcurl (%s).", name);
    return curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? NULL
                                                              : error_nomem();
}

/* --- a client --- */

static dits_error *copy_pins(struct http_client *client,
                             const struct http_client_options *options)
{
    CLEANUP(buf_release) struct buf pins = {0};
    for (size_t i = 0; i < options->pin_count; i++) {
        if (!pin_is_valid(options->pins[i]))
            return error_new(DITS_E_INVALID, "'%s' is no pin of a key",
                             options->pins[i]);
        TRY(buf_printf(&pins, "%s%s", i == 0 ? "" : ";", options->pins[i]));
    }
    return options->pin_count == 0 ? NULL : buf_take_text(&pins, &client->pins);
}

static dits_error *copy_authorization(struct http_client *client,
                                      const char *value)
{
    CLEANUP(buf_release) struct buf field = {0};
    if (value == NULL)
        return NULL;
    if (strpbrk(value, "\r\n") != NULL)
        return error_new(DITS_E_INVALID, "a credential of several lines");
    TRY(buf_printf(&field, "authorization: %s", value));
    return buf_take_text(&field, &client->authorization);
}

static unsigned or_else(unsigned value, unsigned standard)
{
    return value == 0 ? standard : value;
}

static dits_error *set_up(struct http_client *client,
                          const struct http_client_options *options)
{
    struct http_client_options *own = &client->options;
    if (!text_starts_with(options->base, "https://"))
        return error_new(DITS_E_INVALID, "'%s' is not an address of HTTPS",
                         options->base);
    *own = *options;
    own->connect_ms = or_else(own->connect_ms, 10000);
    own->whole_ms = or_else(own->whole_ms, 30000);
    own->idle_ms = or_else(own->idle_ms, 30000);
    own->retry_ms = or_else(own->retry_ms, 60000);
    TRY(text_copy(options->base, &client->base));
    TRY(text_copy_optional(options->ca_file, &client->ca_file));
    TRY(copy_authorization(client, options->authorization));
    TRY(copy_pins(client, options));
    TRY(load(&client->curl));
    client->multi = client->curl.multi_init();
    if (client->multi == NULL)
        return error_nomem();
    (void)client->curl.multi_set(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                                 (long)MOST_CONNECTIONS);
    return NULL;
}

dits_error *http_client_new(const dits_context *context,
                            const struct http_client_options *options,
                            struct http_client **out)
{
    CLEANUP(http_client_freep)
    struct http_client *client = mem_new(struct http_client);
    if (client == NULL)
        return error_nomem();
    client->context = context;
    TRY(set_up(client, options));
    *out = MOVE(client);
    return NULL;
}

void http_client_free(struct http_client *client)
{
    if (client == NULL)
        return;
    if (client->multi != NULL)
        (void)client->curl.multi_cleanup(client->multi);
    library_close(&client->curl.library);
    text_free(&client->base);
    text_free(&client->authorization);
    text_free(&client->ca_file);
    text_free(&client->pins);
    mem_free(client);
}

void http_client_freep(struct http_client **client)
{
    http_client_free(*client);
}

void http_call_release(struct http_call *call)
{
    buf_release(&call->reply);
    text_free(&call->reply_type);
    dits_error_free(call->err);
    call->err = NULL;
}

/* --- one request --- */

static size_t take_reply(char *bytes, size_t unit, size_t count, void *payload)
{
    struct attempt *attempt = payload;
    attempt->err = buf_put(&attempt->call->reply, bytes, unit * count);
    return attempt->err == NULL ? unit * count : 0;
}

static dits_error *add_field(struct attempt *attempt, const char *line)
{
    const struct curl *curl = &attempt->client->curl;
    struct curl_slist *longer = curl->append(attempt->fields, line);
    if (longer == NULL)
        return error_nomem();
    attempt->fields = longer;
    return NULL;
}

static dits_error *add_named(struct attempt *attempt, const char *name,
                             const char *value)
{
    CLEANUP(buf_release) struct buf line = {0};
    TRY(buf_printf(&line, "%s: %s", name, value));
    return add_field(attempt, buf_text(&line));
}

static dits_error *add_fields(struct attempt *attempt)
{
    const struct http_call *call = attempt->call;
    if (attempt->client->authorization != NULL)
        TRY(add_field(attempt, attempt->client->authorization));
    for (size_t i = 0; i < call->field_count; i++)
        TRY(add_named(attempt, call->fields[i].name, call->fields[i].value));
    /* Without a value curl leaves its own away. */
    return call->type == NULL ? add_field(attempt, "content-type:")
                              : add_named(attempt, "content-type", call->type);
}

static bool has_body(const struct http_call *call)
{
    return call->body.size > 0 || strcmp(call->method, "POST") == 0 ||
           strcmp(call->method, "PUT") == 0 ||
           strcmp(call->method, "PATCH") == 0;
}

static void set_method(struct attempt *attempt)
{
    const struct curl *curl = &attempt->client->curl;
    const struct http_call *call = attempt->call;
    CURL *easy = attempt->easy;
    if (has_body(call)) {
        (void)curl->set(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                        (curl_off_t)call->body.size);
        (void)curl->set(easy, CURLOPT_POSTFIELDS,
                        call->body.size > 0 ? (const char *)call->body.data
                                            : "");
    }
    if (strcmp(call->method, "HEAD") == 0)
        (void)curl->set(easy, CURLOPT_NOBODY, 1L);
    else
        (void)curl->set(easy, CURLOPT_CUSTOMREQUEST, call->method);
}

static void set_trust(struct attempt *attempt)
{
    const struct http_client *client = attempt->client;
    const struct curl *curl = &client->curl;
    CURL *easy = attempt->easy;
    (void)curl->set(easy, CURLOPT_CERTINFO, 1L);
    (void)curl->set(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (client->ca_file != NULL)
        (void)curl->set(easy, CURLOPT_CAINFO, client->ca_file);
    if (client->pins == NULL)
        return;
    (void)curl->set(easy, CURLOPT_PINNEDPUBLICKEY, client->pins);
    (void)curl->set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    (void)curl->set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void set_times(struct attempt *attempt)
{
    const struct http_client_options *options = &attempt->client->options;
    const struct curl *curl = &attempt->client->curl;
    CURL *easy = attempt->easy;
    (void)curl->set(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    (void)curl->set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl->set(easy, CURLOPT_LOW_SPEED_TIME,
                    (long)(options->idle_ms + 999) / 1000);
    if (!attempt->call->is_bulk)
        (void)curl->set(easy, CURLOPT_TIMEOUT_MS, (long)options->whole_ms);
    if (options->limit_rate == 0)
        return;
    uint64_t rate = options->limit_rate / attempt->share;
    if (rate == 0)
        rate = 1;
    (void)curl->set(easy, CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)rate);
    (void)curl->set(easy, CURLOPT_MAX_RECV_SPEED_LARGE, (curl_off_t)rate);
}

static void set_rest(struct attempt *attempt)
{
    const struct curl *curl = &attempt->client->curl;
    CURL *easy = attempt->easy;
    (void)curl->set(easy, CURLOPT_URL, attempt->url);
    (void)curl->set(easy, CURLOPT_PRIVATE, attempt);
    (void)curl->set(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl->set(easy, CURLOPT_PIPEWAIT, 1L);
    (void)curl->set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    (void)curl->set(easy, CURLOPT_PROTOCOLS_STR, "https");
    (void)curl->set(easy, CURLOPT_USERAGENT, "dits/" DITS_VERSION);
    (void)curl->set(easy, CURLOPT_HTTPHEADER, attempt->fields);
    (void)curl->set(easy, CURLOPT_ERRORBUFFER, attempt->reason);
    (void)curl->set(easy, CURLOPT_WRITEFUNCTION, take_reply);
    (void)curl->set(easy, CURLOPT_WRITEDATA, attempt);
    (void)curl->set(easy, CURLOPT_BUFFERSIZE, 256L << 10);
    (void)curl->set(easy, CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10);
}

static void end_attempt(struct attempt *attempt)
{
    const struct http_client *client = attempt->client;
    if (attempt->easy != NULL) {
        (void)client->curl.remove(client->multi, attempt->easy);
        client->curl.easy_cleanup(attempt->easy);
    }
    attempt->easy = NULL;
    client->curl.free_list(attempt->fields);
    attempt->fields = NULL;
    text_free(&attempt->url);
    dits_error_free(attempt->err);
    attempt->err = NULL;
}

static dits_error *begin_attempt(struct attempt *attempt)
{
    struct http_client *client = attempt->client;
    struct http_call *call = attempt->call;
    CLEANUP(buf_release) struct buf url = {0};
    TRY(buf_printf(&url, "%s%s", client->base, call->path));
    TRY(buf_take_text(&url, &attempt->url));
    TRY(add_fields(attempt));
    call->status = 0;
    text_free(&call->reply_type);
    buf_release(&call->reply);
    call->reply = buf_limited(EXCHANGE_MAX_BODY);
    attempt->reason[0] = '\0';
    attempt->easy = client->curl.easy_init();
    if (attempt->easy == NULL)
        return error_nomem();
    set_rest(attempt);
    set_method(attempt);
    set_trust(attempt);
    set_times(attempt);
    attempt->tries++;
    return client->curl.add(client->multi, attempt->easy) == CURLM_OK
               ? NULL
               : error_nomem();
}

/* --- what went wrong --- */

/* The pin of the certificate that the server showed; "" without one. */
static void find_pin(const struct attempt *attempt, struct buf *out)
{
    struct curl_certinfo *info = NULL;
    bool is_valid = false;
    const struct curl *curl = &attempt->client->curl;
    if (curl->get(attempt->easy, CURLINFO_CERTINFO, &info) != CURLE_OK ||
        info == NULL || info->num_of_certs == 0)
        return;
    for (struct curl_slist *at = info->certinfo[0]; at != NULL; at = at->next) {
        if (text_starts_with(at->data, "Cert:"))
            dits_error_free(
                pin_of_pem(slice_of_text(at->data), out, &is_valid));
    }
}

static dits_error *not_trusted(const struct attempt *attempt, dits_error *err)
{
    CLEANUP(buf_release) struct buf pin = {0};
    find_pin(attempt, &pin);
    err = error_wrap(err, "the certificate of '%s' is not trusted",
                     attempt->client->base);
    if (pin.size == 0)
        return error_hint(err, "Ask who runs the server for the pin of its "
                               "key.");
    return error_hint(err,
                      "If who runs the server says that this is its pin, trust "
                      "it: %s",
                      buf_text(&pin));
}

static dits_error *cause_of(const struct attempt *attempt, CURLcode code,
                            enum dits_code as)
{
    return error_new(as, "%s",
                     attempt->reason[0] != '\0'
                         ? attempt->reason
                         : attempt->client->curl.strerror(code));
}

static dits_error *no_network(const struct attempt *attempt, CURLcode code,
                              const char *hint)
{
    return error_hint(error_wrap(cause_of(attempt, code, DITS_E_NETWORK),
                                 "cannot reach '%s'", attempt->client->base),
                      "%s", hint);
}

static dits_error *error_of(struct attempt *attempt, CURLcode code)
{
    if (attempt->err != NULL)
        return error_wrap(MOVE(attempt->err), "cannot take the answer of '%s'",
                          attempt->client->base);
    switch ((int)code) {
    case CURLE_OUT_OF_MEMORY:
        return error_nomem();
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_ISSUER_ERROR:
        return not_trusted(attempt, cause_of(attempt, code, DITS_E_DENIED));
    case CURLE_SSL_CACERT_BADFILE:
        return error_wrap(cause_of(attempt, code, DITS_E_INVALID),
                          "cannot read the authorities in '%s'",
                          attempt->client->ca_file);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return no_network(attempt, code,
                          "Is the name of the host right, and is there a "
                          "network?");
    case CURLE_COULDNT_CONNECT:
        return no_network(attempt, code,
                          "Does the server run, and is the port right?");
    case CURLE_OPERATION_TIMEDOUT:
        return no_network(attempt, code,
                          "Try again when the network is "
                          "better, or the server less busy.");
    default:
        return no_network(attempt, code, "Try again.");
    }
}

/* --- again and again --- */

static bool is_connecting(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT ||
           code == CURLE_COULDNT_RESOLVE_HOST ||
           code == CURLE_COULDNT_RESOLVE_PROXY;
}

/*
 * Whether it may help to do it again, and is harmless. A server that was never
 * reached is most likely another than was meant: that is said at once.
 */
static bool may_repeat(const struct attempt *attempt, CURLcode code)
{
    const struct http_call *call = attempt->call;
    if (attempt->err != NULL)
        return false;
    if (is_connecting(code))
        return attempt->client->was_reached;
    if (!call->is_repeatable)
        return false;
    if (code == CURLE_OK)
        return call->status == 429 || call->status == 502 ||
               call->status == 503 || call->status == 504;
    return code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR ||
           code == CURLE_RECV_ERROR || code == CURLE_PARTIAL_FILE ||
           code == CURLE_OPERATION_TIMEDOUT || code == CURLE_HTTP2 ||
           code == CURLE_HTTP2_STREAM ||
           (code == CURLE_SSL_CONNECT_ERROR && attempt->client->was_reached);
}

/* Twice as long each time, and not all clients at the same moment. */
static int64_t pause_of(const struct attempt *attempt, CURLcode code)
{
    unsigned shift = attempt->tries < 8 ? attempt->tries - 1 : 7;
    int64_t pause = (int64_t)FIRST_PAUSE_MS << shift;
    curl_off_t seconds = 0;
    if (pause > LONGEST_PAUSE_MS)
        pause = LONGEST_PAUSE_MS;
    pause = pause / 2 + (int64_t)(random_u32() % (uint32_t)(pause / 2 + 1));
    if (code == CURLE_OK &&
        attempt->client->curl.get(attempt->easy, CURLINFO_RETRY_AFTER,
                                  &seconds) == CURLE_OK &&
        seconds > 0 && seconds < 3600 && (int64_t)seconds * 1000 > pause)
        return (int64_t)seconds * 1000 + pause / 4;
    return pause;
}

static dits_error *take_answer(struct attempt *attempt)
{
    const struct curl *curl = &attempt->client->curl;
    char *type = NULL;
    attempt->client->was_reached = true;
    (void)curl->get(attempt->easy, CURLINFO_CONTENT_TYPE, &type);
    return text_copy_optional(type, &attempt->call->reply_type);
}

/* One came to its end: it is done, or is to be tried again later. */
static void settle(struct attempt *attempt, CURLcode code, int64_t deadline)
{
    struct http_call *call = attempt->call;
    long status = 0;
    (void)attempt->client->curl.get(attempt->easy, CURLINFO_RESPONSE_CODE,
                                    &status);
    call->status = code == CURLE_OK ? (int)status : 0;
    if (may_repeat(attempt, code)) {
        attempt->not_before = now_ms() + pause_of(attempt, code);
        if (attempt->not_before < deadline) {
            end_attempt(attempt);
            return;
        }
    }
    attempt->is_done = true;
    call->err = code == CURLE_OK ? take_answer(attempt)
                                 : error_of(attempt, code);
    end_attempt(attempt);
}

/* --- several --- */

struct batch {
    struct http_client *client;
    struct attempt *attempts;
    size_t count;
    unsigned at_once;
    unsigned running;
    int64_t deadline;
};

static void batch_release(struct batch *batch)
{
    for (size_t i = 0; batch->attempts != NULL && i < batch->count; i++)
        end_attempt(&batch->attempts[i]);
    mem_free(batch->attempts);
}

/* False: there are none left to wait for. */
static dits_error *start_some(struct batch *batch, bool *out_goes_on)
{
    int64_t now = now_ms();
    *out_goes_on = false;
    for (size_t i = 0; i < batch->count; i++) {
        struct attempt *attempt = &batch->attempts[i];
        *out_goes_on = *out_goes_on || !attempt->is_done;
        if (attempt->is_done || attempt->easy != NULL ||
            now < attempt->not_before || batch->running >= batch->at_once)
            continue;
        TRY(begin_attempt(attempt));
        batch->running++;
    }
    return NULL;
}

static void settle_some(struct batch *batch)
{
    const struct curl *curl = &batch->client->curl;
    int left = 0;
    CURLMsg *message = curl->info_read(batch->client->multi, &left);
    while (message != NULL) {
        char *attempt = NULL;
        CURLcode code = message->data.result;
        (void)curl->get(message->easy_handle, CURLINFO_PRIVATE, &attempt);
        batch->running--;
        settle((struct attempt *)(void *)attempt, code, batch->deadline);
        message = curl->info_read(batch->client->multi, &left);
    }
}

static dits_error *run(struct batch *batch)
{
    struct http_client *client = batch->client;
    bool goes_on = true;
    int running = 0;
    TRY(start_some(batch, &goes_on));
    while (goes_on) {
        TRY(context_check(client->context));
        if (client->curl.perform(client->multi, &running) != CURLM_OK ||
            client->curl.poll(client->multi, NULL, 0, POLL_MS, NULL) !=
                CURLM_OK)
            return error_nomem();
        settle_some(batch);
        TRY(start_some(batch, &goes_on));
    }
    return NULL;
}

dits_error *http_client_call_all(struct http_client *client,
                                 struct http_call *calls, size_t count,
                                 unsigned at_once)
{
    CLEANUP(batch_release) struct batch batch = {.client = client};
    if (count == 0)
        return NULL;
    batch.at_once = at_once > 0 && at_once < MOST_AT_ONCE ? at_once
                                                          : MOST_AT_ONCE;
    batch.deadline = now_ms() + (int64_t)client->options.retry_ms;
    batch.attempts = mem_new_array(struct attempt, count);
    if (batch.attempts == NULL)
        return error_nomem();
    batch.count = count;
    for (size_t i = 0; i < count; i++) {
        batch.attempts[i].client = client;
        batch.attempts[i].call = &calls[i];
        batch.attempts[i].share = count < batch.at_once ? (unsigned)count
                                                        : batch.at_once;
    }
    return run(&batch);
}

dits_error *http_client_call(struct http_client *client, struct http_call *call)
{
    TRY(http_client_call_all(client, call, 1, 1));
    return MOVE(call->err);
}
