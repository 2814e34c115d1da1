/*
 * ditsd rule - rules about paths of a repository
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/paths.h"
#include "ditsd/site.h"
#include "server/account.h"
#include "server/repository.h"
#include "server/rule.h"

struct rule_args {
    const char *action;
    const char *user;
    struct cli_list items;
};

static const char *const action_names[] = {"add", "list", "remove", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct rule_args, action,
                "'add REPO allow|deny PATTERN', 'list REPO' or 'remove REPO "
                "NUMBER'",
                .choices = action_names),
    CLI_OPERANDS("ITEM", struct rule_args, items, "what the action is about"),
    CLI_STRING('u', "user", "USER", struct rule_args, user,
               "add: about this account alone, not everybody"),
    CLI_END,
};

static const char help[] =
    "A rule says which paths may be written and locked. One that allows lets\n"
    "also those in whose role does not; one that denies is stronger than\n"
    "everything, for administrators too. Their order does not matter. What is\n"
    "read is not narrowed by rules: who may read a repository reads all of "
    "it.\n"
    "\n"
    "A PATTERN is a path with '*' and '?', which stay within one folder, and\n"
    "'**', which stands for folders of any depth. One that denies matches\n"
    "whatever the capitals.\n"
    "\n"
    "    ditsd rule add film deny 'master/**'\n"
    "    ditsd rule add film allow 'sound/**' --user tom\n";

static dits_error *read_effect(struct cli *cli, const char *text,
                               bool *out_denies)
{
    *out_denies = strcmp(text, "deny") == 0;
    return *out_denies || strcmp(text, "allow") == 0
               ? NULL
               : cli_usage(cli, "'%s' is neither 'allow' nor 'deny'", text);
}

/* In the transaction. */
static dits_error *add_rule(struct site *site, const struct rule_args *args,
                            struct access_rule *rule)
{
    struct repository repository = {.made = 0};
    struct account account = {.made = 0};
    TRY(repository_need(site->db, args->items.items[0], &repository));
    if (args->user != NULL)
        TRY(account_need(site->db, args->user, &account));
    rule->account = account.id;
    return rule_add(site->db, &repository.id, rule);
}

static dits_error *add(struct site *site, const void *data)
{
    const struct rule_args *args = data;
    const char *const *items = args->items.items;
    const char *user = args->user != NULL ? args->user : "everybody";
    CLEANUP(buf_release) struct buf resource = {0};
    CLEANUP(text_free) char *pattern = NULL;
    struct access_rule rule = {.number = 0};
    TRY(read_effect(site->cli, items[1], &rule.denies));
    TRY(text_copy(items[2], &pattern));
    rule.pattern = pattern;
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(add_rule(site, args, &rule));
    TRY(buf_printf(&resource, "%s %" PRId64 " %s %s '%s'", items[0],
                   rule.number, items[1], user, pattern));
    TRY(site_commit(site, &step, "rule.add", buf_text(&resource)));
    cli_note(site->cli, "It is rule %" PRId64 ".", rule.number);
    return NULL;
}

static dits_error *remove_rule(struct site *site, const void *data)
{
    const struct rule_args *args = data;
    const char *const *items = args->items.items;
    CLEANUP(buf_release) struct buf resource = {0};
    struct repository repository = {.made = 0};
    int64_t number = 0;
    if (!text_to_i64(items[1], &number))
        return cli_usage(site->cli, "'%s' is not a number", items[1]);
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(repository_need(site->db, items[0], &repository));
    dits_error *err = rule_remove(site->db, &repository.id, number);
    if (err != NULL)
        return error_hint(err, "See 'ditsd rule list %s'.", repository.name);
    TRY(buf_printf(&resource, "%s %" PRId64, repository.name, number));
    return site_commit(site, &step, "rule.remove", buf_text(&resource));
}

static dits_error *print_rule(struct site *site, const struct access_rule *rule)
{
    struct cli *cli = site->cli;
    struct account account = {.made = 0};
    bool is_one = !server_id_is_none(&rule->account);
    bool found = false;
    const char *effect = rule->denies ? "deny" : "allow";
    if (is_one)
        TRY(account_get(site->db, &rule->account, &account, &found));
    if (!cli->json) {
        fprintf(cli->out, "%" PRId64 "  %-5s  %s  ", rule->number, effect,
                is_one ? account.name : "everybody");
        TRY(path_print(cli->out, rule->pattern));
        fputc('\n', cli->out);
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_i64(&json, "number", rule->number);
    json_string(&json, "effect", effect);
    json_string(&json, "user", is_one ? account.name : NULL);
    json_string(&json, "pattern", rule->pattern);
    json_end(&json);
    return NULL;
}

static dits_error *list(struct site *site, const void *data)
{
    const struct rule_args *args = data;
    struct repository repository = {.made = 0};
    CLEANUP(rule_list_release) struct rule_list rules = {0};
    TRY(repository_need(site->db, args->items.items[0], &repository));
    TRY(rule_load(site->db, &repository.id, &rules));
    for (size_t i = 0; i < rules.count; i++)
        TRY(print_rule(site, &rules.rules[i]));
    return NULL;
}

static const struct site_action actions[] = {
    {"add", 3, 3, "REPO allow|deny PATTERN", add},
    {"list", 1, 1, "REPO", list},
    {"remove", 2, 2, "REPO NUMBER", remove_rule},
};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct rule_args *args = data;
    bool is_add = strcmp(args->action, "add") == 0;
    TRY(site_check_option(cli, args->user != NULL && !is_add, "--user",
                          args->action));
    return site_run(cli, actions, sizeof(actions) / sizeof(actions[0]),
                    args->action, &args->items, args);
}

const struct cli_command cmd_rule = {
    .name = "rule",
    .summary = "say which paths may be written",
    .help = help,
    .group = CLI_GROUP_WHO,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct rule_args),
    .run = run,
};
