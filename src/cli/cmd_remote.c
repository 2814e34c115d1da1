/*
 * dits remote - other repositories by name
 */
#include <dits/remote.h>

#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/ids.h"
#include "cli/json.h"

struct remote_args {
    const char *action;
    bool verbose;
    struct cli_list items;
};

static const char *const actions[] = {"list",    "add",    "remove",
                                      "rm",      "rename", "get-url",
                                      "set-url", "show",   NULL};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("ACTION", struct remote_args, action,
                         "'add NAME URL', 'remove NAME', 'rename OLD NEW', "
                         "'get-url NAME', 'set-url NAME URL', 'show NAME' or "
                         "'list', which is the default",
                         .choices = actions),
    CLI_OPERANDS("REMOTE", struct remote_args, items,
                 "what the action is about"),
    CLI_SWITCH('v', "verbose", struct remote_args, verbose,
               "list: also where each is"),
    CLI_END,
};

static const char help[] =
    "A remote is a name for another repository. URL is the folder of one on\n"
    "this machine, on a mounted share or on another disk; a relative one\n"
    "counts from the top of the work tree. One on another machine that has "
    "Dits\n"
    "is reached through ssh: 'ssh://[user@]host[:port]/path' or "
    "'[user@]host:path'.\n"
    "What is known of its branches is kept here as 'NAME/BRANCH', as of the "
    "last\n"
    "fetch or push.\n"
    "\n"
    "The settings remote.NAME.url and remote.NAME.fetch (refspecs, as in git)\n"
    "describe a remote; branch.BRANCH.remote and branch.BRANCH.merge say what\n"
    "a branch follows.\n";

static dits_error *print_one(const struct dits_remote *remote, void *payload)
{
    const struct cli *cli = payload;
    struct json json = json_begin(cli->out);
    json_string(&json, "name", remote->name);
    json_string(&json, "url", remote->url);
    json_list_begin(&json, "fetch");
    for (size_t i = 0; i < remote->fetch_count; i++)
        json_list_string(&json, remote->fetch[i]);
    json_list_end(&json);
    json_end(&json);
    return NULL;
}

static dits_error *print_name(const struct dits_remote *remote, void *payload)
{
    const struct cli *cli = payload;
    fprintf(cli->out, "%s\n", remote->name);
    return NULL;
}

static dits_error *print_urls(const struct dits_remote *remote, void *payload)
{
    const struct cli *cli = payload;
    const char *url = remote->url != NULL ? remote->url : "";
    fprintf(cli->out, "%s\t%s (fetch)\n%s\t%s (push)\n", remote->name, url,
            remote->name, url);
    return NULL;
}

static dits_error *list(struct cli *cli, const struct remote_args *args)
{
    dits_remote_fn *print = args->verbose ? print_urls : print_name;
    return dits_remote_each(cli->repo, cli->json ? print_one : print, cli);
}

/* One remote, looked for among all. */
struct looking {
    struct cli *cli;
    const char *name;
    dits_remote_fn *fn;
    bool found;
};

static dits_error *look(const struct dits_remote *remote, void *payload)
{
    struct looking *looking = payload;
    if (strcmp(remote->name, looking->name) != 0)
        return NULL;
    looking->found = true;
    return looking->fn(remote, looking->cli);
}

static dits_error *about_one(struct cli *cli, const char *name,
                             dits_remote_fn *fn)
{
    struct looking looking = {.cli = cli, .name = name, .fn = fn};
    TRY(dits_remote_each(cli->repo, look, &looking));
    return looking.found ? NULL
                         : error_hint(error_new(DITS_E_NOT_FOUND,
                                                "no such remote '%s'", name),
                                      "See 'dits remote'.");
}

static dits_error *print_url(const struct dits_remote *remote, void *payload)
{
    const struct cli *cli = payload;
    fprintf(cli->out, "%s\n", remote->url != NULL ? remote->url : "");
    return NULL;
}

/* The branches of one remote. */
struct branches {
    struct cli *cli;
    const char *remote;
};

static dits_error *print_branch(const struct dits_ref *ref, void *payload)
{
    const struct branches *branches = payload;
    char id[DITS_OID_HEX_SIZE] = {0};
    size_t length = strlen(branches->remote);
    if (!text_starts_with(ref->name, branches->remote) ||
        ref->name[length] != '/')
        return NULL;
    TRY(id_short(branches->cli, &ref->commit, id));
    fprintf(branches->cli->out, "    %s %s\n", id, ref->name + length + 1);
    return NULL;
}

static dits_error *print_all(const struct dits_remote *remote, void *payload)
{
    struct cli *cli = payload;
    struct branches branches = {.cli = cli, .remote = remote->name};
    if (cli->json)
        return print_one(remote, cli);
    fprintf(cli->out, "* remote %s\n  URL: %s\n", remote->name,
            remote->url != NULL ? remote->url : "(not set)");
    for (size_t i = 0; i < remote->fetch_count; i++)
        fprintf(cli->out, "  Fetches: %s\n", remote->fetch[i]);
    fputs("  Branches, as last seen:\n", cli->out);
    return dits_remote_branch_each(cli->repo, print_branch, &branches);
}

/* How many operands each action takes. */
static dits_error *check_count(struct cli *cli, const char *action,
                               const struct cli_list *items)
{
    static const struct {
        const char *action;
        size_t count;
    } rules[] = {{"list", 0},   {"add", 2},     {"remove", 1},  {"rm", 1},
                 {"rename", 2}, {"get-url", 1}, {"set-url", 2}, {"show", 1}};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (strcmp(rules[i].action, action) == 0 &&
            rules[i].count != items->count)
            return cli_usage(cli, "'%s' takes %zu name%s", action,
                             rules[i].count, rules[i].count == 1 ? "" : "s");
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct remote_args *args = data;
    const char *action = args->action != NULL ? args->action : "list";
    const char *const *items = args->items.items;
    TRY(check_count(cli, action, &args->items));
    if (args->verbose && strcmp(action, "list") != 0)
        return cli_usage(cli, "'-v' is for 'list'");
    if (strcmp(action, "list") == 0)
        return list(cli, args);
    if (strcmp(action, "add") == 0)
        return dits_remote_add(cli->repo, items[0], items[1]);
    if (strcmp(action, "rename") == 0)
        return dits_remote_rename(cli->repo, items[0], items[1]);
    if (strcmp(action, "set-url") == 0)
        return dits_remote_set_url(cli->repo, items[0], items[1]);
    if (strcmp(action, "get-url") == 0)
        return about_one(cli, items[0], print_url);
    if (strcmp(action, "show") == 0)
        return about_one(cli, items[0], print_all);
    return dits_remote_remove(cli->repo, items[0]);
}

const struct cli_command cmd_remote = {
    .name = "remote",
    .summary = "name other repositories",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct remote_args),
    .run = run,
};
