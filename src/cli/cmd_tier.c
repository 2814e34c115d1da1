/*
 * dits tier - hot, warm and cold places for what is stored
 */
#include <dits/refs.h>
#include <dits/tier.h>

#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/revisions.h"
#include "cli/tier_print.h"

struct tier_args {
    const char *action;
    bool all;
    bool dry_run;
    bool packs;
    bool recall;
    const char *limit_rate;
    struct cli_list items;
    struct cli_list paths;
};

static const char *const actions[] = {"add",  "remove", "list",   "status",
                                      "move", "run",    "recall", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct tier_args, action,
                "'add NAME FOLDER', 'remove NAME', 'list', 'status', 'move "
                "NAME PACK…', 'run' the policies, or 'recall [REV] [PATH…]'",
                .choices = actions),
    CLI_SWITCH('n', "dry-run", struct tier_args, dry_run,
               "show what would be moved and change nothing"),
    CLI_STRING(0, "limit-rate", "SIZE", struct tier_args, limit_rate,
               "copy at most SIZE bytes a second: '20m'"),
    CLI_SWITCH('a', "all", struct tier_args, all,
               "of 'move': all packs that have content"),
    CLI_SWITCH(0, "packs", struct tier_args, packs,
               "of 'list': each pack, and where a run would move it"),
    CLI_SWITCH(0, "recall", struct tier_args, recall,
               "of 'remove': bring its packs back first"),
    CLI_OPERANDS("ARG", struct tier_args, items,
                 "what the action is about: 'hot' is the repository itself"),
    CLI_PATHS("PATH", struct tier_args, paths,
              "of 'recall': the files whose content is brought back"),
    CLI_END,
};

static const char help[] =
    "A tier is a folder on another disk, or a mount, that packs of the\n"
    "repository move to: whole, checked, and while everybody works on. What\n"
    "is there is read from there. History, folders and lists of chunks stay\n"
    "in the repository, so with a disk away all works but reading content\n"
    "that is on it, which says so. Each tier has a marker in its folder:\n"
    "another disk, or an empty mount point, is never taken for it.\n"
    "\n"
    "The settings tier.NAME.age ('90 days'), tier.NAME.unused ('30 days') and\n"
    "tier.NAME.minSize (16m) are its policy: packs older than that, and not\n"
    "read for so long, go there with 'dits tier run', and with 'dits gc' in\n"
    "the background. With tier.NAME.recall, packs come back when they were\n"
    "read. Old copies are deleted once they are older than tier.lease seconds\n"
    "(900), by the next run.\n";

static dits_error *check_counts(struct cli *cli, const struct tier_args *args)
{
    static const struct {
        const char *name;
        size_t least;
        size_t most;
    } rules[] = {
        {"add", 2, 2},           {"remove", 1, 1},      {"list", 0, 0},
        {"status", 0, 0},        {"move", 1, SIZE_MAX}, {"run", 0, 0},
        {"recall", 0, SIZE_MAX},
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (strcmp(rules[i].name, args->action) != 0)
            continue;
        if (args->items.count < rules[i].least)
            return cli_usage(cli, "'%s' needs more than that", args->action);
        if (args->items.count > rules[i].most)
            return cli_usage(cli, "'%s' does not take so much", args->action);
    }
    return NULL;
}

static dits_error *check_usage(struct cli *cli, const struct tier_args *args)
{
    bool moves = strcmp(args->action, "move") == 0;
    bool removes = strcmp(args->action, "remove") == 0;
    bool recalls = strcmp(args->action, "recall") == 0;
    bool copies = moves || recalls || args->recall ||
                  strcmp(args->action, "run") == 0;
    TRY(check_counts(cli, args));
    if (args->packs && strcmp(args->action, "list") != 0)
        return cli_usage(cli, "'--packs' is for 'list'");
    if (args->recall && !removes)
        return cli_usage(cli, "'--recall' is for 'remove'");
    if (args->all && !moves)
        return cli_usage(cli, "'--all' is for 'move'");
    if ((args->limit_rate != NULL || args->dry_run) && !copies)
        return cli_usage(cli, "'%s' moves nothing", args->action);
    if (args->dry_run && removes)
        return cli_usage(cli, "'remove' has no '--dry-run'");
    if (args->paths.is_given && !recalls)
        return cli_usage(cli, "'%s' takes no path", args->action);
    if (moves && args->all == (args->items.count > 1))
        return cli_usage(cli, "name packs, or give '--all'");
    return NULL;
}

