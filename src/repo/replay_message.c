#include <string.h>

#include "base/text.h"
#include "repo/message.h"
#include "repo/replay.h"

static dits_error *put_revert(const struct unfinished *work, const char *hex,
                              const struct commit *commit, struct buf *out)
{
    char parent[OID_HEX_SIZE] = "";
    TRY(buf_put_text(out, "Revert \""));
    TRY(message_subject(commit->message, out));
    TRY(buf_printf(out, "\"\n\nThis reverts commit %s", hex));
    if (commit->parent_count > 1 && work->mainline > 0) {
        dits_oid_hex(&commit->parents[work->mainline - 1], parent);
        TRY(buf_printf(out, ", reversing\nchanges made to %s", parent));
    }
    return buf_put_text(out, ".\n");
}

dits_error *replay_message(const struct unfinished *work,
                           const struct dits_oid *id,
                           const struct commit *commit, char **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(id, hex);
    if (work->kind == UNFINISHED_REVERT) {
        TRY(put_revert(work, hex, commit, &text));
        return buf_take_text(&text, out);
    }
    TRY(buf_put_text(&text, commit->message));
    if (work->add_origin)
        TRY(buf_printf(&text, "\n(cherry picked from commit %s)\n", hex));
    return buf_take_text(&text, out);
}
