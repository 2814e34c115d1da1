#include "cli/stats_forecast.h"

#include <inttypes.h>

#include <dits/maintenance.h>

#include "cli/color.h"
#include "cli/date.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/table.h"

/* "+1.2 GB", "-3 bytes" */
enum { GROWTH_SIZE = FORMAT_SIZE + 2 };

static const char *format_growth(double bytes, char out[GROWTH_SIZE])
{
    char size[FORMAT_SIZE] = {0};
    double amount = bytes < 0 ? -bytes : bytes;
    (void)snprintf(out, GROWTH_SIZE, "%c%s", bytes < 0 ? '-' : '+',
                   format_size((uint64_t)(amount + 0.5), size));
    return out;
}

static const char *format_days(double days, char out[FORMAT_SIZE])
{
    if (days < 0)
        (void)snprintf(out, FORMAT_SIZE, "never");
    else
        (void)snprintf(out, FORMAT_SIZE, days < 100 ? "%.1f" : "%.0f", days);
    return out;
}

static dits_error *print_csv_row(const struct dits_sample *sample,
                                 void *payload)
{
    char date[DATE_TEXT_SIZE] = {0};
    const struct date_style style = {.format = DATE_ISO_STRICT};
    date_format(&style, sample->time, 0, date);
    fprintf(payload, "%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", date,
            sample->stored_bytes, sample->free_bytes, sample->total_bytes);
    return NULL;
}

static void json_rounded(struct json *json, const char *name, double value)
{
    json_i64(json, name, (int64_t)(value + (value < 0 ? -0.5 : 0.5)));
}

/* Tenths of a day, or null. */
static void json_days(struct json *json, const char *name, double days)
{
    char text[FORMAT_SIZE] = {0};
    (void)snprintf(text, sizeof(text), "%.1f", days);
    json_string(json, name, days < 0 ? NULL : text);
}

static void print_json(FILE *out, const struct dits_forecast *forecast)
{
    struct json json = json_begin(out);
    json_u64(&json, "stored_bytes", forecast->now.stored_bytes);
    json_u64(&json, "free_bytes", forecast->now.free_bytes);
    json_u64(&json, "total_bytes", forecast->now.total_bytes);
    json_days(&json, "days_left", forecast->days_left);
    json_u64(&json, "window_days", forecast->days);
    json_bool(&json, "is_short", forecast->is_short);
    json_list_begin(&json, "growth");
    for (size_t i = 0; i < DITS_GROWTH_WINDOWS; i++) {
        const struct dits_growth *growth = &forecast->growth[i];
        json_list_object_begin(&json);
        json_u64(&json, "days", growth->days);
        json_u64(&json, "samples", growth->samples);
        json_rounded(&json, "stored_linear", growth->stored_linear);
        json_rounded(&json, "stored_robust", growth->stored_robust);
        json_rounded(&json, "used_linear", growth->used_linear);
        json_rounded(&json, "used_robust", growth->used_robust);
        json_days(&json, "days_left", growth->days_left);
        json_object_end(&json);
    }
    json_list_end(&json);
    json_end(&json);
}

static dits_error *print_growth(const struct dits_forecast *forecast, FILE *out)
{
    CLEANUP(table_release) struct table table = {.columns = "rrrrrr"};
    TRY(table_add(&table, "days\tsamples\tstore a day\tdisk a day\t"
                          "disk, linear\tdays left"));
    for (size_t i = 0; i < DITS_GROWTH_WINDOWS; i++) {
        const struct dits_growth *growth = &forecast->growth[i];
        char cells[3][GROWTH_SIZE] = {{0}};
        char count[FORMAT_SIZE] = {0};
        char days[FORMAT_SIZE] = {0};
        if (growth->samples < 2)
            continue;
        TRY(table_add(&table, "%" PRIu32 "\t%s\t%s\t%s\t%s\t%s", growth->days,
                      format_count(growth->samples, count),
                      format_growth(growth->stored_robust, cells[0]),
                      format_growth(growth->used_robust, cells[1]),
                      format_growth(growth->used_linear, cells[2]),
                      format_days(growth->days_left, days)));
    }
    fputc('\n', out);
    table_print(&table, out);
    return NULL;
}

static dits_error *print_forecast(const struct cli *cli,
                                  const struct dits_forecast *forecast)
{
    char sizes[3][FORMAT_SIZE] = {{0}};
    char days[FORMAT_SIZE] = {0};
    fprintf(cli->out, "stored %s; the disk has %s free of %s\n",
            format_size(forecast->now.stored_bytes, sizes[0]),
            format_size(forecast->now.free_bytes, sizes[1]),
            format_size(forecast->now.total_bytes, sizes[2]));
    if (forecast->days == 0) {
        fputs("there are too few samples for a forecast yet\n", cli->out);
        return NULL;
    }
    TRY(print_growth(forecast, cli->out));
    if (forecast->days_left < 0) {
        fputs("\nthe disk does not fill\n", cli->out);
        return NULL;
    }
    fprintf(cli->out, "\n%sthe disk will be full in %s days%s\n",
            color(cli, forecast->is_short ? COLOR_RED : COLOR_RESET),
            format_days(forecast->days_left, days), color(cli, COLOR_RESET));
    return NULL;
}

dits_error *stats_forecast(struct cli *cli, bool csv)
{
    struct dits_forecast forecast = {0};
    TRY(dits_forecast_get(cli->repo, &forecast));
    if (forecast.is_short)
        cli->status = CLI_FAILED;
    if (csv) {
        fputs("time,stored_bytes,free_bytes,total_bytes\n", cli->out);
        return dits_sample_each(cli->repo, print_csv_row, cli->out);
    }
    if (!cli->json)
        return print_forecast(cli, &forecast);
    print_json(cli->out, &forecast);
    return NULL;
}
