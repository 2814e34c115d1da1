#include "server/access.h"

#include <inttypes.h>
#include <string.h>

#include "base/glob.h"

static const struct {
    const char *name;
    enum access_action action;
} actions[] = {
    {"read", ACCESS_READ},   {"write", ACCESS_WRITE},
    {"lock", ACCESS_LOCK},   {"maintain", ACCESS_MAINTAIN},
    {"admin", ACCESS_ADMIN},
};
enum { ACTION_COUNT = sizeof(actions) / sizeof(actions[0]) };

static const struct {
    const char *name;
    unsigned actions;
} roles[] = {
    [ROLE_NONE] = {"none", 0},
    [ROLE_READER] = {"reader", ACCESS_READ},
    [ROLE_WRITER] = {"writer", ACCESS_READ | ACCESS_WRITE | ACCESS_LOCK},
    [ROLE_MAINTAINER] = {"maintainer", ACCESS_READ | ACCESS_WRITE |
                                           ACCESS_LOCK | ACCESS_MAINTAIN},
};
enum { ROLE_COUNT = sizeof(roles) / sizeof(roles[0]) };

const char *access_action_name(enum access_action action)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (actions[i].action == action)
            return actions[i].name;
    return "unknown";
}

static unsigned action_named(const char *name, size_t length)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (strlen(actions[i].name) == length &&
            memcmp(actions[i].name, name, length) == 0)
            return actions[i].action;
    return 0;
}

dits_error *access_actions_parse(const char *text, unsigned *out)
{
    *out = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        unsigned action = action_named(at, length);
        if (action == 0)
            return error_hint(error_new(DITS_E_INVALID,
                                        "there is no action '%.*s'",
                                        (int)length, at),
                              "There are read, write, lock, maintain and "
                              "admin.");
        *out |= action;
        at += length;
        if (*at == '\0')
            return NULL;
    }
}

dits_error *access_actions_put(unsigned set, struct buf *out)
{
    const char *between = "";
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        if (!(set & actions[i].action))
            continue;
        TRY(buf_printf(out, "%s%s", between, actions[i].name));
        between = ",";
    }
    return NULL;
}

const char *access_role_name(enum access_role role)
{
    return roles[role].name;
}

bool access_role_parse(const char *name, enum access_role *out)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(roles[i].name, name) != 0)
            continue;
        *out = (enum access_role)i;
        return true;
    }
    return false;
}

static bool is_about(const struct access_rule *rule,
                     const struct access_question *question)
{
    if (!server_id_is_none(&rule->account) &&
        !server_id_equal(&rule->account, &question->account))
        return false;
    /* "Any path?": a rule that denies some does not deny all. */
    if (question->path == NULL)
        return !rule->denies;
    return glob_match(rule->pattern, question->path,
                      GLOB_PATH | (rule->denies ? GLOB_IGNORE_CASE : 0));
}

static const struct access_rule *find_rule(
    const struct access_question *question, bool denies)
{
    for (size_t i = 0; i < question->rule_count; i++)
        if (question->rules[i].denies == denies &&
            is_about(&question->rules[i], question))
            return &question->rules[i];
    return NULL;
}

static struct access_answer no(enum access_why why,
                               const struct access_rule *rule)
{
    return (struct access_answer){.why = why, .rule = rule};
}

static struct access_answer yes(enum access_why why,
                                const struct access_rule *rule)
{
    return (struct access_answer){.is_allowed = true, .why = why, .rule = rule};
}

/* Without a token: what the account itself may do. */
static struct access_answer decide_account(
    const struct access_question *question)
{
    bool is_ruled = question->action == ACCESS_WRITE ||
                    question->action == ACCESS_LOCK;
    const struct access_rule *rule = is_ruled ? find_rule(question, true)
                                              : NULL;
    if (rule != NULL)
        return no(ACCESS_DENIED_BY_RULE, rule);
    if (question->is_admin)
        return yes(ACCESS_TO_ADMIN, NULL);
    if (roles[question->role].actions & question->action)
        return yes(ACCESS_BY_ROLE, NULL);
    if (is_ruled && question->role != ROLE_NONE)
        rule = find_rule(question, false);
    return rule != NULL ? yes(ACCESS_BY_RULE, rule) : no(ACCESS_NO_ROLE, NULL);
}

struct access_answer access_decide(const struct access_question *question)
{
    const struct access_token *token = question->token;
    if (!question->is_enabled)
        return no(ACCESS_NOT_ENABLED, NULL);
    if (token != NULL && !token->is_live)
        return no(ACCESS_TOKEN_ENDED, NULL);
    if (token != NULL && !(token->actions & question->action))
        return no(ACCESS_TOKEN_ACTION, NULL);
    if (token != NULL && question->action != ACCESS_ADMIN &&
        !token->has_repository)
        return no(ACCESS_TOKEN_REPOSITORY, NULL);
    return decide_account(question);
}

static dits_error *explain_rule(const struct access_rule *rule, struct buf *out)
{
    return buf_printf(out, "rule %" PRId64 " %s %s to write '%s'", rule->number,
                      rule->denies ? "forbids" : "allows",
                      server_id_is_none(&rule->account) ? "everybody"
                                                        : "this account",
                      rule->pattern);
}

dits_error *access_explain(const struct access_question *question,
                           const struct access_answer *answer, struct buf *out)
{
    const char *action = access_action_name(question->action);
    const char *role = access_role_name(question->role);
    switch (answer->why) {
    case ACCESS_TO_ADMIN:
        return buf_put_text(out, "administrators of the server may do it");
    case ACCESS_BY_ROLE:
        return buf_printf(out, "role '%s' may %s", role, action);
    case ACCESS_BY_RULE:
    case ACCESS_DENIED_BY_RULE:
        return explain_rule(answer->rule, out);
    case ACCESS_NOT_ENABLED:
        return buf_put_text(out, "the account is disabled");
    case ACCESS_TOKEN_ENDED:
        return buf_put_text(out, "the token has ended");
    case ACCESS_TOKEN_ACTION:
        return buf_printf(out, "the token is not for '%s'", action);
    case ACCESS_TOKEN_REPOSITORY:
        return buf_put_text(out, "the token is not for this repository");
    case ACCESS_NO_ROLE:
        break;
    }
    if (question->action == ACCESS_ADMIN)
        return buf_put_text(out, "the account is no administrator");
    return question->role == ROLE_NONE
               ? buf_put_text(out, "the account has no role here")
               : buf_printf(out, "role '%s' may not %s", role, action);
}
