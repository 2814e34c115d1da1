#include "base/text.h"
#include "cli/exchange.h"
#include "cli/json.h"
#include "cli/kinds.h"

static void print_json(const struct cli *cli,
                       const struct dits_export_result *result)
{
    struct json json = json_begin(cli->out);
    json_u64(&json, "commits", result->commits);
    json_u64(&json, "files", result->files);
    json_u64(&json, "lfs_files", result->lfs_files);
    json_u64(&json, "obliterated", result->obliterated);
    json_u64(&json, "branches", result->branches);
    json_u64(&json, "tags", result->tags);
    json_end(&json);
}

static void print_result(const struct cli *cli,
                         const struct dits_export_result *result)
{
    const struct exchange_counts counts = {result->commits, result->branches,
                                           result->tags};
    exchange_print(cli->out, "exported", &counts);
    exchange_print_more(cli->out, result->lfs_files,
                        "into the store of Git LFS");
}

/* "1500", "10M": units of 1024, as git has them. */
static bool parse_size(const char *text, uint64_t *out)
{
    static const char units[] = "kmg";
    char digits[24] = {0};
    unsigned shift = 0;
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    if (length == 0 || length >= sizeof(digits))
        return false;
    for (size_t i = 0; i < length; i++)
        digits[i] = text[i];
    for (unsigned i = 0; units[i] != '\0'; i++)
        if (text_lower((unsigned char)digits[length - 1]) == units[i])
            shift = 10 * (i + 1);
    if (shift > 0)
        digits[length - 1] = '\0';
    if (!text_to_u64(digits, out) || *out > UINT64_MAX >> shift)
        return false;
    *out <<= shift;
    return true;
}

dits_error *export_git(struct cli *cli, const struct export_args *args)
{
    struct dits_export_git_options wanted = {
        .git = exchange_git(cli),
        .uses_lfs = args->lfs != NULL,
        .force = args->force,
    };
    struct dits_export_result result = {0};
    TRY(kinds_check_single(cli, &args->operands));
    if (args->lfs != NULL && !parse_size(args->lfs, &wanted.lfs_over))
        return cli_usage(cli, "'%s' is no size", args->lfs);
    TRY(dits_export_git(cli->repo, args->operands.items[0], &wanted, &result));
    if (cli->json)
        print_json(cli, &result);
    else if (!cli->quiet)
        print_result(cli, &result);
    return NULL;
}
