/*
 * dits fetch - bring what another repository has
 */
#include <dits/transfer.h>

#include <string.h>

#include "cli/command.h"
#include "cli/exchange.h"
#include "cli/transfer.h"

struct fetch_args {
    struct cli_list operands;
    bool all;
    bool prune;
    bool tags;
    bool no_tags;
    bool force;
    bool dry_run;
    struct cli_number depth;
};

static const struct cli_option options[] = {
    CLI_OPERANDS(
        "REMOTE", struct fetch_args, operands,
        "a remote or the address of a repository, and refspecs: 'main', "
        "'main:copy'"),
    CLI_SWITCH('a', "all", struct fetch_args, all, "fetch from all remotes"),
    CLI_SWITCH('p', "prune", struct fetch_args, prune,
               "remove what is known of branches that are gone there"),
    CLI_SWITCH('t', "tags", struct fetch_args, tags, "bring all tags"),
    CLI_SWITCH('n', "no-tags", struct fetch_args, no_tags,
               "bring no tags but those asked for; default: those of commits "
               "that are fetched"),
    CLI_SWITCH('f', "force", struct fetch_args, force,
               "also move refs to where they do not lead forward"),
    CLI_SWITCH(0, "dry-run", struct fetch_args, dry_run,
               "show what would be done, and move no ref"),
    CLI_NUMBER(0, "depth", "NUM", struct fetch_args, depth,
               "take no more than NUM commits from each ref: the history is "
               "shallow then"),
    CLI_END,
};

static const char help[] =
    "Brings the commits that refs of another repository lead to, and what is\n"
    "known of its branches: 'origin/main' is where 'main' was there. Nothing\n"
    "of one's own moves; 'dits merge @{u}' or 'dits pull' take it up.\n"
    "\n"
    "Without refspecs, those of the settings count. What comes is checked to\n"
    "the last byte before a ref leads to it; what is here already does not\n"
    "travel, so a fetch that was cut off goes on. 'FETCH_HEAD' is the first\n"
    "ref that was asked for.\n";

static dits_error *fetch_one(struct cli *cli, const struct fetch_args *args,
                             const char *remote, uint64_t *rejected)
{
    const struct cli_list *operands = &args->operands;
    size_t taken = operands->count > 0 ? 1 : 0;
    struct transfer_print print = {.cli = cli, .title = "From"};
    const struct dits_fetch_options wanted = {
        .remote = remote,
        .refspecs = args->all ? NULL : operands->items + taken,
        .refspec_count = args->all ? 0 : operands->count - taken,
        .prune = args->prune,
        .all_tags = args->tags,
        .no_tags = args->no_tags,
        .force = args->force,
        .dry_run = args->dry_run,
        .depth = args->depth.value,
        .on_ref = transfer_print_ref,
        .payload = &print,
    };
    struct dits_transfer_result result = {0};
    TRY(dits_fetch(cli->repo, &wanted, &result));
    transfer_note(cli, "received", &result);
    if (args->depth.is_given || result.cuts != result.cuts_before)
        exchange_note_cuts(cli, result.cuts_before, result.cuts);
    *rejected += result.rejected;
    return NULL;
}

struct fetching_all {
    struct cli *cli;
    const struct fetch_args *args;
    uint64_t rejected;
};

static dits_error *fetch_next(const struct dits_remote *remote, void *payload)
{
    struct fetching_all *all = payload;
    return fetch_one(all->cli, all->args, remote->name, &all->rejected);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct fetch_args *args = data;
    struct fetching_all all = {.cli = cli, .args = args};
    TRY(exchange_check_depth(cli, &args->depth));
    if (args->tags && args->no_tags)
        return cli_usage(cli, "'--tags' and '--no-tags' exclude each other");
    if (args->all && args->operands.count > 0)
        return cli_usage(cli, "'--all' takes no remote");
    if (args->all)
        TRY(dits_remote_each(cli->repo, fetch_next, &all));
    else
        TRY(fetch_one(cli, args,
                      args->operands.count > 0 ? args->operands.items[0] : NULL,
                      &all.rejected));
    if (all.rejected > 0)
        cli->status = CLI_FAILED;
    return NULL;
}

const struct cli_command cmd_fetch = {
    .name = "fetch",
    .summary = "bring what another repository has",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct fetch_args),
    .run = run,
};
