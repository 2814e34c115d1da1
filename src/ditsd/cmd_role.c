/*
 * ditsd role - what accounts may do in repositories
 */
#include "cli/table.h"
#include "ditsd/site.h"
#include "server/account.h"
#include "server/repository.h"

struct role_args {
    const char *action;
    struct cli_list items;
};

static const char *const action_names[] = {"set", "list", "remove", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct role_args, action,
                "'set USER REPO ROLE', 'remove USER REPO' or 'list [USER]'",
                .choices = action_names),
    CLI_OPERANDS("ITEM", struct role_args, items,
                 "what the action is about; ROLE is 'reader', 'writer' or "
                 "'maintainer'"),
    CLI_END,
};

static const char help[] =
    "An account has at most one role in a repository, and without one may do\n"
    "nothing there. A reader sees what is in it; a writer also changes it and\n"
    "locks paths; a maintainer also breaks the locks of others. 'ditsd rule'\n"
    "narrows or widens this for some paths.\n";

static dits_error *change(struct site *site, const struct cli_list *items,
                          enum access_role role, const char *logged)
{
    CLEANUP(buf_release) struct buf resource = {0};
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    struct account account = {.made = 0};
    struct repository repository = {.made = 0};
    TRY(db_begin(site->db, &step));
    TRY(account_need(site->db, items->items[0], &account));
    TRY(repository_need(site->db, items->items[1], &repository));
    TRY(role_set(site->db, &repository.id, &account.id, role));
    TRY(buf_printf(&resource, "%s %s %s", account.name, repository.name,
                   access_role_name(role)));
    return site_commit(site, &step, logged, buf_text(&resource));
}

static dits_error *set(struct site *site, const void *data)
{
    const struct role_args *args = data;
    enum access_role role = ROLE_NONE;
    const char *name = args->items.items[2];
    if (!access_role_parse(name, &role) || role == ROLE_NONE)
        return error_hint(cli_usage(site->cli, "there is no role '%s'", name),
                          "There are reader, writer and maintainer.");
    return change(site, &args->items, role, "role.set");
}

static dits_error *remove_role(struct site *site, const void *data)
{
    const struct role_args *args = data;
    return change(site, &args->items, ROLE_NONE, "role.remove");
}

struct listing {
    struct site *site;
    const char *user;
    struct table table;
};

static void listing_release(struct listing *listing)
{
    table_release(&listing->table);
}

static dits_error *list_one(const char *repository, enum access_role role,
                            void *payload)
{
    struct listing *listing = payload;
    if (!listing->site->cli->json)
        return table_add(&listing->table, "%s\t%s\t%s", listing->user,
                         repository, access_role_name(role));
    struct json json = json_begin(listing->site->cli->out);
    json_string(&json, "user", listing->user);
    json_string(&json, "repo", repository);
    json_string(&json, "role", access_role_name(role));
    json_end(&json);
    return NULL;
}

static dits_error *list_account(const struct account *account, void *payload)
{
    struct listing *listing = payload;
    listing->user = account->name;
    return role_each(listing->site->db, &account->id, list_one, listing);
}

static dits_error *list(struct site *site, const void *data)
{
    const struct role_args *args = data;
    struct account account = {.made = 0};
    CLEANUP(listing_release)
    struct listing listing = {.site = site, .table.columns = "lll"};
    if (args->items.count == 0) {
        TRY(account_each(site->db, list_account, &listing));
    } else {
        TRY(account_need(site->db, args->items.items[0], &account));
        TRY(list_account(&account, &listing));
    }
    table_print(&listing.table, site->cli->out);
    return NULL;
}

static const struct site_action actions[] = {
    {"set", 3, 3, "USER REPO ROLE", set},
    {"list", 0, 1, "at most a USER", list},
    {"remove", 2, 2, "USER REPO", remove_role},
};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct role_args *args = data;
    return site_run(cli, actions, sizeof(actions) / sizeof(actions[0]),
                    args->action, &args->items, args);
}

const struct cli_command cmd_role = {
    .name = "role",
    .summary = "let accounts into repositories",
    .help = help,
    .group = CLI_GROUP_WHO,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct role_args),
    .run = run,
};
