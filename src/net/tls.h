/*
 * net/tls.h - TLS of a server: encrypted bytes in and out, plain ones on top
 *
 * The only file that knows GnuTLS' sessions. It knows no sockets: what came is
 * put in, what is to be sent is taken out.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/buf.h"

/* A certificate with its key, shared by connections of any thread. */
struct tls_credentials;

/*
 * Both are PEM files; the certificate may have others behind it that lead to
 * its authority. INVALID: they are none, or not a pair.
 */
MUST_USE dits_error *tls_credentials_load(const char *certificate,
                                          const char *key,
                                          struct tls_credentials **out);

/* One more owner; and one less. NULL is allowed for the latter. */
struct tls_credentials *tls_credentials_share(struct tls_credentials *shared);
void tls_credentials_free(struct tls_credentials *credentials);

/* What lets clients take up a session again, of all connections of a server. */
struct tls_tickets;
MUST_USE dits_error *tls_tickets_new(struct tls_tickets **out);
void tls_tickets_free(struct tls_tickets *tickets);

struct tls;

/* Both have to outlive it; of the credentials it becomes an owner. */
MUST_USE dits_error *tls_new(struct tls_credentials *credentials,
                             const struct tls_tickets *tickets,
                             struct tls **out);
void tls_free(struct tls *tls);

/* Room for bytes that come, and how many came. NULL: there is no memory. */
uint8_t *tls_input_room(struct tls *tls, size_t *out_size);
void tls_input_add(struct tls *tls, size_t size);
void tls_input_end(struct tls *tls);

/* NETWORK: no agreement was reached. */
MUST_USE dits_error *tls_handshake(struct tls *tls, bool *out_done);

/* Whether HTTP/2 was agreed on. */
bool tls_is_http2(const struct tls *tls);

/*
 * Plain bytes of one record. 0 of them: more has to come first, or, with
 * `*out_ended`, none will.
 */
MUST_USE dits_error *tls_read(struct tls *tls, uint8_t *out, size_t room,
                              size_t *out_size, bool *out_ended);

/* Encrypt; small pieces wait for others until tls_flush(). */
MUST_USE dits_error *tls_write(struct tls *tls, struct slice bytes);
MUST_USE dits_error *tls_flush(struct tls *tls);

/* Say that nothing more is sent. */
void tls_end(struct tls *tls);

/* What is to be sent; and how much of it was. */
struct slice tls_output(const struct tls *tls);
void tls_output_sent(struct tls *tls, size_t size);

/* Between exchanges: buffers that hold nothing are given up. */
void tls_rest(struct tls *tls);

enum { TLS_RECORD = 16384 };

#endif
