/*
 * dits reflog - show where HEAD and branches have been
 */
#include <inttypes.h>

#include <dits/refs.h>

#include "cli/color.h"
#include "cli/command.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/ids.h"
#include "cli/json.h"

struct reflog_args {
    const char *ref;
    const char *date;
    struct cli_number count;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("BRANCH", struct reflog_args, ref,
                         "the branch to look at; default: HEAD"),
    CLI_NUMBER('n', "max-count", "NUM", struct reflog_args, count,
               "show at most NUM entries", .flags = CLI_DIGITS),
    CLI_STRING(0, "date", "FORMAT", struct reflog_args, date,
               "show when, so: 'iso', 'relative', 'short', 'unix' ...",
               .choices = date_format_names),
    CLI_END,
};

static const char help[] =
    "Lists the commits that HEAD, or BRANCH, has been at, newest first. Each\n"
    "has a name that other commands take: HEAD@{2}, main@{yesterday}.\n";

/* What one walk over the entries carries along. */
struct listing {
    struct cli *cli;
    const struct reflog_args *args;
    const char *ref;
    struct date_style dates;
    uint64_t left;
};

static void print_json(struct cli *cli, const char *ref,
                       const struct dits_reflog_entry *entry)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "ref", ref);
    json_u64(&json, "number", entry->number);
    json_oid(&json, "before", &entry->before);
    json_oid(&json, "after", &entry->after);
    json_person(&json, "who", &entry->who);
    json_string(&json, "message", entry->message);
    json_end(&json);
}

static dits_error *show_entry(const struct dits_reflog_entry *entry,
                              void *payload)
{
    struct listing *listing = payload;
    struct cli *cli = listing->cli;
    char id[DITS_OID_HEX_SIZE] = {0};
    char at[DATE_TEXT_SIZE] = {0};
    if (listing->left == 0)
        return NULL;
    listing->left--;
    if (cli->json) {
        print_json(cli, listing->ref, entry);
        return NULL;
    }
    (void)snprintf(at, sizeof(at), "%" PRIu64, entry->number);
    if (listing->args->date != NULL)
        date_format(&listing->dates, entry->who.time, entry->who.offset_minutes,
                    at);
    TRY(id_short(cli, &entry->after, id));
    fprintf(cli->out, "%s%s%s %s@{%s}: %s\n", color(cli, COLOR_YELLOW), id,
            color(cli, COLOR_RESET), listing->ref, at, entry->message);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct reflog_args *args = data;
    struct listing listing = {
        .cli = cli,
        .args = args,
        .ref = args->ref != NULL ? args->ref : "HEAD",
        .dates = {.now = cli->now,
                  .local_minutes = cli->environment->utc_offset_minutes},
        .left = args->count.is_given ? args->count.value : UINT64_MAX,
    };
    if (args->date != NULL &&
        !date_format_find(args->date, &listing.dates.format))
        return cli_usage(cli, "there is no date format '%s'", args->date);
    return dits_reflog_each(cli->repo, listing.ref, show_entry, &listing);
}

const struct cli_command cmd_reflog = {
    .name = "reflog",
    .summary = "show where HEAD and branches have been",
    .help = help,
    .group = CLI_GROUP_UNDO,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct reflog_args),
    .run = run,
};
