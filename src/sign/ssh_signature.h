/*
 * sign/ssh_signature.h - SSHSIG, the signatures of ssh-keygen -Y
 *
 * Specified by PROTOCOL.sshsig of OpenSSH. What is signed is not the message
 * but its hash, with a namespace: a signature for one purpose is none for
 * another.
 */
#ifndef SIGN_SSH_SIGNATURE_H
#define SIGN_SSH_SIGNATURE_H

#include "sign/ssh_key.h"

/* A signature, taken apart. The slices borrow from `bytes`. */
struct ssh_signature {
    struct buf bytes;
    struct slice key; /* the public key, as a blob */
    struct slice name_space;
    struct slice hash;  /* "sha512" or "sha256" */
    struct slice value; /* type and bytes, as an agent gives them */
};

void ssh_signature_release(struct ssh_signature *signature);

/* Errors: CORRUPT. */
MUST_USE dits_error *ssh_signature_parse(struct slice text,
                                         struct ssh_signature *out);

/* The armoured form, appended: with sha512, as ssh-keygen makes it. */
MUST_USE dits_error *ssh_signature_put(struct slice key, const char *name_space,
                                       struct slice value, struct buf *out);

/* What a key signs for a message that is hashed by `hash`. */
MUST_USE dits_error *ssh_signature_put_signed(struct slice name_space,
                                              const char *hash,
                                              struct slice message,
                                              struct buf *out);

/* The value of a signature made here. */
MUST_USE dits_error *ssh_signature_make(const struct ssh_private_key *key,
                                        struct slice to_sign, struct buf *out);

/*
 * Whether the key in the signature signed the message for that namespace.
 * UNSUPPORTED: a key or hash that is not known here.
 */
MUST_USE dits_error *ssh_signature_check(const struct ssh_signature *signature,
                                         const char *name_space,
                                         struct slice message, bool *out_good);

#endif
