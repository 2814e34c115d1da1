/*
 * repo/sign.h - signing commits and tags
 *
 * What is signed is the object as it is stored, with an empty signature.
 */
#ifndef REPO_SIGN_H
#define REPO_SIGN_H

#include <dits/signature.h>

#include "object/commit.h"
#include "repo/repo.h"

#define SIGN_NAMESPACE "dits"

/* What a caller wants; the settings answer what it leaves open. */
struct sign_wish {
    enum dits_sign sign;
    const char *key; /* NULL: user.signingKey */
};

/* Whether it is to be signed: by the wish, else by `setting`. */
MUST_USE dits_error *sign_is_wanted(const dits_repo *repo,
                                    const struct sign_wish *wish,
                                    const char *setting, bool *out);

/*
 * Sign the finished commit, if it is wanted. For every command that makes one.
 *
 * Errors: INVALID (no key is set; not a key), NOT_FOUND (no such file),
 * UNSUPPORTED (another type than Ed25519), DENIED (it is encrypted, and no
 * agent has it).
 */
MUST_USE dits_error *sign_commit(const dits_repo *repo,
                                 const struct sign_wish *wish,
                                 struct commit *commit);
MUST_USE dits_error *sign_tag(const dits_repo *repo,
                              const struct sign_wish *wish, struct tag *tag);

#endif
