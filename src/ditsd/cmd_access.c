/*
 * ditsd access - why something is allowed, or not
 */
#include <string.h>

#include "ditsd/site.h"
#include "server/account.h"
#include "server/repository.h"
#include "server/rule.h"

struct access_args {
    const char *action;
    struct cli_list items;
};

static const char *const action_names[] = {"explain", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct access_args, action,
                "'explain USER ACTION REPO [PATH]'", .choices = action_names),
    CLI_OPERANDS("ITEM", struct access_args, items,
                 "who, what ('read', 'write', 'lock', 'maintain' or 'admin'), "
                 "in which repository, and perhaps of which path"),
    CLI_END,
};

static const char help[] =
    "Says whether an account may do something in a repository, and which role\n"
    "or rule decides it. It asks what the server asks. Without PATH the\n"
    "question is whether there is anything that may be written. The exit\n"
    "status is 0 when it is allowed and 1 when it is not.\n"
    "\n"
    "    $ ditsd access explain tom write film sound/mix.wav\n"
    "    allowed: rule 3 allows this account to write 'sound/**'\n";

static dits_error *read_action(struct cli *cli, const char *text,
                               enum access_action *out)
{
    unsigned set = 0;
    TRY(site_usage(cli, access_actions_parse(text, &set)));
    if ((set & (set - 1)) != 0)
        return cli_usage(cli, "ask for one action, not for '%s'", text);
    *out = (enum access_action)set;
    return NULL;
}

/* As the history names it: an answer about another spelling would mislead. */
static dits_error *check_path(struct cli *cli, const char *path)
{
    for (const char *at = path;; at++) {
        size_t length = strcspn(at, "/");
        bool is_dots = length <= 2 && strspn(at, ".") >= length;
        if (is_dots) /* also a part that is empty */
            return cli_usage(cli, "'%s' is not a path of a repository", path);
        at += length;
        if (*at == '\0')
            return NULL;
    }
}

static dits_error *print(struct cli *cli,
                         const struct access_question *question,
                         const struct access_answer *answer)
{
    CLEANUP(buf_release) struct buf reason = {0};
    TRY(access_explain(question, answer, &reason));
    if (!answer->is_allowed)
        cli->status = CLI_FAILED;
    if (!cli->json) {
        fprintf(cli->out, "%s: %s\n", answer->is_allowed ? "allowed" : "denied",
                buf_text(&reason));
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_bool(&json, "allowed", answer->is_allowed);
    json_string(&json, "reason", buf_text(&reason));
    json_i64(&json, "rule", answer->rule != NULL ? answer->rule->number : 0);
    json_end(&json);
    return NULL;
}

static dits_error *explain(struct site *site, const void *data)
{
    const struct access_args *args = data;
    const char *const *items = args->items.items;
    struct account account = {.made = 0};
    struct repository repository = {.made = 0};
    struct access_question question = {.account = {{0}}};
    CLEANUP(rule_list_release) struct rule_list rules = {0};
    question.path = args->items.count > 3 ? items[3] : NULL;
    TRY(read_action(site->cli, items[1], &question.action));
    if (question.path != NULL)
        TRY(check_path(site->cli, question.path));
    TRY(account_need(site->db, items[0], &account));
    TRY(repository_need(site->db, items[2], &repository));
    TRY(role_get(site->db, &repository.id, &account.id, &question.role));
    TRY(rule_load(site->db, &repository.id, &rules));
    question.account = account.id;
    question.is_enabled = account.is_enabled;
    question.is_admin = account.is_admin;
    question.rules = rules.rules;
    question.rule_count = rules.count;
    struct access_answer answer = access_decide(&question);
    return print(site->cli, &question, &answer);
}

static const struct site_action actions[] = {
    {"explain", 3, 4, "USER ACTION REPO [PATH]", explain},
};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct access_args *args = data;
    return site_run(cli, actions, sizeof(actions) / sizeof(actions[0]),
                    args->action, &args->items, args);
}

const struct cli_command cmd_access = {
    .name = "access",
    .summary = "explain who may do what",
    .help = help,
    .group = CLI_GROUP_WHO,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct access_args),
    .run = run,
};
