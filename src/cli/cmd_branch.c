/*
 * dits branch - list, make, rename and delete branches
 */
#include <string.h>

#include <dits/refs.h>

#include "base/glob.h"
#include "cli/color.h"
#include "cli/command.h"
#include "cli/commit_text.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/table.h"

struct branch_args {
    bool list;
    bool show_current;
    bool remove;
    bool force_remove;
    bool rename;
    bool force_rename;
    bool force;
    bool verbose;
    struct cli_list names;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("BRANCH", struct branch_args, names,
                 "the new branch, and where it starts; what to delete or "
                 "rename; or, with '--list', patterns of names"),
    CLI_SWITCH('l', "list", struct branch_args, list,
               "list the branches, or those whose names match"),
    CLI_SWITCH('v', "verbose", struct branch_args, verbose,
               "show the last commit of each"),
    CLI_SWITCH(0, "show-current", struct branch_args, show_current,
               "print the name of the current branch"),
    CLI_SWITCH('d', "delete", struct branch_args, remove,
               "delete branches that HEAD contains"),
    CLI_SWITCH('D', NULL, struct branch_args, force_remove,
               "delete branches in any case"),
    CLI_SWITCH('m', "move", struct branch_args, rename,
               "rename the branch OLD NEW, or the current one to NEW"),
    CLI_SWITCH('M', NULL, struct branch_args, force_rename,
               "the same, also to a name that is taken"),
    CLI_SWITCH('f', "force", struct branch_args, force,
               "move a branch that is there already"),
    CLI_END,
};

static const char help[] =
    "Without names, lists the branches. 'dits branch NAME [REV]' makes one at\n"
    "REV, or at HEAD, and stays on the current one; see 'dits switch -c'.\n";

/* What one walk over the branches carries along. */
struct listing {
    struct cli *cli;
    const struct cli_list *patterns;
    struct table table;
    bool verbose;
};

