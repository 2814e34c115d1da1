/*
 * dits worktree - several work trees on one repository
 */
#include <dits/worktrees.h>

#include <string.h>

#include <dits/refs.h>

#include "cli/command.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/switching.h"
#include "cli/table.h"

struct worktree_args {
    struct cli_list operands;
    const char *create;
    const char *force_create;
    bool detach;
    bool force;
    bool lock;
    const char *reason;
    bool porcelain;
    bool nul;
    bool dry_run;
    bool verbose;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("ACTION", struct worktree_args, operands,
                 "'add', 'list', 'remove', 'move', 'lock', 'unlock', 'prune' "
                 "or 'repair', and what it is about"),
    CLI_STRING('b', NULL, "NAME", struct worktree_args, create,
               "add: make the branch NAME and check it out"),
    CLI_STRING('B', NULL, "NAME", struct worktree_args, force_create,
               "add: the same, also when NAME is there already"),
    CLI_SWITCH('d', "detach", struct worktree_args, detach,
               "add: check out a commit without a branch"),
    CLI_SWITCH('f', "force", struct worktree_args, force,
               "add: also a branch that another work tree is on; remove: also "
               "with changed and untracked files"),
    CLI_SWITCH(0, "lock", struct worktree_args, lock, "add: lock it at once"),
    CLI_STRING(0, "reason", "TEXT", struct worktree_args, reason,
               "add --lock, lock: say why"),
    CLI_SWITCH(0, "porcelain", struct worktree_args, porcelain,
               "list: as scripts like it, always the same"),
    CLI_SWITCH('z', NULL, struct worktree_args, nul,
               "list --porcelain: lines end in NUL"),
    CLI_SWITCH('n', "dry-run", struct worktree_args, dry_run,
               "prune: only say what would be forgotten"),
    CLI_SWITCH('v', "verbose", struct worktree_args, verbose,
               "prune: say what is forgotten; list: say why"),
    CLI_END,
};

static const char help[] =
    "'add PATH [REV]' makes another work tree on this repository, in a folder\n"
    "of its own: with the branch REV, or a new one called like the folder. "
    "Each\n"
    "has its own HEAD, staged files, unfinished merges and sparse set;\n"
    "commits, branches, tags, stashes and settings are shared, and files are\n"
    "not stored twice.\n"
    "\n"
    "A branch is checked out in one work tree at a time. 'dits undo' takes\n"
    "back what was done in the work tree it is said in; 'add' and 'remove'\n"
    "belong to the one they were said in. 'remove' keeps the files for undo.\n"
    "\n"
    "A work tree whose folder is gone is forgotten by 'prune', unless it is\n"
    "locked: do that where it lies on a disk that is not always there. After\n"
    "folders were moved by hand, 'repair' puts right what leads to them.\n";

static const char *operand(const struct worktree_args *args, size_t number)
{
    return number < args->operands.count ? args->operands.items[number] : NULL;
}

static dits_error *check_count(struct cli *cli,
                               const struct worktree_args *args, size_t least,
                               size_t most)
{
    const char *action = operand(args, 0);
    if (args->operands.count < least + 1)
        return cli_usage(cli, "'%s' needs %s", action,
                         least == 2 ? "a work tree and a path" : "a path");
    if (args->operands.count > most + 1)
        return cli_usage(cli, "unexpected '%s'", operand(args, most + 1));
    return NULL;
}

static dits_error *check_add(struct cli *cli, const struct worktree_args *args)
{
    bool creates = args->create != NULL || args->force_create != NULL;
    TRY(check_count(cli, args, 1, 2));
    if ((args->create != NULL && args->force_create != NULL) ||
        (creates && args->detach))
        return cli_usage(cli, "'-b', '-B' and '--detach' exclude each other");
    if (args->reason != NULL && !args->lock)
        return cli_usage(cli, "'--reason' needs '--lock'");
    return NULL;
}

