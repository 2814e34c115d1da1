#include "cli/tier_print.h"

#include "cli/command.h"
#include "cli/date.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/table.h"

struct printing {
    struct cli *cli;
    struct table table;
    bool with_status;
};

static void printing_release(struct printing *printing)
{
    table_release(&printing->table);
}

static void print_tier_json(FILE *out, const struct dits_tier_info *info)
{
    struct json json = json_begin(out);
    json_string(&json, "name", info->name);
    json_string(&json, "path", info->path);
    json_u64(&json, "order", info->order);
    json_bool(&json, "has_policy", info->has_policy);
    json_bool(&json, "recall", info->recall);
    json_string(&json, "offline", info->offline);
    json_u64(&json, "packs", info->packs);
    json_u64(&json, "bytes", info->bytes);
    json_u64(&json, "leaving_packs", info->leaving_packs);
    json_u64(&json, "leaving_bytes", info->leaving_bytes);
    json_u64(&json, "due_packs", info->due_packs);
    json_u64(&json, "due_bytes", info->due_bytes);
    json_end(&json);
}

static dits_error *add_row(const struct dits_tier_info *info, void *payload)
{
    struct printing *printing = payload;
    char counts[3][FORMAT_SIZE] = {{0}};
    char sizes[3][FORMAT_SIZE] = {{0}};
    if (printing->cli->json) {
        print_tier_json(printing->cli->out, info);
        return NULL;
    }
    if (!printing->with_status)
        return table_add(&printing->table, "%s\t%s", info->name, info->path);
    return table_add(&printing->table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s",
                     info->name, format_count(info->packs, counts[0]),
                     format_size(info->bytes, sizes[0]),
                     format_count(info->due_packs, counts[1]),
                     format_size(info->due_bytes, sizes[1]),
                     format_count(info->leaving_packs, counts[2]),
                     format_size(info->leaving_bytes, sizes[2]),
                     info->offline != NULL ? "offline" : "here");
}

dits_error *tier_print_list(struct cli *cli)
{
    CLEANUP(printing_release)
    struct printing printing = {.cli = cli, .table = {.columns = "ll"}};
    TRY(dits_tier_each(cli->repo, add_row, &printing));
    table_print(&printing.table, cli->out);
    return NULL;
}

static dits_error *tell_offline(const struct dits_tier_info *info,
                                void *payload)
{
    const struct cli *cli = payload;
    if (info->offline != NULL)
        cli_note(cli, "%s", info->offline);
    return NULL;
}

dits_error *tier_print_status(struct cli *cli)
{
    CLEANUP(printing_release)
    struct printing printing = {
        .cli = cli, .table = {.columns = "lrrrrrrl"}, .with_status = true};
    if (!cli->json)
        TRY(table_add(&printing.table,
                      "tier\tpacks\tsize\tto come\tsize\told\tsize\tdisk"));
    TRY(dits_tier_each(cli->repo, add_row, &printing));
    table_print(&printing.table, cli->out);
    return cli->json ? NULL : dits_tier_each(cli->repo, tell_offline, cli);
}

static void print_pack_json(FILE *out, const struct dits_tier_pack *pack)
{
    struct json json = json_begin(out);
    json_string(&json, "pack", pack->name);
    json_string(&json, "tier", pack->tier);
    json_string(&json, "to", pack->to);
    json_u64(&json, "bytes", pack->bytes);
    json_i64(&json, "made", pack->made);
    json_i64(&json, "read", pack->read);
    json_end(&json);
}

static dits_error *add_pack(const struct dits_tier_pack *pack, void *payload)
{
    struct printing *printing = payload;
    const struct date_style style = {.format = DATE_RELATIVE,
                                     .now = printing->cli->now};
    char size[FORMAT_SIZE] = {0};
    char made[DATE_TEXT_SIZE] = {0};
    if (printing->cli->json) {
        print_pack_json(printing->cli->out, pack);
        return NULL;
    }
    date_format(&style, pack->made, 0, made);
    return table_add(&printing->table, "%.12s\t%s\t%s\t%s\t%s", pack->name,
                     pack->tier, format_size(pack->bytes, size), made,
                     pack->to != NULL ? pack->to : "");
}

dits_error *tier_print_packs(struct cli *cli)
{
    CLEANUP(printing_release)
    struct printing printing = {.cli = cli, .table = {.columns = "llrll"}};
    if (!cli->json)
        TRY(table_add(&printing.table, "pack\ttier\tsize\tmade\tto go to"));
    TRY(dits_tier_pack_each(cli->repo, add_pack, &printing));
    table_print(&printing.table, cli->out);
    return NULL;
}

dits_error *tier_print_move(const struct dits_tier_pack *pack, void *payload)
{
    const struct cli *cli = payload;
    char size[FORMAT_SIZE] = {0};
    if (!cli->json)
        fprintf(cli->out, "%.12s  %s -> %s  %s\n", pack->name, pack->tier,
                pack->to, format_size(pack->bytes, size));
    return NULL;
}

static void print_result_json(FILE *out, const struct dits_tier_result *result)
{
    struct json json = json_begin(out);
    json_u64(&json, "packs", result->packs);
    json_u64(&json, "bytes", result->bytes);
    json_u64(&json, "deleted_packs", result->deleted_packs);
    json_u64(&json, "deleted_bytes", result->deleted_bytes);
    json_u64(&json, "damaged", result->damaged);
    json_u64(&json, "offline", result->offline);
    json_end(&json);
}

void tier_print_result(const struct cli *cli, bool dry_run,
                       const struct dits_tier_result *result)
{
    char count[FORMAT_SIZE] = {0};
    char size[FORMAT_SIZE] = {0};
    if (cli->json) {
        print_result_json(cli->out, result);
        return;
    }
    if (cli->quiet)
        return;
    fprintf(cli->out, "%s %s pack%s (%s)\n", dry_run ? "would move" : "moved",
            format_count(result->packs, count), plural(result->packs),
            format_size(result->bytes, size));
    if (result->deleted_packs > 0)
        fprintf(cli->out, "deleted %s old cop%s (%s)\n",
                format_count(result->deleted_packs, count),
                result->deleted_packs == 1 ? "y" : "ies",
                format_size(result->deleted_bytes, size));
    if (result->damaged > 0)
        fprintf(cli->out, "%s damaged: they stay where they are\n",
                format_count(result->damaged, count));
    if (result->offline > 0)
        fprintf(cli->out, "%s offline: they stay where they are\n",
                format_count(result->offline, count));
}
