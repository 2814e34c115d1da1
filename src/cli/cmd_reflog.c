/*
 * dits reflog - show where HEAD and branches have been, or forget it
 */
#include <inttypes.h>
#include <string.h>

#include <dits/refs.h>

#include "base/text.h"
#include "cli/color.h"
#include "cli/command.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/format.h"
#include "cli/ids.h"
#include "cli/json.h"

struct reflog_args {
    struct cli_list words;
    const char *date;
    const char *expire;
    bool all;
    bool dry_run;
    struct cli_number count;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("BRANCH", struct reflog_args, words,
                 "the branch to look at; default: HEAD. Or 'expire BRANCH...', "
                 "'delete BRANCH@{N}...', 'show BRANCH'"),
    CLI_NUMBER('n', "max-count", "NUM", struct reflog_args, count,
               "show at most NUM entries", .flags = CLI_DIGITS),
    CLI_STRING(0, "date", "FORMAT", struct reflog_args, date,
               "show when, so: 'iso', 'relative', 'short', 'unix' ...",
               .choices = date_format_names),
    CLI_STRING(0, "expire", "DATE", struct reflog_args, expire,
               "with 'expire': drop entries older than DATE; default: "
               "reflog.expire, or 90 days"),
    CLI_SWITCH(0, "all", struct reflog_args, all,
               "with 'expire': those of all branches and of HEAD"),
    CLI_SWITCH(0, "dry-run", struct reflog_args, dry_run,
               "with 'expire' and 'delete': change nothing"),
    CLI_END,
};

static const char help[] =
    "Lists the commits that HEAD, or BRANCH, has been at, newest first. Each\n"
    "has a name that other commands take: HEAD@{2}, main@{yesterday}.\n"
    "\n"
    "'expire' drops old entries, as 'dits gc' does by itself: never the newest "
    "of\n"
    "a branch, nor one that holds a commit younger than gc.prune. 'delete' "
    "drops\n"
    "single ones. Undo does not bring them back; what they led to stays until "
    "the\n"
    "operations that made it expire.\n";

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

static dits_error *show(struct cli *cli, const struct reflog_args *args,
                        const char *ref)
{
    struct listing listing = {
        .cli = cli,
        .args = args,
        .ref = ref != NULL ? ref : "HEAD",
        .dates = {.now = cli->now,
                  .local_minutes = cli->environment->utc_offset_minutes},
        .left = args->count.is_given ? args->count.value : UINT64_MAX,
    };
    if (args->date != NULL &&
        !date_format_find(args->date, &listing.dates.format))
        return cli_usage(cli, "there is no date format '%s'", args->date);
    return dits_reflog_each(cli->repo, listing.ref, show_entry, &listing);
}

static void print_dropped(const struct cli *cli, bool dry_run, uint64_t dropped)
{
    char count[FORMAT_SIZE] = {0};
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_u64(&json, "dropped", dropped);
        json_end(&json);
        return;
    }
    cli_note(cli, "%s %s entr%s", dry_run ? "would drop" : "dropped",
             format_count(dropped, count), dropped == 1 ? "y" : "ies");
}

static dits_error *expire(struct cli *cli, const struct reflog_args *args,
                          const char *const *names, size_t count)
{
    const struct dits_reflog_expire_options wanted = {
        .all = args->all, .expire = args->expire, .dry_run = args->dry_run};
    uint64_t dropped = 0;
    if (args->all == (count > 0))
        return cli_usage(cli, "'expire' wants branches or '--all'");
    TRY(dits_reflog_expire(cli->repo, names, count, &wanted, &dropped));
    print_dropped(cli, args->dry_run, dropped);
    return NULL;
}

/* "main@{3}": the name and the number. */
static dits_error *parse_entry(struct cli *cli, const char *text,
                               char **out_name, uint64_t *out_number)
{
    CLEANUP(text_free) char *digits = NULL;
    const char *at = strstr(text, "@{");
    size_t length = strlen(text);
    if (at == NULL || text[length - 1] != '}')
        return cli_usage(cli, "'%s' is no entry as in 'main@{3}'", text);
    TRY(text_copy_part(at + 2, (size_t)(text + length - 1 - (at + 2)),
                       &digits));
    if (!text_to_u64(digits, out_number))
        return cli_usage(cli, "'%s' is no entry as in 'main@{3}'", text);
    return at == text ? text_copy("HEAD", out_name)
                      : text_copy_part(text, (size_t)(at - text), out_name);
}

/* One after the other: numbers count from the newest, so name it with care. */
static dits_error *delete (struct cli *cli, const struct reflog_args *args,
                           const char *const *entries, size_t count)
{
    if (count == 0)
        return cli_usage(cli, "'delete' wants an entry as in 'main@{3}'");
    for (size_t i = 0; i < count; i++) {
        CLEANUP(text_free) char *name = NULL;
        uint64_t number = 0;
        TRY(parse_entry(cli, entries[i], &name, &number));
        TRY(dits_reflog_delete(cli->repo, name, number, args->dry_run));
    }
    print_dropped(cli, args->dry_run, count);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct reflog_args *args = data;
    const char *const *words = args->words.items;
    size_t count = args->words.count;
    const char *word = count > 0 ? words[0] : "";
    if (strcmp(word, "expire") == 0)
        return expire(cli, args, words + 1, count - 1);
    if (args->all || args->expire != NULL)
        return cli_usage(cli, "'--all' and '--expire' are for 'expire'");
    if (strcmp(word, "delete") == 0)
        return delete (cli, args, words + 1, count - 1);
    if (args->dry_run)
        return cli_usage(cli, "'--dry-run' is for 'expire' and 'delete'");
    size_t skipped = strcmp(word, "show") == 0 ? 1 : 0;
    if (count - skipped > 1)
        return cli_usage(cli, "more than one branch");
    return show(cli, args, count > skipped ? words[skipped] : NULL);
}

const struct cli_command cmd_reflog = {
    .name = "reflog",
    .summary = "show where HEAD and branches have been",
    .help = help,
    .group = CLI_GROUP_UNDO,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct reflog_args),
    .run = run,
};
