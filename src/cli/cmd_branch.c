/*
 * dits branch - list, make, rename and delete branches
 */
#include <string.h>

#include <dits/refs.h>
#include <dits/remote.h>

#include "base/glob.h"
#include "cli/color.h"
#include "cli/command.h"
#include "cli/commit_text.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/upstream.h"

struct branch_args {
    bool list;
    bool show_current;
    bool remove;
    bool force_remove;
    bool rename;
    bool force_rename;
    bool force;
    unsigned verbose;
    bool remotes;
    bool all;
    const char *upstream;
    bool unset_upstream;
    struct cli_list names;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("BRANCH", struct branch_args, names,
                 "the new branch, and where it starts; what to delete or "
                 "rename; or, with '--list', patterns of names"),
    CLI_SWITCH('l', "list", struct branch_args, list,
               "list the branches, or those whose names match"),
    CLI_COUNTED('v', "verbose", struct branch_args, verbose,
                "show the last commit of each, and how far it is from what it "
                "follows; twice: and what that is"),
    CLI_SWITCH('r', "remotes", struct branch_args, remotes,
               "list what is known of the branches of remotes"),
    CLI_SWITCH('a', "all", struct branch_args, all, "list both"),
    CLI_STRING('u', "set-upstream-to", "BRANCH", struct branch_args, upstream,
               "let BRANCH, or the current one, follow 'REMOTE/NAME'"),
    CLI_SWITCH(0, "unset-upstream", struct branch_args, unset_upstream,
               "let it follow nothing any more"),
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
    unsigned verbose;
    const char *prefix; /* before the names of branches of remotes */
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

static void upstream_release(struct dits_upstream *upstream)
{
    dits_upstream_release(upstream);
}

static dits_error *print_json(const struct listing *listing,
                              const struct dits_ref *ref)
{
    CLEANUP(upstream_release) struct dits_upstream upstream = {0};
    bool counts = listing->verbose > 0;
    bool found = false;
    TRY(dits_upstream_get(listing->cli->repo, ref->name, counts, &upstream,
                          &found));
    struct json json = json_begin(listing->cli->out);
    json_string(&json, "name", ref->name);
    json_oid(&json, "commit", &ref->commit);
    json_bool(&json, "is_current", ref->is_current);
    json_string(&json, "worktree", ref->worktree);
    json_bool(&json, "is_remote", false);
    json_string(&json, "upstream", upstream.name);
    if (found && counts)
        upstream_put_json_counts(&json, &upstream);
    json_end(&json);
    return NULL;
}

static void print_json_remote(FILE *out, const struct dits_ref *ref)
{
    struct json json = json_begin(out);
    json_string(&json, "name", ref->name);
    json_oid(&json, "commit", &ref->commit);
    json_bool(&json, "is_current", false);
    json_bool(&json, "is_remote", true);
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

/* "[origin/main: ahead 1] ", or without the name; "": it follows nothing. */
static dits_error *put_upstream(const struct listing *listing,
                                const char *branch, struct buf *out)
{
    CLEANUP(upstream_release) struct dits_upstream upstream = {0};
    bool found = false;
    TRY(dits_upstream_get(listing->cli->repo, branch, true, &upstream, &found));
    return found ? upstream_put_column(&upstream, listing->verbose > 1, out)
                 : NULL;
}

static dits_error *add_verbose(struct listing *listing, const char *name,
                               const struct dits_oid *id, const char *branch,
                               char mark)
{
    struct cli *cli = listing->cli;
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(buf_release) struct buf subject = {0};
    char text[DITS_OID_HEX_SIZE] = {0};
    TRY(id_short(cli, id, text));
    TRY(dits_commit_load(cli->repo, id, &commit));
    if (branch != NULL)
        TRY(put_upstream(listing, branch, &subject));
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
        return print_json(listing, ref);
    if (listing->verbose > 0)
        return add_verbose(listing, ref->name, &ref->commit, ref->name,
                           mark_of(ref));
    print_name(cli, ref);
    return NULL;
}

static dits_error *show_remote(const struct dits_ref *ref, void *payload)
{
    struct listing *listing = payload;
    struct cli *cli = listing->cli;
    CLEANUP(buf_release) struct buf name = {0};
    if (!is_wanted(listing, ref->name))
        return NULL;
    TRY(buf_printf(&name, "%s%s", listing->prefix, ref->name));
    if (cli->json)
        print_json_remote(cli->out, ref);
    else if (listing->verbose > 0)
        return add_verbose(listing, buf_text(&name), &ref->commit, NULL, ' ');
    else
        fprintf(cli->out, "  %s%s%s\n", color(cli, COLOR_RED), buf_text(&name),
                color(cli, COLOR_RESET));
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
    if (listing->verbose > 0)
        return add_verbose(listing, name, &head->commit, NULL, '*');
    fprintf(cli->out, "* %s%s%s\n", color(cli, COLOR_GREEN), name,
            color(cli, COLOR_RESET));
    return NULL;
}

static dits_error *list_own(struct cli *cli, struct listing *listing)
{
    CLEANUP(head_release) struct dits_head head = {0};
    TRY(dits_head_get(cli->repo, &head));
    if (head.branch == NULL && !cli->json && is_wanted(listing, "HEAD"))
        TRY(show_detached(listing, &head));
    return dits_branch_each(cli->repo, show_branch, listing);
}

static dits_error *list(struct cli *cli, const struct branch_args *args)
{
    CLEANUP(listing_release)
    struct listing listing = {.cli = cli,
                              .patterns = &args->names,
                              .table = {.columns = "ll", .gap = " "},
                              .verbose = args->verbose,
                              .prefix = args->all ? "remotes/" : ""};
    if (!args->remotes || args->all)
        TRY(list_own(cli, &listing));
    if (args->remotes || args->all)
        TRY(dits_remote_branch_each(cli->repo, show_remote, &listing));
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

static dits_error *follow(struct cli *cli, const struct branch_args *args)
{
    const struct cli_list *names = &args->names;
    const char *branch = names->count > 0 ? names->items[0] : NULL;
    if (names->count > 1)
        return cli_usage(cli, "unexpected '%s'", names->items[1]);
    TRY(dits_upstream_set(cli->repo, branch, args->upstream));
    if (args->unset_upstream || cli->quiet)
        return NULL;
    CLEANUP(head_release) struct dits_head head = {0};
    TRY(dits_head_get(cli->repo, &head));
    fprintf(cli->out, "branch '%s' set up to track '%s'.\n",
            branch != NULL ? branch : head.branch, args->upstream);
    return NULL;
}

static dits_error *check_usage(struct cli *cli, const struct branch_args *args)
{
    bool removes = args->remove || args->force_remove;
    bool renames = args->rename || args->force_rename;
    bool lists = args->list || args->remotes || args->all;
    if (removes + renames + args->show_current + lists +
            (args->upstream != NULL) + args->unset_upstream >
        1)
        return cli_usage(cli, "only one of '-d', '-m', '--list', "
                              "'--show-current' and '-u'");
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct branch_args *args = data;
    const struct cli_list *names = &args->names;
    bool removes = args->remove || args->force_remove;
    bool renames = args->rename || args->force_rename;
    TRY(check_usage(cli, args));
    if (args->upstream != NULL || args->unset_upstream)
        return follow(cli, args);
    if (args->show_current)
        return show_current(cli);
    if (removes)
        return remove_all(cli, names, args->force_remove || args->force);
    if (renames)
        return rename_one(cli, names, args->force_rename || args->force);
    if (names->count == 0 || args->list || args->remotes || args->all)
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
