#include "repo/private_ref.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "repo/ref_name.h"

static bool is_private(const char *full_name)
{
    return strcmp(full_name, REF_HEAD) == 0 ||
           strcmp(full_name, REF_UNFINISHED) == 0 ||
           text_starts_with(full_name, REF_BISECT);
}

dits_error *private_ref_name(const dits_repo *repo, const char *full_name,
                             struct buf *out)
{
    if (repo->linked == 0 || !is_private(full_name))
        return buf_put_text(out, full_name);
    const char *rest = text_starts_with(full_name, REF_ALL)
                           ? full_name + strlen(REF_ALL)
                           : full_name;
    return buf_printf(out, REF_LINKED "%" PRIu64 "/%s", repo->linked, rest);
}
