/*
 * ditsd user - accounts
 */
#include <string.h>

#include "cli/date.h"
#include "cli/secret.h"
#include "cli/table.h"
#include "ditsd/site.h"
#include "server/password.h"
#include "server/tokens.h"

struct user_args {
    const char *action;
    bool admin;
    bool service;
    bool password_stdin;
    struct cli_list names;
};

static const char *const action_names[] = {
    "add", "list", "password", "disable", "enable", "promote", "demote", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct user_args, action,
                "'add NAME', 'list', 'password NAME', 'disable NAME', 'enable "
                "NAME', 'promote NAME' or 'demote NAME'",
                .choices = action_names),
    CLI_OPERANDS("NAME", struct user_args, names, "the account"),
    CLI_SWITCH(0, "admin", struct user_args, admin,
               "add: one who may administer the server"),
    CLI_SWITCH(0, "service", struct user_args, service,
               "add: a program, which has tokens and no password"),
    CLI_SWITCH(0, "password-stdin", struct user_args, password_stdin,
               "add, password: read the password from standard input"),
    CLI_END,
};

static const char help[] =
    "Makes and changes accounts. A new one may do nothing yet: 'ditsd role'\n"
    "lets it into repositories. A password is asked for on the terminal, or\n"
    "read from standard input; never is it an argument, which others could\n"
    "see. Changing it ends what was signed in with the one before.\n"
    "\n"
    "A disabled account keeps its roles and tokens, and none of them is worth\n"
    "anything. Accounts are not removed: the audit log tells of them. "
    "'promote'\n"
    "makes somebody an administrator of the server, 'demote' no more one; the\n"
    "last administrator stays.\n";

/* What is kept of a password that was typed or read. */
static dits_error *ask_hash(const struct user_args *args,
                            char out[CRYPT_PASSWORD_SIZE])
{
    CLEANUP(crypt_buf_wipe) struct buf password = {0};
    TRY(args->password_stdin ? secret_read(PASSWORD_MAX, &password)
                             : secret_ask("Password", PASSWORD_MAX, &password));
    TRY(password_check(buf_slice(&password)));
    return crypt_password_hash(buf_slice(&password), &password_cost, out);
}

/* Before somebody types a password for nothing. */
static dits_error *check_new(struct site *site, const char *name)
{
    struct account account = {.made = 0};
    bool found = false;
    TRY(site_usage(site->cli, name_check_account(name)));
    TRY(account_find(site->db, name, &account, &found));
    return found ? error_new(DITS_E_EXISTS, "there is an account '%s' already",
                             name)
                 : NULL;
}

static dits_error *add(struct site *site, const void *data)
{
    const struct user_args *args = data;
    const char *name = args->names.items[0];
    char hash[CRYPT_PASSWORD_SIZE] = {0};
    struct account account = {.made = 0};
    TRY(check_new(site, name));
    if (!args->service)
        TRY(ask_hash(args, hash));
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(account_create(site->db, name,
                       args->service ? ACCOUNT_SERVICE : ACCOUNT_PERSON,
                       site->cli->now, &account));
    if (!args->service)
        TRY(password_set(site->db, &account.id, hash, site->cli->now));
    if (args->admin)
        TRY(account_set_admin(site->db, &account, true));
    return site_commit(site, &step, args->admin ? "user.add-admin" : "user.add",
                       name);
}

static dits_error *set_password(struct site *site, const void *data)
{
    const struct user_args *args = data;
    const char *name = args->names.items[0];
    char hash[CRYPT_PASSWORD_SIZE] = {0};
    struct account account = {.made = 0};
    TRY(account_need(site->db, name, &account));
    if (account.kind == ACCOUNT_SERVICE)
        return error_hint(error_new(DITS_E_INVALID,
                                    "'%s' is a service: it has no password",
                                    name),
                          "Give it a token with 'ditsd token create'.");
    TRY(ask_hash(args, hash));
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(password_set(site->db, &account.id, hash, site->cli->now));
    TRY(tokens_revoke_kind(site->db, &account.id, TOKEN_SESSION,
                           site->cli->now));
    return site_commit(site, &step, "user.password", name);
}

