#include "cli/transfer.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/format.h"
#include "cli/ids.h"
#include "cli/json.h"

static const char *const change_names[] = {
    [DITS_REF_UNCHANGED] = "unchanged", [DITS_REF_NEW] = "new",
    [DITS_REF_FORWARD] = "forward",     [DITS_REF_FORCED] = "forced",
    [DITS_REF_REMOVED] = "removed",     [DITS_REF_REJECTED] = "rejected",
    [DITS_REF_REFUSED] = "refused",
};

const char *transfer_short_name(const char *full_name)
{
    static const char *const prefixes[] = {"refs/heads/", "refs/tags/",
                                           "refs/remotes/"};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (text_starts_with(full_name, prefixes[i]))
            return full_name + strlen(prefixes[i]);
    return full_name;
}

static void print_json(const struct cli *cli,
                       const struct dits_ref_result *result)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "source", result->source);
    json_string(&json, "target", result->target);
    json_oid(&json, "before", &result->before);
    json_oid(&json, "after", &result->after);
    json_string(&json, "change", change_names[result->change]);
    json_string(&json, "reason", result->reason);
    json_end(&json);
}

/* "[new branch]", "1f3b464..9a0c3d2": what is in the second column. */
static dits_error *summarize(const struct cli *cli,
                             const struct dits_ref_result *result,
                             struct buf *out)
{
    char before[DITS_OID_HEX_SIZE] = {0};
    char after[DITS_OID_HEX_SIZE] = {0};
    const char *name = result->target != NULL ? result->target : result->source;
    if (result->change == DITS_REF_REMOVED)
        return buf_put_text(out, "[deleted]");
    if (result->change == DITS_REF_REJECTED)
        return buf_put_text(out, "[rejected]");
    if (result->change == DITS_REF_REFUSED)
        return buf_put_text(out, "[remote rejected]");
    if (result->change == DITS_REF_UNCHANGED)
        return buf_put_text(out, "[up to date]");
    if (result->change == DITS_REF_NEW && result->target == NULL)
        return buf_put_text(
            out, text_starts_with(name, "refs/tags/") ? "tag" : "branch");
    if (result->change == DITS_REF_NEW)
        return buf_put_text(out, text_starts_with(name, "refs/tags/")
                                     ? "[new tag]"
                                     : "[new branch]");
    TRY(id_short(cli, &result->before, before));
    TRY(id_short(cli, &result->after, after));
    return buf_printf(out, "%s%s%s", before,
                      result->change == DITS_REF_FORCED ? "..." : "..", after);
}

static char mark_of(enum dits_ref_change change)
{
    static const char marks[] = {
        [DITS_REF_UNCHANGED] = '=', [DITS_REF_NEW] = '*',
        [DITS_REF_FORWARD] = ' ',   [DITS_REF_FORCED] = '+',
        [DITS_REF_REMOVED] = '-',   [DITS_REF_REJECTED] = '!',
        [DITS_REF_REFUSED] = '!',
    };
    return marks[change];
}

static dits_error *print_line(const struct cli *cli,
                              const struct dits_ref_result *result)
{
    CLEANUP(buf_release) struct buf summary = {0};
    const char *source = "(none)";
    const char *target = "FETCH_HEAD";
    if (result->source != NULL)
        source = transfer_short_name(result->source);
    if (result->target != NULL)
        target = transfer_short_name(result->target);
    TRY(summarize(cli, result, &summary));
    cli_note(cli, " %c %-17s %-10s -> %s%s%s%s", mark_of(result->change),
             buf_text(&summary), source, target,
             result->reason != NULL ? "  (" : "",
             result->reason != NULL              ? result->reason
             : result->change == DITS_REF_FORCED ? "  (forced update)"
                                                 : "",
             result->reason != NULL ? ")" : "");
    return NULL;
}

dits_error *transfer_print_ref(const struct dits_ref_result *result,
                               void *payload)
{
    struct transfer_print *print = payload;
    const struct cli *cli = print->cli;
    if (cli->json) {
        print_json(cli, result);
        return NULL;
    }
    if (result->change == DITS_REF_UNCHANGED && !cli->verbose)
        return NULL;
    if (!print->is_started)
        cli_note(cli, "%s %s", print->title, result->where);
    print->is_started = true;
    return print_line(cli, result);
}

void transfer_note(const struct cli *cli, const char *done,
                   const struct dits_transfer_result *result)
{
    char size[FORMAT_SIZE] = {0};
    if (result->chunks > 0 && !cli->json)
        cli_note(cli, "%s %s in %" PRIu64 " chunk%s", done,
                 format_size(result->stored_bytes, size), result->chunks,
                 plural(result->chunks));
}
