/* dits export bundle */
#include <dits/bundle.h>

#include <inttypes.h>

#include "cli/exchange.h"
#include "cli/format.h"
#include "cli/json.h"

static void print_json(FILE *out, const char *path,
                       const struct dits_bundle_result *result)
{
    struct json json = json_begin(out);
    json_string(&json, "file", path);
    json_u64(&json, "refs", result->refs);
    json_u64(&json, "prerequisites", result->prerequisites);
    json_u64(&json, "commits", result->commits);
    json_u64(&json, "chunks", result->chunks);
    json_u64(&json, "bytes", result->bytes);
    json_u64(&json, "grafted", result->cuts);
    json_u64(&json, "obliterated", result->obliterated);
    json_end(&json);
}

dits_error *export_bundle(struct cli *cli, const struct export_args *args)
{
    const char *path = args->operands.items[0];
    const struct dits_bundle_options wanted = {
        .revisions = args->operands.items + 1,
        .revision_count = args->operands.count - 1,
        .all = args->all,
        .depth = args->depth.value,
        .shallow_since = args->since,
        .shallow_exclude = args->exclude.items,
        .shallow_exclude_count = args->exclude.count,
    };
    struct dits_bundle_result result = {0};
    char size[FORMAT_SIZE] = {0};
    TRY(exchange_check_depth(cli, &args->depth));
    TRY(dits_bundle_export(cli->repo, path, &wanted, &result));
    if (cli->json)
        print_json(cli->out, path, &result);
    else
        cli_note(
            cli, "wrote '%s': %" PRIu64 " commit%s, %" PRIu64 " ref%s, %s%s",
            path, result.commits, result.commits == 1 ? "" : "s", result.refs,
            result.refs == 1 ? "" : "s", format_size(result.bytes, size),
            result.cuts > 0 ? ", a shallow history" : "");
    exchange_note_obliterated(cli, result.obliterated);
    return NULL;
}
