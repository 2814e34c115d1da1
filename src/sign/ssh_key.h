/*
 * sign/ssh_key.h - keys as OpenSSH keeps them
 *
 * A public key is a blob: a string with its type, then what the type needs. On
 * a line it stands in base64 behind the type's name. A private key file is
 * "openssh-key-v1" in armour (PROTOCOL.key of OpenSSH).
 */
#ifndef SIGN_SSH_KEY_H
#define SIGN_SSH_KEY_H

#include "base/crypt.h"
#include "base/cursor.h"

/* Of a key file, and of a blob. */
#define SSH_KEY_MAX 65536u

/* The form of all texts and blobs: their length in four bytes, then they. */
MUST_USE dits_error *ssh_string_put(struct buf *out, struct slice bytes);
MUST_USE dits_error *ssh_string_take(struct cursor *in, struct slice *out);

/*
 * "ssh-ed25519 AAAA... comment": the blob, in place of what `out` held.
 * `*out_length` (NULL allowed) is that of the type and the blob in the text.
 * INVALID when it is none, or the two types differ.
 */
MUST_USE dits_error *ssh_key_read_line(const char *line, struct buf *out,
                                       size_t *out_length);

/* "ssh-ed25519"; empty when the blob has no type. Borrowed. */
struct slice ssh_key_type(struct slice blob);

/* "ED25519", "RSA", "ECDSA" ... as ssh-keygen names it. */
const char *ssh_key_name(struct slice blob);

/* "SHA256:...", appended. */
MUST_USE dits_error *ssh_key_fingerprint(struct slice blob, struct buf *out);

/* The 32 bytes of an Ed25519 key; NULL for all others. Borrowed. */
const uint8_t *ssh_key_ed25519(struct slice blob);

/* A private key; its public part can be read without the passphrase. */
struct ssh_private_key {
    struct buf blob; /* the public part */
    bool is_encrypted;
    bool has_secret; /* it is of the type Ed25519, and not encrypted */
    uint8_t secret[CRYPT_SECRET_SIZE];
};

/* Overwrites the secret. */
void ssh_private_key_release(struct ssh_private_key *key);

/* Whether a file starts like a private key. */
bool ssh_private_key_is(struct slice text);

/* Errors: INVALID (not of the form), UNSUPPORTED (an older form). */
MUST_USE dits_error *ssh_private_key_parse(struct slice text,
                                           struct ssh_private_key *out);

/* The form without a header line and a footer line; INVALID without them. */
MUST_USE dits_error *ssh_armour_read(struct slice text, const char *begin,
                                     const char *end, struct buf *out);

#endif
