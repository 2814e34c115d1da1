#include <inttypes.h>

#include "cli/environment.h"
#include "cli/exchange.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/kinds.h"

struct dits_git exchange_git(const struct cli *cli)
{
    return (struct dits_git){.program = cli->environment->git,
                             .home = cli->environment->home};
}

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

static void print_count(FILE *out, uint64_t count, const char *what)
{
    char number[FORMAT_SIZE];
    if (count > 0)
        fprintf(out, "  %s %s\n", format_count(count, number), what);
}

static void print_result(const struct cli *cli,
                         const struct dits_import_result *result)
{
    char commits[FORMAT_SIZE];
    char branches[FORMAT_SIZE];
    char tags[FORMAT_SIZE];
    FILE *out = cli->out;
    if (result->commits + result->branches + result->tags == 0) {
        fputs("Already up to date.\n", out);
        return;
    }
    fprintf(out, "imported %s commit%s; %s branch%s and %s tag%s\n",
            format_count(result->commits, commits), plural(result->commits),
            format_count(result->branches, branches),
            result->branches == 1 ? "" : "es", format_count(result->tags, tags),
            plural(result->tags));
    print_count(out, result->lfs_files, "from the store of Git LFS");
    print_count(out, result->lfs_missing,
                "missing there: the pointers are kept instead");
    print_count(out, result->submodules, "left out: submodules");
    print_count(out, result->unnameable,
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
