/*
 * dits/signature.h - who vouches for a commit or a tag
 *
 * Signatures are made with SSH keys, in the form of ssh-keygen -Y, for the
 * namespace "dits". Whose key it is, says the file that the setting
 * gpg.ssh.allowedSignersFile names.
 */
#ifndef DITS_SIGNATURE_H
#define DITS_SIGNATURE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Whether to sign. */
enum dits_sign {
    DITS_SIGN_AS_SET = 0, /* as commit.gpgSign or tag.gpgSign say */
    DITS_SIGN_YES = 1,
    DITS_SIGN_NO = 2,
};

enum dits_signature_state {
    DITS_SIGNATURE_NONE = 0,        /* it is not signed */
    DITS_SIGNATURE_GOOD = 1,        /* by somebody who is known */
    DITS_SIGNATURE_NOT_KNOWN = 2,   /* right, but nobody knows the key */
    DITS_SIGNATURE_BAD = 3,         /* of something else, or damaged */
    DITS_SIGNATURE_NOT_CHECKED = 4, /* a type of key that is not known here */
};

/* Texts are NULL where there is nothing to say. */
struct dits_signature {
    enum dits_signature_state state;
    char *signer;      /* as in the file of signers: "ada@example.com" */
    char *key_type;    /* "ED25519" */
    char *fingerprint; /* "SHA256:..." */
    char *reason;      /* why it is not good */
};

DITS_API void dits_signature_release(struct dits_signature *signature);

/*
 * Check the signature of a commit or a tag. Whatever is wrong with it is an
 * answer.
 *
 * Errors: NOT_FOUND, INVALID (the object is neither; the file of signers cannot
 * be read).
 */
DITS_API DITS_MUST_USE dits_error *dits_signature_check(
    dits_repo *repo, const struct dits_oid *id, struct dits_signature *out);

DITS_END_DECLS

#endif
