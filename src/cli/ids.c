#include "cli/ids.h"

#include <string.h>

#include <dits/refs.h>

dits_error *id_short(const struct cli *cli, const struct dits_oid *id,
                     char out[DITS_OID_HEX_SIZE])
{
    if (dits_oid_is_zero(id)) {
        memcpy(out, "0000000", sizeof("0000000"));
        return NULL;
    }
    return dits_oid_abbreviate(cli->repo, id, out);
}