/* One of the changes that take nothing but a name. */
typedef dits_error *change_fn(struct db *db, const struct account *account,
                              bool value);

static dits_error *change(struct site *site, const struct user_args *args,
                          change_fn *fn, bool value)
{
    static const struct {
        const char *action;
        const char *logged;
    } names[] = {{"disable", "user.disable"},
                 {"enable", "user.enable"},
                 {"promote", "user.promote"},
                 {"demote", "user.demote"}};
    struct account account = {.made = 0};
    size_t i = 0;
    while (strcmp(names[i].action, args->action) != 0)
        i++;
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(account_need(site->db, args->names.items[0], &account));
    TRY(fn(site->db, &account, value));
    return site_commit(site, &step, names[i].logged, account.name);
}

static dits_error *disable(struct site *site, const void *data)
{
    return change(site, data, account_set_enabled, false);
}

static dits_error *enable(struct site *site, const void *data)
{
    return change(site, data, account_set_enabled, true);
}

static dits_error *promote(struct site *site, const void *data)
{
    return change(site, data, account_set_admin, true);
}

static dits_error *demote(struct site *site, const void *data)
{
    return change(site, data, account_set_admin, false);
}

struct listing {
    struct cli *cli;
    struct table table;
};

static void listing_release(struct listing *listing)
{
    table_release(&listing->table);
}

static dits_error *list_one(const struct account *account, void *payload)
{
    struct listing *listing = payload;
    bool is_service = account->kind == ACCOUNT_SERVICE;
    if (!listing->cli->json)
        return table_add(&listing->table, "%s\t%s\t%s\t%s", account->name,
                         is_service ? "service" : "person",
                         account->is_enabled ? "enabled" : "disabled",
                         account->is_admin ? "admin" : "");
    struct json json = json_begin(listing->cli->out);
    json_string(&json, "name", account->name);
    json_string(&json, "kind", is_service ? "service" : "person");
    json_bool(&json, "enabled", account->is_enabled);
    json_bool(&json, "admin", account->is_admin);
    site_json_time(&json, "made", account->made);
    json_end(&json);
    return NULL;
}

static dits_error *list(struct site *site, const void *data)
{
    CLEANUP(listing_release)
    struct listing listing = {.cli = site->cli, .table.columns = "llll"};
    (void)data;
    TRY(account_each(site->db, list_one, &listing));
    table_print(&listing.table, site->cli->out);
    return NULL;
}

static const struct site_action actions[] = {
    {"add", 1, 1, "NAME", add},
    {"list", 0, 0, "", list},
    {"password", 1, 1, "NAME", set_password},
    {"disable", 1, 1, "NAME", disable},
    {"enable", 1, 1, "NAME", enable},
    {"promote", 1, 1, "NAME", promote},
    {"demote", 1, 1, "NAME", demote},
};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct user_args *args = data;
    bool is_add = strcmp(args->action, "add") == 0;
    bool has_password = is_add || strcmp(args->action, "password") == 0;
    TRY(site_check_option(cli, args->admin && !is_add, "--admin",
                          args->action));
    TRY(site_check_option(cli, args->service && !is_add, "--service",
                          args->action));
    TRY(site_check_option(cli, args->password_stdin && !has_password,
                          "--password-stdin", args->action));
    if (args->service && args->password_stdin)
        return cli_usage(cli, "a service has no password");
    return site_run(cli, actions, sizeof(actions) / sizeof(actions[0]),
                    args->action, &args->names, args);
}

const struct cli_command cmd_user = {
    .name = "user",
    .summary = "make, list and disable accounts",
    .help = help,
    .group = CLI_GROUP_WHO,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct user_args),
    .run = run,
};