/* As git tells it. */
static dits_error *tell_added(struct cli *cli, const struct worktree_args *args,
                              const struct dits_worktree_add_result *result)
{
    CLEANUP(buf_release) struct buf line = {0};
    char id[DITS_OID_HEX_SIZE] = {0};
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "name", result->name);
        json_string(&json, "path", result->path);
        json_string(&json, "branch", result->branch);
        json_oid(&json, "commit", &result->commit);
        json_bool(&json, "is_new_branch", result->is_new_branch);
        json_u64(&json, "files_written", result->files_written);
        json_end(&json);
        return NULL;
    }
    TRY(id_short(cli, &result->commit, id));
    if (result->is_new_branch)
        cli_note(cli, "Preparing worktree (new branch '%s')", result->branch);
    else if (result->branch != NULL && args->force_create != NULL)
        cli_note(cli, "Preparing worktree (resetting branch '%s')",
                 result->branch);
    else if (result->branch != NULL)
        cli_note(cli, "Preparing worktree (checking out '%s')", result->branch);
    else
        cli_note(cli, "Preparing worktree (detached HEAD %s)", id);
    if (cli->quiet)
        return NULL;
    TRY(switching_put_commit(cli, &result->commit, &line));
    fprintf(cli->out, "HEAD is now at %s\n", buf_text(&line));
    return NULL;
}

static void release_result(struct dits_worktree_add_result *result)
{
    dits_worktree_add_release(result);
}

static dits_error *add(struct cli *cli, const struct worktree_args *args)
{
    CLEANUP(release_result) struct dits_worktree_add_result result = {0};
    const char *target = operand(args, 2);
    const char *reason = args->reason != NULL ? args->reason : "";
    TRY(check_add(cli, args));
    const struct dits_worktree_add_options wanted = {
        .path = operand(args, 1),
        .target = target != NULL && strcmp(target, "-") == 0 ? "@{-1}" : target,
        .create = args->create != NULL ? args->create : args->force_create,
        .force_create = args->force_create != NULL,
        .detach = args->detach,
        .share_branch = args->force,
        .lock_reason = args->lock ? reason : NULL,
    };
    TRY(dits_worktree_add(cli->repo, &wanted, &result));
    return tell_added(cli, args, &result);
}

/* Listing. */

struct listing {
    struct cli *cli;
    const struct worktree_args *args;
    struct table table;
};

static void release_listing(struct listing *listing)
{
    table_release(&listing->table);
}

static void print_json(struct cli *cli, const struct dits_worktree *worktree)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "name", worktree->name);
    json_string(&json, "path", worktree->path);
    json_string(&json, "branch", worktree->branch);
    json_oid(&json, "commit", &worktree->commit);
    json_bool(&json, "is_current", worktree->is_current);
    json_string(&json, "locked", worktree->lock_reason);
    json_string(&json, "prunable", worktree->missing);
    json_end(&json);
}

/* A line "KEY VALUE" or, with an empty value, "KEY". */
static void print_line(const struct listing *listing, const char *key,
                       const char *value)
{
    fprintf(listing->cli->out, "%s%s%s%c", key, value[0] != '\0' ? " " : "",
            value, listing->args->nul ? '\0' : '\n');
}

static void print_porcelain(const struct listing *listing,
                            const struct dits_worktree *worktree)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(&worktree->commit, id);
    print_line(listing, "worktree", worktree->path);
    print_line(listing, "HEAD", id);
    if (worktree->branch != NULL)
        fprintf(listing->cli->out, "branch refs/heads/%s%c", worktree->branch,
                listing->args->nul ? '\0' : '\n');
    else
        print_line(listing, "detached", "");
    if (worktree->lock_reason != NULL)
        print_line(listing, "locked", worktree->lock_reason);
    else if (worktree->missing != NULL)
        print_line(listing, "prunable", worktree->missing);
    print_line(listing, "", "");
}

static dits_error *put_state(const struct listing *listing,
                             const struct dits_worktree *worktree,
                             struct buf *out)
{
    bool is_locked = worktree->lock_reason != NULL;
    const char *why = is_locked ? worktree->lock_reason : worktree->missing;
    if (why == NULL)
        return NULL;
    TRY(buf_put_text(out, is_locked ? " locked" : " prunable"));
    return listing->args->verbose && why[0] != '\0'
               ? buf_printf(out, " (%s)", why)
               : NULL;
}

