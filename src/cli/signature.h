/*
 * cli/signature.h - signatures as they are shown
 */
#ifndef CLI_SIGNATURE_H
#define CLI_SIGNATURE_H

#include <dits/signature.h>

#include "base/buf.h"
#include "cli/json.h"

/* Append one or two lines, as git has them; none for what is not signed. */
MUST_USE dits_error *signature_put(const struct dits_signature *signature,
                                   struct buf *out);

/* Members of the object at hand: state, signer, key, fingerprint, reason. */
void signature_json(struct json *json, const struct dits_signature *signature);

#endif