static void listing_release(struct listing *listing)
{
    table_release(&listing->table);
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static void head_release(struct dits_head *head)
{
    dits_head_release(head);
}

static void print_json(FILE *out, const struct dits_ref *ref)
{
    struct json json = json_begin(out);
    json_string(&json, "name", ref->name);
    json_oid(&json, "commit", &ref->commit);
    json_bool(&json, "is_current", ref->is_current);
    json_string(&json, "worktree", ref->worktree);
    json_end(&json);
}

/* As in git: '+' is another work tree's. */
static char mark_of(const struct dits_ref *ref)
{
    if (ref->is_current)
        return '*';
    return ref->worktree != NULL ? '+' : ' ';
}

static void print_name(const struct cli *cli, const struct dits_ref *ref)
{
    bool is_marked = ref->is_current || ref->worktree != NULL;
    enum color shade = ref->is_current ? COLOR_GREEN : COLOR_CYAN;
    fprintf(cli->out, "%c %s%s%s\n", mark_of(ref),
            is_marked ? color(cli, shade) : "", ref->name,
            is_marked ? color(cli, COLOR_RESET) : "");
}

static dits_error *add_verbose(struct listing *listing, const char *name,
                               const struct dits_oid *id, char mark)
{
    struct cli *cli = listing->cli;
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(buf_release) struct buf subject = {0};
    char text[DITS_OID_HEX_SIZE] = {0};
    TRY(id_short(cli, id, text));
    TRY(dits_commit_load(cli->repo, id, &commit));
    TRY(commit_subject(dits_commit_message(commit), &subject));
    return table_add(&listing->table, "%c %s\t%s %s", mark, name, text,
                     buf_text(&subject));
}

static bool is_wanted(const struct listing *listing, const char *name)
{
    const struct cli_list *patterns = listing->patterns;
    return glob_match_any(patterns->items, patterns->count, name, 0);
}

static dits_error *show_branch(const struct dits_ref *ref, void *payload)
{
    struct listing *listing = payload;
    struct cli *cli = listing->cli;
    if (!is_wanted(listing, ref->name))
        return NULL;
    if (cli->json)
        print_json(cli->out, ref);
    else if (listing->verbose)
        return add_verbose(listing, ref->name, &ref->commit, mark_of(ref));
    else
        print_name(cli, ref);
    return NULL;
}

/* Without a branch, HEAD itself heads the list, as in git. */
static dits_error *show_detached(struct listing *listing,
                                 const struct dits_head *head)
{
    struct cli *cli = listing->cli;
    char id[DITS_OID_HEX_SIZE] = {0};
    char name[DITS_OID_HEX_SIZE + 24] = {0};
    TRY(id_short(cli, &head->commit, id));
    (void)snprintf(name, sizeof(name), "(HEAD detached at %s)", id);
    if (listing->verbose)
        return add_verbose(listing, name, &head->commit, '*');
    fprintf(cli->out, "* %s%s%s\n", color(cli, COLOR_GREEN), name,
            color(cli, COLOR_RESET));
    return NULL;
}

static dits_error *list(struct cli *cli, const struct branch_args *args)
{
    CLEANUP(listing_release)
    struct listing listing = {.cli = cli,
                              .patterns = &args->names,
                              .table = {.columns = "ll", .gap = " "},
                              .verbose = args->verbose};
    CLEANUP(head_release) struct dits_head head = {0};
    TRY(dits_head_get(cli->repo, &head));
    if (head.branch == NULL && !cli->json && is_wanted(&listing, "HEAD"))
        TRY(show_detached(&listing, &head));
    TRY(dits_branch_each(cli->repo, show_branch, &listing));
    table_print(&listing.table, cli->out);
    return NULL;
}

static dits_error *show_current(struct cli *cli)
{
    CLEANUP(head_release) struct dits_head head = {0};
    TRY(dits_head_get(cli->repo, &head));
    if (head.branch != NULL)
        fprintf(cli->out, "%s\n", head.branch);
    return NULL;
}

static dits_error *remove_all(struct cli *cli, const struct cli_list *names,
                              bool force)
{
    if (names->count == 0)
        return cli_usage(cli, "BRANCH is missing");
    for (size_t i = 0; i < names->count; i++) {
        struct dits_oid was = {{0}};
        char id[DITS_OID_HEX_SIZE] = {0};
        TRY_CONTEXT(dits_branch_delete(cli->repo, names->items[i], force, &was),
                    "cannot delete the branch '%s'", names->items[i]);
        TRY(id_short(cli, &was, id));
        if (!cli->quiet)
            fprintf(cli->out, "Deleted branch %s (was %s).\n", names->items[i],
                    id);
    }
    return NULL;
}

static dits_error *rename_one(struct cli *cli, const struct cli_list *names,
                              bool force)
{
    if (names->count == 0 || names->count > 2)
        return cli_usage(cli, "'-m' takes NEW, or OLD and NEW");
    const char *from = names->count == 2 ? names->items[0] : NULL;
    return dits_branch_rename(cli->repo, from, names->items[names->count - 1],
                              force);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct branch_args *args = data;
    const struct cli_list *names = &args->names;
    bool removes = args->remove || args->force_remove;
    bool renames = args->rename || args->force_rename;
    if (removes + renames + args->show_current + args->list > 1)
        return cli_usage(
            cli, "only one of '-d', '-m', '--list' and '--show-current'");
    if (args->show_current)
        return show_current(cli);
    if (removes)
        return remove_all(cli, names, args->force_remove || args->force);
    if (renames)
        return rename_one(cli, names, args->force_rename || args->force);
    if (names->count == 0 || args->list)
        return list(cli, args);
    if (names->count > 2)
        return cli_usage(cli, "unexpected '%s'", names->items[2]);
    return dits_branch_create(cli->repo, names->items[0],
                              names->count == 2 ? names->items[1] : NULL,
                              args->force);
}

const struct cli_command cmd_branch = {
    .name = "branch",
    .summary = "list, make, rename and delete branches",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct branch_args),
    .run = run,
};
