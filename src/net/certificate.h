/*
 * net/certificate.h - certificates that are made without an authority
 *
 * The only file that knows GnuTLS' certificates. Clients trust one of these by
 * its pin (net/pin.h), or by its file.
 */
#ifndef NET_CERTIFICATE_H
#define NET_CERTIFICATE_H

#include "base/buf.h"

/*
 * A key (ECDSA, P-256) and a certificate signed with it, for 10 years from
 * `seconds` since 1970 on, for `localhost`, 127.0.0.1, ::1 and the `count`
 * names or addresses. Both are PEM, durable, in place of what is there; the key
 * is its owner's alone. It is written first: who reads between the two sees no
 * pair.
 */
MUST_USE dits_error *certificate_make(const char *certificate_path,
                                      const char *key_path,
                                      const char *const *names, size_t count,
                                      int64_t seconds);

/* The pin of the first certificate in a PEM file: "sha256//BASE64". */
MUST_USE dits_error *certificate_pin(const char *certificate_path,
                                     struct buf *out);

#endif
