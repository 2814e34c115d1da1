/*
 * ditsd audit - what was done on the server, and by whom
 */
#include <inttypes.h>
#include <string.h>

#include "cli/date.h"
#include "cli/paths.h"
#include "ditsd/site.h"
#include "server/audit.h"

struct audit_args {
    const char *action;
    const char *head;
    struct cli_number after;
    struct cli_number max;
};

static const char *const action_names[] = {"list", "verify", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct audit_args, action, "'list' or 'verify'",
                .choices = action_names),
    CLI_NUMBER(0, "after", "NUMBER", struct audit_args, after,
               "list: only rows behind this one"),
    CLI_NUMBER('n', "max-count", "NUM", struct audit_args, max,
               "list: at most NUM rows"),
    CLI_STRING(0, "head", "NUMBER:HASH", struct audit_args, head,
               "verify: the log has this row, which was noted before"),
    CLI_END,
};

static const char help[] =
    "'list' prints what was done or refused, row by row. 'verify' reads the\n"
    "whole log and names the first row that was changed, moved, removed or "
    "cut\n"
    "off; the exit status is then 1. It prints the head of the log: who keeps\n"
    "that elsewhere and gives it to '--head' later notices even a log that "
    "was\n"
    "made up anew.\n";

static dits_error *print_text(struct cli *cli, const char *text)
{
    fputs("  ", cli->out);
    return path_print(cli->out, text != NULL && text[0] != '\0' ? text : "-");
}

static dits_error *print_row(const struct audit_entry *entry, void *payload)
{
    struct cli *cli = payload;
    char date[DATE_TEXT_SIZE] = {0};
    const char *const texts[] = {entry->name, entry->action, entry->resource,
                                 entry->address};
    site_date(cli, entry->time, date);
    fprintf(cli->out, "%" PRId64 "  %s  %s", entry->number, date,
            entry->allowed ? "done" : "refused");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        TRY(print_text(cli, texts[i]));
    TRY(print_text(cli, entry->reason));
    fputc('\n', cli->out);
    return NULL;
}

static void json_id(struct json *json, const char *name,
                    const struct server_id *id)
{
    char hex[SERVER_ID_HEX_SIZE] = {0};
    server_id_hex(id, hex);
    json_string(json, name, server_id_is_none(id) ? NULL : hex);
}

static dits_error *print_json(const struct audit_entry *entry, void *payload)
{
    struct cli *cli = payload;
    struct json json = json_begin(cli->out);
    json_i64(&json, "number", entry->number);
    site_json_time(&json, "time", entry->time);
    json_id(&json, "account", &entry->account);
    json_string(&json, "name", entry->name);
    json_id(&json, "token", &entry->token);
    json_string(&json, "action", entry->action);
    json_string(&json, "resource", entry->resource);
    json_bool(&json, "allowed", entry->allowed);
    json_string(&json, "reason", entry->reason);
    json_string(&json, "request", entry->request);
    json_string(&json, "address", entry->address);
    json_end(&json);
    return NULL;
}

static int64_t number_of(const struct cli_number *number, int64_t otherwise)
{
    if (!number->is_given)
        return otherwise;
    return number->value > INT64_MAX ? INT64_MAX : (int64_t)number->value;
}

static dits_error *list(struct site *site, const void *data)
{
    const struct audit_args *args = data;
    return audit_each(site->db, number_of(&args->after, 0),
                      number_of(&args->max, INT64_MAX),
                      site->cli->json ? print_json : print_row, site->cli);
}

static void print_report(struct cli *cli, const struct audit_report *report,
                         const char *head)
{
    if (!cli->json && report->bad == 0) {
        fprintf(cli->out, "%" PRId64 " rows are as they were written\n%s\n",
                report->head.number, head);
        return;
    }
    if (!cli->json)
        return; /* the error tells it */
    struct json json = json_begin(cli->out);
    json_bool(&json, "whole", report->bad == 0);
    json_i64(&json, "rows", report->head.number);
    json_string(&json, "head", head);
    json_i64(&json, "bad", report->bad);
    json_string(&json, "what", report->what);
    json_end(&json);
}

static dits_error *verify(struct site *site, const void *data)
{
    const struct audit_args *args = data;
    struct audit_head expected = {0};
    struct audit_report report = {.bad = 0};
    CLEANUP(buf_release) struct buf head = {0};
    char hex[OID_HEX_SIZE] = {0};
    if (args->head != NULL && !audit_head_parse(args->head, &expected))
        return cli_usage(site->cli, "'%s' is not NUMBER:HASH", args->head);
    TRY(audit_verify(site->db, site->folder,
                     args->head != NULL ? &expected : NULL, &report));
    dits_oid_hex(&report.head.hash, hex);
    TRY(buf_printf(&head, "%" PRId64 ":%s", report.head.number, hex));
    print_report(site->cli, &report, buf_text(&head));
    if (report.bad == 0)
        return NULL;
    return error_hint(error_new(DITS_E_CORRUPT,
                                "row %" PRId64 " of the audit log %s",
                                report.bad, report.what),
                      "What stands before it is as it was written. Compare it "
                      "with a backup of 'ditsd.db'.");
}

static const struct site_action actions[] = {
    {"list", 0, 0, "", list},
    {"verify", 0, 0, "", verify},
};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct audit_args *args = data;
    bool lists = strcmp(args->action, "list") == 0;
    TRY(site_check_option(cli, args->head != NULL && lists, "--head",
                          args->action));
    TRY(site_check_option(cli, args->after.is_given && !lists, "--after",
                          args->action));
    TRY(site_check_option(cli, args->max.is_given && !lists, "--max-count",
                          args->action));
    const struct cli_list none = {0};
    return site_run(cli, actions, sizeof(actions) / sizeof(actions[0]),
                    args->action, &none, args);
}

const struct cli_command cmd_audit = {
    .name = "audit",
    .summary = "show what was done, and check that the log is whole",
    .help = help,
    .group = CLI_GROUP_WHO,
    .flags = CLI_JSON | CLI_PAGED,
    .options = options,
    .args_size = sizeof(struct audit_args),
    .run = run,
};
