#include "cli/verify_scrub.h"

#include <string.h>

#include <dits/maintenance.h>

#include "base/text.h"
#include "cli/color.h"
#include "cli/date.h"
#include "cli/findings.h"
#include "cli/format.h"
#include "cli/json.h"

/* "90", "90s", "10m", "2h" */
static bool parse_seconds(const char *text, uint64_t *out)
{
    static const struct {
        char letter;
        uint64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
    CLEANUP(text_free) char *digits = NULL;
    size_t length = strlen(text);
    uint64_t unit = 1;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (length > 0 && text[length - 1] == units[i].letter) {
            unit = units[i].seconds;
            length--;
            break;
        }
    }
    dits_error *err = text_copy_part(text, length, &digits);
    bool is_number = err == NULL && text_to_u64(digits, out);
    dits_error_free(err); /* then it is not taken */
    if (!is_number || *out == 0 || *out > UINT32_MAX)
        return false;
    *out *= unit;
    return true;
}

static void print_result_json(FILE *out, const struct dits_scrub_result *result)
{
    struct json json = json_begin(out);
    json_string(&json, "level", "result");
    json_bool(&json, "was_due", result->was_due);
    json_bool(&json, "ended", result->ended);
    json_u64(&json, "packs", result->packs);
    json_u64(&json, "chunks", result->chunks);
    json_u64(&json, "bytes", result->bytes);
    json_u64(&json, "damages", result->damages);
    json_u64(&json, "lost", result->lost);
    json_u64(&json, "offline", result->offline);
    json_end(&json);
}

static void print_result(const struct cli *cli,
                         const struct dits_scrub_result *result)
{
    char counts[2][FORMAT_SIZE] = {{0}};
    char size[FORMAT_SIZE] = {0};
    if (!result->was_due) {
        fputs("not due yet\n", cli->out);
        return;
    }
    fprintf(cli->out, "verified %s chunk%s, %s; %s\n",
            format_count(result->chunks, counts[0]), plural(result->chunks),
            format_size(result->bytes, size),
            result->ended ? "all packs are read" : "the next run goes on");
    if (result->offline > 0)
        fprintf(cli->out, "%s pack%s offline: not read\n",
                format_count(result->offline, counts[0]),
                plural(result->offline));
    fputs(color(cli, result->lost == 0 ? COLOR_GREEN : COLOR_RED), cli->out);
    if (result->damages == 0)
        fputs("nothing is damaged", cli->out);
    else
        fprintf(cli->out, "%s damaged, %s lost",
                format_count(result->damages, counts[0]),
                format_count(result->lost, counts[1]));
    fprintf(cli->out, "%s\n", color(cli, COLOR_RESET));
}

static dits_error *scrub(struct cli *cli,
                         const struct dits_scrub_options *wanted)
{
    struct dits_scrub_result result = {0};
    TRY(dits_scrub(cli->repo, wanted, &result));
    if (result.lost > 0)
        cli->status = CLI_FAILED;
    if (cli->json)
        print_result_json(cli->out, &result);
    else if (!cli->quiet)
        print_result(cli, &result);
    return NULL;
}

static void print_status_json(FILE *out, const struct dits_scrub_status *status)
{
    struct json json = json_begin(out);
    json_bool(&json, "at_work", status->at_work);
    json_bool(&json, "is_due", status->is_due);
    json_u64(&json, "rounds", status->rounds);
    json_i64(&json, "started", status->started);
    json_i64(&json, "ended", status->ended);
    json_u64(&json, "done_bytes", status->done_bytes);
    json_u64(&json, "total_bytes", status->total_bytes);
    json_u64(&json, "damages", status->damages);
    json_u64(&json, "last_damages", status->last_damages);
    json_end(&json);
}

static void print_round(const struct cli *cli,
                        const struct dits_scrub_status *status)
{
    const struct date_style style = {.format = DATE_RELATIVE, .now = cli->now};
    char when[DATE_TEXT_SIZE] = {0};
    char done[FORMAT_SIZE] = {0};
    char total[FORMAT_SIZE] = {0};
    char count[FORMAT_SIZE] = {0};
    date_format(&style, status->started, 0, when);
    fprintf(cli->out, "%s: %s of %s, begun %s, %s damaged\n",
            status->at_work ? "at work" : "stopped",
            format_size(status->done_bytes, done),
            format_size(status->total_bytes, total), when,
            format_count(status->damages, count));
}

static dits_error *show_status(const struct cli *cli)
{
    const struct date_style style = {.format = DATE_RELATIVE, .now = cli->now};
    struct dits_scrub_status status = {0};
    char when[DATE_TEXT_SIZE] = {0};
    char count[FORMAT_SIZE] = {0};
    TRY(dits_scrub_status_get(cli->repo, &status));
    if (cli->json) {
        print_status_json(cli->out, &status);
        return NULL;
    }
    if (status.started != 0)
        print_round(cli, &status);
    date_format(&style, status.ended, 0, when);
    if (status.rounds == 0)
        fputs("all packs were never read\n", cli->out);
    else
        fprintf(cli->out, "all packs were read %s, %s damaged\n", when,
                format_count(status.last_damages, count));
    fputs(status.is_due ? "a run is due\n" : "no run is due\n", cli->out);
    return NULL;
}

dits_error *verify_scrub(struct cli *cli, const struct verify_scrub_args *args)
{
    struct dits_scrub_options wanted = {
        .if_due = args->if_due,
        .on_finding = finding_print,
        .payload = cli,
    };
    if (args->status)
        return show_status(cli);
    if (args->limit_rate != NULL &&
        (!text_to_size(args->limit_rate, &wanted.bytes_per_second) ||
         wanted.bytes_per_second == 0))
        return cli_usage(cli, "'%s' is no size as in '20m'", args->limit_rate);
    if (args->max_time != NULL &&
        !parse_seconds(args->max_time, &wanted.max_seconds))
        return cli_usage(cli, "'%s' is no time as in '90s', '10m', '2h'",
                         args->max_time);
    return scrub(cli, &wanted);
}