static dits_error *show(const struct dits_worktree *worktree, void *payload)
{
    struct listing *listing = payload;
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf state = {0};
    char id[DITS_OID_HEX_SIZE] = {0};
    if (listing->cli->json)
        print_json(listing->cli, worktree);
    else if (listing->args->porcelain)
        print_porcelain(listing, worktree);
    if (listing->cli->json || listing->args->porcelain)
        return NULL;
    TRY(id_short(listing->cli, &worktree->commit, id));
    TRY(path_quote(worktree->path, false, &path));
    TRY(put_state(listing, worktree, &state));
    if (worktree->branch == NULL)
        return table_add(&listing->table, "%s\t%s (detached HEAD)%s",
                         buf_text(&path), id, buf_text(&state));
    return table_add(&listing->table, "%s\t%s [%s]%s", buf_text(&path), id,
                     worktree->branch, buf_text(&state));
}

static dits_error *list(struct cli *cli, const struct worktree_args *args)
{
    CLEANUP(release_listing)
    struct listing listing = {
        .cli = cli, .args = args, .table = {.columns = "ll", .gap = "  "}};
    TRY(check_count(cli, args, 0, 0));
    if (args->nul && !args->porcelain)
        return cli_usage(cli, "'-z' needs '--porcelain'");
    TRY(dits_worktree_each(cli->repo, show, &listing));
    table_print(&listing.table, cli->out);
    return NULL;
}

/* What changes. */

static dits_error *tell_pruned(const struct dits_worktree *worktree,
                               void *payload)
{
    const struct listing *listing = payload;
    if (listing->cli->json)
        print_json(listing->cli, worktree);
    else if (listing->args->verbose || listing->args->dry_run)
        fprintf(listing->cli->out, "Removing worktrees/%s: %s\n",
                worktree->name, worktree->missing);
    return NULL;
}

static dits_error *prune(struct cli *cli, const struct worktree_args *args)
{
    struct listing listing = {.cli = cli, .args = args};
    TRY(check_count(cli, args, 0, 0));
    return dits_worktree_prune(cli->repo, args->dry_run, tell_pruned, &listing);
}

static dits_error *tell_mended(const struct dits_worktree *worktree,
                               void *payload)
{
    struct cli *cli = payload;
    CLEANUP(buf_release) struct buf path = {0};
    if (cli->json) {
        print_json(cli, worktree);
        return NULL;
    }
    TRY(path_quote(worktree->path, false, &path));
    if (!cli->quiet)
        fprintf(cli->out, "repair: %s: '%s'\n", worktree->name,
                buf_text(&path));
    return NULL;
}

static dits_error *repair(struct cli *cli, const struct worktree_args *args)
{
    return dits_worktree_repair(cli->repo, args->operands.items + 1,
                                args->operands.count - 1, tell_mended, cli);
}

static dits_error *run_one(struct cli *cli, const struct worktree_args *args)
{
    const char *action = operand(args, 0);
    const char *reason = args->reason != NULL ? args->reason : "";
    bool moves = strcmp(action, "move") == 0;
    TRY(check_count(cli, args, moves ? 2 : 1, moves ? 2 : 1));
    const char *worktree = operand(args, 1);
    if (moves)
        return dits_worktree_move(cli->repo, worktree, operand(args, 2));
    if (strcmp(action, "remove") == 0)
        return dits_worktree_remove(cli->repo, worktree, args->force);
    if (strcmp(action, "lock") == 0)
        return dits_worktree_lock(cli->repo, worktree, reason);
    return dits_worktree_unlock(cli->repo, worktree);
}

static dits_error *run(struct cli *cli, const void *data)
{
    static const char *const single[] = {"remove", "move", "lock", "unlock"};
    const struct worktree_args *args = data;
    const char *action = operand(args, 0);
    if (action == NULL)
        return cli_usage(cli, "ACTION is missing");
    if (strcmp(action, "add") == 0)
        return add(cli, args);
    if (strcmp(action, "list") == 0)
        return list(cli, args);
    if (strcmp(action, "prune") == 0)
        return prune(cli, args);
    if (strcmp(action, "repair") == 0)
        return repair(cli, args);
    for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
        if (strcmp(action, single[i]) == 0)
            return run_one(cli, args);
    return cli_usage(cli, "there is no 'worktree %s'", action);
}

const struct cli_command cmd_worktree = {
    .name = "worktree",
    .summary = "several work trees on one repository",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct worktree_args),
    .run = run,
};
