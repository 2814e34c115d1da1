#include "cli/signature.h"

static dits_error *put_key(const struct dits_signature *signature,
                           struct buf *out)
{
    if (signature->fingerprint == NULL)
        return NULL;
    return buf_printf(out, " with %s key %s", signature->key_type,
                      signature->fingerprint);
}

dits_error *signature_put(const struct dits_signature *signature,
                          struct buf *out)
{
    switch (signature->state) {
    case DITS_SIGNATURE_NONE:
        return NULL;
    case DITS_SIGNATURE_GOOD:
        TRY(buf_printf(out, "Good \"dits\" signature for %s",
                       signature->signer));
        TRY(put_key(signature, out));
        return buf_put_u8(out, '\n');
    case DITS_SIGNATURE_NOT_KNOWN:
        TRY(buf_put_text(out, "Good \"dits\" signature"));
        TRY(put_key(signature, out));
        return buf_printf(out, "\nNo principal matched: %s.\n",
                          signature->reason);
    case DITS_SIGNATURE_BAD:
        TRY(buf_put_text(out, "Bad \"dits\" signature"));
        break;
    case DITS_SIGNATURE_NOT_CHECKED:
        TRY(buf_put_text(out, "Unchecked \"dits\" signature"));
        break;
    }
    TRY(put_key(signature, out));
    return buf_printf(out, ": %s.\n", signature->reason);
}

void signature_json(struct json *json, const struct dits_signature *signature)
{
    static const char *const states[] = {
        [DITS_SIGNATURE_NONE] = "none",
        [DITS_SIGNATURE_GOOD] = "good",
        [DITS_SIGNATURE_NOT_KNOWN] = "unknown",
        [DITS_SIGNATURE_BAD] = "bad",
        [DITS_SIGNATURE_NOT_CHECKED] = "unchecked",
    };
    json_string(json, "state", states[signature->state]);
    json_string(json, "signer", signature->signer);
    json_string(json, "key", signature->key_type);
    json_string(json, "fingerprint", signature->fingerprint);
    json_string(json, "reason", signature->reason);
}
