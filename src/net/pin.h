/*
 * net/pin.h - what a server's key is known by
 *
 * "sha256//" and the base64 of the SHA-256 of the key of a certificate, as curl
 * and HPKP write it: it stays the same when the certificate is renewed.
 */
#ifndef NET_PIN_H
#define NET_PIN_H

#include "base/buf.h"

/* "sha256//" and 44 characters. */
enum { PIN_SIZE = 52 };

/*
 * Append the pin of a certificate in DER (X.509), or of the first one in PEM.
 * `*out_valid` false: it is none.
 */
MUST_USE dits_error *pin_of_der(struct slice certificate, struct buf *out,
                                bool *out_valid);
MUST_USE dits_error *pin_of_pem(struct slice text, struct buf *out,
                                bool *out_valid);

/* Whether a text is a pin. */
bool pin_is_valid(const char *text);

#endif
