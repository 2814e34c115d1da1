/*
 * dits merge-base - find where two histories parted
 */
#include <dits/merge.h>
#include <dits/refs.h>

#include "cli/command.h"
#include "cli/json.h"

struct merge_base_args {
    bool all;
    bool is_ancestor;
    const char *one;
    const char *other;
};

static const struct cli_option options[] = {
    CLI_OPERAND("REV", struct merge_base_args, one, "a commit"),
    CLI_OPERAND("REV2", struct merge_base_args, other, "another one"),
    CLI_SWITCH('a', "all", struct merge_base_args, all,
               "every best common ancestor, not just one"),
    CLI_SWITCH(0, "is-ancestor", struct merge_base_args, is_ancestor,
               "print nothing; succeed when REV is an ancestor of REV2, or "
               "REV2 itself"),
    CLI_END,
};

static const char help[] =
    "Prints the best common ancestor of two commits: what a merge of them\n"
    "begins from. Fails when there is none.\n";

struct printing {
    struct cli *cli;
    const struct merge_base_args *args;
    size_t count;
    struct dits_oid first;
};

static dits_error *print_base(const struct dits_oid *id, void *payload)
{
    struct printing *printing = payload;
    FILE *out = printing->cli->out;
    char hex[DITS_OID_HEX_SIZE] = {0};
    if (printing->count++ == 0)
        printing->first = *id;
    if (printing->args->is_ancestor ||
        (printing->count > 1 && !printing->args->all))
        return NULL;
    if (printing->cli->json) {
        struct json json = json_begin(out);
        json_oid(&json, "id", id);
        json_end(&json);
        return NULL;
    }
    dits_oid_hex(id, hex);
    fprintf(out, "%s\n", hex);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct merge_base_args *args = data;
    struct printing printing = {.cli = cli, .args = args};
    struct dits_oid one = {0};
    TRY(dits_revision_resolve(cli->repo, args->one, DITS_REVISION_COMMIT,
                              &one));
    TRY(dits_merge_base(cli->repo, args->one, args->other, print_base,
                        &printing));
    if (printing.count == 0 ||
        (args->is_ancestor && !dits_oid_equal(&printing.first, &one)))
        cli->status = CLI_FAILED;
    return NULL;
}

const struct cli_command cmd_merge_base = {
    .name = "merge-base",
    .summary = "find where two histories parted",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct merge_base_args),
    .run = run,
};
