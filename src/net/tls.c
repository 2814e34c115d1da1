#include "net/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"

enum { INPUT_ROOM = 64 << 10 };

/*
 * TLS 1.3, and 1.2 with forward secrecy and authenticated encryption. AES
 * first: GnuTLS is slow with ChaCha20.
 */
static const char priority[] =
    "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AES-128-GCM:+AES-256-GCM:"
    "+CHACHA20-POLY1305:+ECDHE-ECDSA:+ECDHE-RSA:+AEAD:+GROUP-X25519:"
    "+GROUP-SECP256R1:+GROUP-SECP384R1:+SIGN-ECDSA-SECP256R1-SHA256:"
    "+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SECP384R1-SHA384:"
    "+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-SHA256:"
    "+SIGN-EDDSA-ED25519:+CTYPE-X509:+COMP-NULL:%SERVER_PRECEDENCE";

struct tls_credentials {
    atomic_uint owners;
    gnutls_certificate_credentials_t pair;
    gnutls_priority_t priority;
};

struct tls_tickets {
    gnutls_datum_t key;
};

struct tls {
    gnutls_session_t session;
    struct tls_credentials *credentials;
    uint8_t *input; /* INPUT_ROOM, while it holds something */
    size_t input_start;
    size_t input_end;
    bool has_input_ended;
    struct buf plain;  /* less than a record, to be encrypted */
    struct buf output; /* encrypted */
    size_t output_start;
};

static dits_error *failed(int result, const char *what)
{
    if (result == GNUTLS_E_MEMORY_ERROR)
        return error_nomem();
    return error_wrap(error_new(DITS_E_NETWORK, "%s", gnutls_strerror(result)),
                      "%s", what);
}

/* --- what connections share --- */

static void credentials_freep(struct tls_credentials **credentials)
{
    tls_credentials_free(*credentials);
}

dits_error *tls_credentials_load(const char *certificate, const char *key,
                                 struct tls_credentials **out)
{
    CLEANUP(credentials_freep)
    struct tls_credentials *made = mem_new(struct tls_credentials);
    if (made == NULL)
        return error_nomem();
    atomic_store(&made->owners, 1);
    if (gnutls_certificate_allocate_credentials(&made->pair) != 0)
        return error_nomem();
    int result = gnutls_certificate_set_x509_key_file(made->pair, certificate,
                                                      key, GNUTLS_X509_FMT_PEM);
    if (result < 0)
        return error_wrap(
            error_new(DITS_E_INVALID, "%s", gnutls_strerror(result)),
            "cannot use the certificate '%s' with the key '%s'", certificate,
            key);
    result = gnutls_priority_init(&made->priority, priority, NULL);
    if (result != 0)
        return failed(result, "GnuTLS does not know our ciphers");
    *out = MOVE(made);
    return NULL;
}

struct tls_credentials *tls_credentials_share(struct tls_credentials *shared)
{
    (void)atomic_fetch_add(&shared->owners, 1);
    return shared;
}

void tls_credentials_free(struct tls_credentials *credentials)
{
    if (credentials == NULL || atomic_fetch_sub(&credentials->owners, 1) != 1)
        return;
    if (credentials->pair != NULL)
        gnutls_certificate_free_credentials(credentials->pair);
    if (credentials->priority != NULL)
        gnutls_priority_deinit(credentials->priority);
    mem_free(credentials);
}

dits_error *tls_tickets_new(struct tls_tickets **out)
{
    struct tls_tickets *tickets = mem_new(struct tls_tickets);
    if (tickets == NULL)
        return error_nomem();
    int result = gnutls_session_ticket_key_generate(&tickets->key);
    if (result != 0) {
        mem_free(tickets);
        return failed(result, "cannot make a key for sessions");
    }
    *out = tickets;
    return NULL;
}

void tls_tickets_free(struct tls_tickets *tickets)
{
    if (tickets == NULL)
        return;
    gnutls_memset(tickets->key.data, 0, tickets->key.size);
    gnutls_free(tickets->key.data);
    mem_free(tickets);
}

/* --- bytes below --- */

static ssize_t pull(gnutls_transport_ptr_t at, void *out, size_t room)
{
    struct tls *tls = at;
    size_t here = tls->input_end - tls->input_start;
    size_t size = here < room ? here : room;
    if (size == 0 && !tls->has_input_ended) {
        gnutls_transport_set_errno(tls->session, EAGAIN);
        return -1;
    }
    if (size > 0)
        memcpy(out, tls->input + tls->input_start, size);
    tls->input_start += size;
    return (ssize_t)size;
}

static ssize_t push(gnutls_transport_ptr_t at, const void *bytes, size_t size)
{
    struct tls *tls = at;
    dits_error *err = buf_put(&tls->output, bytes, size);
    if (err == NULL)
        return (ssize_t)size;
    dits_error_free(err);
    gnutls_transport_set_errno(tls->session, ENOMEM);
    return -1;
}

/* Memory that holds nothing is not kept: most connections are idle. */
static void tidy_input(struct tls *tls)
{
    if (tls->input_start < tls->input_end)
        return;
    mem_free(tls->input);
    tls->input = NULL;
    tls->input_start = 0;
    tls->input_end = 0;
}

uint8_t *tls_input_room(struct tls *tls, size_t *out_size)
{
    if (tls->input == NULL)
        tls->input = mem_resize_bytes(NULL, INPUT_ROOM);
    if (tls->input == NULL)
        return NULL;
    if (tls->input_start > 0) {
        tls->input_end -= tls->input_start;
        memmove(tls->input, tls->input + tls->input_start, tls->input_end);
        tls->input_start = 0;
    }
    *out_size = INPUT_ROOM - tls->input_end;
    return tls->input + tls->input_end;
}

