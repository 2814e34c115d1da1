/*
 * dits stats - what is stored, and what it costs
 */
#include <inttypes.h>

#include <dits/maintenance.h>

#include "cli/command.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/stats_forecast.h"
#include "cli/table.h"

struct stats_args {
    bool forecast;
    bool csv;
};

static const struct cli_option options[] = {
    CLI_SWITCH(0, "forecast", struct stats_args, forecast,
               "show how fast the store and its disk fill, and when the disk "
               "will be full"),
    CLI_SWITCH(0, "csv", struct stats_args, csv,
               "with '--forecast': all samples, as a table for other programs"),
    CLI_END,
};

static const char help[] =
    "Compares what the history holds, as if every version of every file were\n"
    "kept whole, with what it takes on disk, and shows how large the chunks\n"
    "are. '--forecast' reckons with samples of the sizes, which commands that\n"
    "store something take, one an hour at most; it exits with 1 when the disk "
    "will\n"
    "be full within a week.\n";

enum { BAR_COLUMNS = 40 };

static const char *const kinds[] = {"data", "asset",  "list",
                                    "tree", "commit", "tag"};

static void print_json(FILE *out, const struct dits_stats *stats)
{
    struct json json = json_begin(out);
    json_u64(&json, "commits", stats->commits);
    json_u64(&json, "files", stats->files);
    json_u64(&json, "distinct_files", stats->distinct_files);
    json_u64(&json, "logical_bytes", stats->logical_bytes);
    json_u64(&json, "distinct_bytes", stats->distinct_bytes);
    json_u64(&json, "chunk_bytes", stats->chunk_bytes);
    json_u64(&json, "stored_bytes", stats->stored_bytes);
    json_u64(&json, "packs", stats->packs);
    json_u64(&json, "tier_packs", stats->tier_packs);
    json_u64(&json, "tier_bytes", stats->tier_bytes);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        char name[32] = {0};
        (void)snprintf(name, sizeof(name), "%s_chunks", kinds[i]);
        json_u64(&json, name, stats->chunks[i]);
        (void)snprintf(name, sizeof(name), "%s_stored_bytes", kinds[i]);
        json_u64(&json, name, stats->chunk_kind_bytes[i]);
    }
    json_list_begin(&json, "histogram");
    for (size_t i = 0; i < DITS_STATS_BUCKETS; i++)
        json_list_u64(&json, stats->histogram[i]);
    json_list_end(&json);
    json_end(&json);
}

static dits_error *print_sizes(const struct dits_stats *stats, FILE *out)
{
    CLEANUP(table_release) struct table table = {.columns = "lrl"};
    char count[FORMAT_SIZE] = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(table_add(&table, "commits\t%s\t",
                  format_count(stats->commits, count)));
    TRY(table_add(&table, "file versions\t%s\t%s",
                  format_count(stats->files, count),
                  format_size(stats->logical_bytes, size)));
    TRY(table_add(&table, "distinct contents\t%s\t%s",
                  format_count(stats->distinct_files, count),
                  format_size(stats->distinct_bytes, size)));
    TRY(table_add(&table, "distinct chunks\t%s\t%s",
                  format_count(stats->chunks[0], count),
                  format_size(stats->chunk_bytes, size)));
    TRY(table_add(&table, "packs on disk\t%s\t%s",
                  format_count(stats->packs, count),
                  format_size(stats->stored_bytes, size)));
    if (stats->tier_packs > 0)
        TRY(table_add(&table, "packs in tiers\t%s\t%s",
                      format_count(stats->tier_packs, count),
                      format_size(stats->tier_bytes, size)));
    table_print(&table, out);
    uint64_t stored = stats->stored_bytes + stats->tier_bytes;
    if (stored > 0)
        fprintf(out, "\nratio of all versions to the disk: %.2f\n",
                (double)stats->logical_bytes / (double)stored);
    return NULL;
}

static dits_error *print_kinds(const struct dits_stats *stats, FILE *out)
{
    CLEANUP(table_release)
    struct table table = {.columns = "lrr", .indent = "  "};
    char count[FORMAT_SIZE] = {0};
    char size[FORMAT_SIZE] = {0};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (stats->chunks[i] > 0)
            TRY(table_add(&table, "%s\t%s\t%s", kinds[i],
                          format_count(stats->chunks[i], count),
                          format_size(stats->chunk_kind_bytes[i], size)));
    if (table.rows.size > 0)
        fputs("\nin the packs\n", out);
    table_print(&table, out);
    return NULL;
}

/* Bucket i counts chunks of at least 2^i bytes and less than twice that. */
static dits_error *print_histogram(const struct dits_stats *stats, FILE *out)
{
    CLEANUP(table_release)
    struct table table = {.columns = "rrl", .indent = "  "};
    uint64_t most = 0;
    for (size_t i = 0; i < DITS_STATS_BUCKETS; i++)
        most = stats->histogram[i] > most ? stats->histogram[i] : most;
    for (size_t i = 0; i < DITS_STATS_BUCKETS; i++) {
        uint64_t chunks = stats->histogram[i];
        char count[FORMAT_SIZE] = {0};
        char size[FORMAT_SIZE] = {0};
        char bar[BAR_COLUMNS + 1] = {0};
        if (chunks == 0)
            continue;
        double share = (double)chunks / (double)most;
        size_t length = 1 + (size_t)(share * (BAR_COLUMNS - 1));
        for (size_t k = 0; k < length; k++)
            bar[k] = '#';
        TRY(table_add(&table, "%s\t%s\t%s", format_power((unsigned)i, size),
                      format_count(chunks, count), bar));
    }
    if (most > 0)
        fputs("\ndata chunks, from this size up\n", out);
    table_print(&table, out);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct stats_args *args = data;
    struct dits_stats stats = {0};
    if (args->csv && (!args->forecast || cli->json))
        return cli_usage(cli, "'--csv' is for '--forecast', without '--json'");
    if (args->forecast)
        return stats_forecast(cli, args->csv);
    TRY(dits_stats_get(cli->repo, &stats));
    if (cli->json) {
        print_json(cli->out, &stats);
        return NULL;
    }
    TRY(print_sizes(&stats, cli->out));
    TRY(print_kinds(&stats, cli->out));
    return print_histogram(&stats, cli->out);
}

const struct cli_command cmd_stats = {
    .name = "stats",
    .summary = "show what is stored, and what it costs",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct stats_args),
    .run = run,
};
