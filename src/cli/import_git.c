#include "cli/exchange.h"
#include "cli/json.h"
#include "cli/kinds.h"

static void print_json(const struct cli *cli,
                       const struct dits_import_result *result)
{
    struct json json = json_begin(cli->out);
    json_u64(&json, "commits", result->commits);
    json_u64(&json, "branches", result->branches);
    json_u64(&json, "tags", result->tags);
    json_u64(&json, "lfs_files", result->lfs_files);
    json_u64(&json, "lfs_missing", result->lfs_missing);
    json_u64(&json, "submodules", result->submodules);
    json_u64(&json, "unnameable", result->unnameable);
    json_u64(&json, "grafted", result->cuts);
    json_oid(&json, "before", &result->before);
    json_oid(&json, "after", &result->after);
    json_end(&json);
}

static void print_result(const struct cli *cli,
                         const struct dits_import_result *result)
{
    const struct exchange_counts counts = {result->commits, result->branches,
                                           result->tags};
    FILE *out = cli->out;
    exchange_print(out, "imported", &counts);
    exchange_print_more(out, result->lfs_files, "from the store of Git LFS");
    exchange_print_more(out, result->lfs_missing,
                        "missing there: the pointers are kept instead");
    exchange_print_more(out, result->submodules, "left out: submodules");
    exchange_print_more(out, result->unnameable,
                        "left out: nothing can have such names here");
}

dits_error *import_git(struct cli *cli, const struct import_args *args)
{
    const struct dits_import_git_options wanted = {
        .git = exchange_git(cli),
        .lfs = args->lfs,
        .prefix = args->prefix,
        .branches = args->branches.items,
        .branch_count = args->branches.count,
        .depth = args->depth.value,
    };
    struct dits_import_result result = {0};
    TRY(kinds_check_single(cli, &args->operands));
    TRY(exchange_check_depth(cli, &args->depth));
    TRY(dits_import_git(cli->repo, args->operands.items[0], &wanted, &result));
    if (cli->json)
        print_json(cli, &result);
    else if (!cli->quiet)
        print_result(cli, &result);
    exchange_note_cuts(cli, result.cuts_before, result.cuts);
    return NULL;
}