void tls_input_add(struct tls *tls, size_t size)
{
    tls->input_end += size;
}

void tls_input_end(struct tls *tls)
{
    tls->has_input_ended = true;
}

struct slice tls_output(const struct tls *tls)
{
    return slice_of(tls->output.data + tls->output_start,
                    tls->output.size - tls->output_start);
}

void tls_output_sent(struct tls *tls, size_t size)
{
    tls->output_start += size;
    if (tls->output_start < tls->output.size)
        return;
    tls->output_start = 0;
    buf_clear(&tls->output);
}

/* --- a session --- */

static int set_up(struct tls *tls, const struct tls_tickets *tickets)
{
    unsigned char http2[] = "h2";
    unsigned char http1[] = "http/1.1";
    const gnutls_datum_t protocols[] = {{http2, sizeof(http2) - 1},
                                        {http1, sizeof(http1) - 1}};
    gnutls_session_t session = tls->session;
    int result = gnutls_priority_set(session, tls->credentials->priority);
    if (result == 0)
        result = gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
                                        tls->credentials->pair);
    if (result == 0)
        result = gnutls_alpn_set_protocols(session, protocols, 2,
                                           GNUTLS_ALPN_SERVER_PRECEDENCE);
    if (result == 0)
        result = gnutls_session_ticket_enable_server(session, &tickets->key);
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_IGNORE);
    gnutls_transport_set_ptr(session, tls);
    gnutls_transport_set_pull_function(session, pull);
    gnutls_transport_set_push_function(session, push);
    gnutls_handshake_set_timeout(session, GNUTLS_INDEFINITE_TIMEOUT);
    return result;
}

dits_error *tls_new(struct tls_credentials *credentials,
                    const struct tls_tickets *tickets, struct tls **out)
{
    struct tls *tls = mem_new(struct tls);
    if (tls == NULL)
        return error_nomem();
    tls->credentials = tls_credentials_share(credentials);
    int result = gnutls_init(&tls->session, GNUTLS_SERVER | GNUTLS_NONBLOCK |
                                                GNUTLS_NO_SIGNAL);
    if (result == 0)
        result = set_up(tls, tickets);
    if (result != 0) {
        tls_free(tls);
        return failed(result, "cannot begin TLS");
    }
    *out = tls;
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    if (tls->session != NULL)
        gnutls_deinit(tls->session);
    tls_credentials_free(tls->credentials);
    mem_free(tls->input);
    buf_release(&tls->plain);
    buf_release(&tls->output);
    mem_free(tls);
}

dits_error *tls_handshake(struct tls *tls, bool *out_done)
{
    int result = gnutls_handshake(tls->session);
    while (result == GNUTLS_E_INTERRUPTED ||
           result == GNUTLS_E_WARNING_ALERT_RECEIVED)
        result = gnutls_handshake(tls->session);
    tidy_input(tls);
    *out_done = result == 0;
    if (result == 0 || result == GNUTLS_E_AGAIN)
        return NULL;
    (void)gnutls_alert_send_appropriate(tls->session, result);
    return failed(result, "no TLS with the peer");
}

bool tls_is_http2(const struct tls *tls)
{
    gnutls_datum_t chosen = {0};
    return gnutls_alpn_get_selected_protocol(tls->session, &chosen) == 0 &&
           chosen.size == 2 && memcmp(chosen.data, "h2", 2) == 0;
}

dits_error *tls_read(struct tls *tls, uint8_t *out, size_t room,
                     size_t *out_size, bool *out_ended)
{
    ssize_t size = gnutls_record_recv(tls->session, out, room);
    while (size == GNUTLS_E_INTERRUPTED ||
           size == GNUTLS_E_WARNING_ALERT_RECEIVED)
        size = gnutls_record_recv(tls->session, out, room);
    tidy_input(tls);
    *out_size = size > 0 ? (size_t)size : 0;
    /* Without a farewell, too: HTTP knows whether something is missing. */
    *out_ended = size == 0 || size == GNUTLS_E_PREMATURE_TERMINATION;
    if (size >= 0 || *out_ended || size == GNUTLS_E_AGAIN)
        return NULL;
    return failed((int)size, "broken TLS");
}

static dits_error *encrypt(struct tls *tls, struct slice bytes)
{
    while (bytes.size > 0) {
        ssize_t sent = gnutls_record_send(tls->session, bytes.data, bytes.size);
        if (sent < 0)
            return failed((int)sent, "cannot encrypt");
        bytes = slice_of(bytes.data + sent, bytes.size - (size_t)sent);
    }
    return NULL;
}

dits_error *tls_flush(struct tls *tls)
{
    TRY(encrypt(tls, buf_slice(&tls->plain)));
    buf_clear(&tls->plain);
    return NULL;
}

/* Whole records without a copy where nothing waits in front of them. */
dits_error *tls_write(struct tls *tls, struct slice bytes)
{
    while (bytes.size > 0) {
        size_t room = TLS_RECORD - tls->plain.size;
        size_t size = bytes.size < room ? bytes.size : room;
        if (size == TLS_RECORD)
            TRY(encrypt(tls, slice_of(bytes.data, size)));
        else
            TRY(buf_put(&tls->plain, bytes.data, size));
        if (tls->plain.size == TLS_RECORD)
            TRY(tls_flush(tls));
        bytes = slice_of(bytes.data + size, bytes.size - size);
    }
    return NULL;
}

void tls_end(struct tls *tls)
{
    (void)gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}

void tls_rest(struct tls *tls)
{
    if (tls->plain.size == 0)
        buf_release(&tls->plain);
    if (tls->output.size == 0)
        buf_release(&tls->output);
}