static dits_error *read_options(struct cli *cli, const struct tier_args *args,
                                struct dits_tier_options *out)
{
    *out = (struct dits_tier_options){
        .dry_run = args->dry_run,
        .on_move = cli->quiet ? NULL : tier_print_move,
        .payload = cli,
    };
    if (args->limit_rate != NULL &&
        (!text_to_size(args->limit_rate, &out->bytes_per_second) ||
         out->bytes_per_second == 0))
        return cli_usage(cli, "'%s' is no size as in '20m'", args->limit_rate);
    return NULL;
}

static dits_error *finish(struct cli *cli, const struct tier_args *args,
                          const struct dits_tier_result *result)
{
    if (result->damaged > 0 || result->offline > 0)
        cli->status = CLI_FAILED;
    tier_print_result(cli, args->dry_run, result);
    return NULL;
}

static dits_error *move(struct cli *cli, const struct tier_args *args,
                        const struct dits_tier_options *wanted)
{
    const struct dits_paths packs = {.items = args->items.items + 1,
                                     .count = args->items.count - 1};
    struct dits_tier_result result = {0};
    TRY(dits_tier_move(cli->repo, args->items.items[0],
                       args->all ? NULL : &packs, wanted, &result));
    return finish(cli, args, &result);
}

static dits_error *recall(struct cli *cli, const struct tier_args *args,
                          const struct dits_tier_options *wanted)
{
    struct revision_args operands = {0};
    struct dits_tier_result result = {0};
    struct dits_oid commit = {{0}};
    TRY(revisions_split(cli, &args->items, &args->paths, &operands));
    if (operands.count > 1)
        return cli_usage(cli, "only one revision can be recalled at a time");
    TRY(dits_revision_resolve(
        cli->repo, operands.count > 0 ? operands.revisions[0] : "HEAD",
        DITS_REVISION_COMMIT, &commit));
    TRY(dits_tier_recall(cli->repo, &commit, &operands.paths, wanted, &result));
    return finish(cli, args, &result);
}

static dits_error *remove_tier(struct cli *cli, const struct tier_args *args,
                               const struct dits_tier_options *wanted)
{
    struct dits_tier_result result = {0};
    const char *name = args->items.items[0];
    if (args->recall)
        TRY(dits_tier_empty(cli->repo, name, wanted, &result));
    TRY(dits_tier_remove(cli->repo, name));
    return args->recall ? finish(cli, args, &result) : NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct tier_args *args = data;
    struct dits_tier_options wanted = {0};
    struct dits_tier_result result = {0};
    const char *const *items = args->items.items;
    TRY(check_usage(cli, args));
    TRY(read_options(cli, args, &wanted));
    if (strcmp(args->action, "add") == 0)
        return dits_tier_add(cli->repo, items[0], items[1]);
    if (strcmp(args->action, "remove") == 0)
        return remove_tier(cli, args, &wanted);
    if (strcmp(args->action, "list") == 0)
        return args->packs ? tier_print_packs(cli) : tier_print_list(cli);
    if (strcmp(args->action, "status") == 0)
        return tier_print_status(cli);
    if (strcmp(args->action, "move") == 0)
        return move(cli, args, &wanted);
    if (strcmp(args->action, "recall") == 0)
        return recall(cli, args, &wanted);
    TRY(dits_tier_run(cli->repo, &wanted, &result));
    return finish(cli, args, &result);
}

const struct cli_command cmd_tier = {
    .name = "tier",
    .summary = "keep what is stored on several disks",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct tier_args),
    .run = run,
};
