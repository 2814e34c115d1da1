#include "server/access.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static struct server_id ada = {{1}};
static struct server_id bob = {{2}};
static char all_paths[] = "**";
static char sound[] = "sound/**";
static char mov[] = "**/*.mov";

static const char *const paths[] = {NULL, "sound/a.wav", "a.mov", "b.txt"};

/* What any set of them may hold, chosen by bits. */
static const struct access_rule every_rule[] = {
    {1, {{1}}, false, sound},    {2, {{1}}, true, mov},
    {3, {{0}}, true, sound},     {4, {{0}}, false, mov},
    {5, {{2}}, true, all_paths},
};
enum { RULES = sizeof(every_rule) / sizeof(every_rule[0]) };

/* By hand, and in another way than access.c: what does each pattern match? */
static bool covers(const char *pattern, const char *path)
{
    if (pattern == all_paths)
        return true;
    return pattern == sound ? strncmp(path, "sound/", 6) == 0
                            : strcmp(path, "a.mov") == 0;
}

static bool role_gives(enum access_role role, enum access_action action)
{
    switch (action) {
    case ACCESS_READ:
        return role != ROLE_NONE;
    case ACCESS_WRITE:
    case ACCESS_LOCK:
        return role == ROLE_WRITER || role == ROLE_MAINTAINER;
    case ACCESS_MAINTAIN:
        return role == ROLE_MAINTAINER;
    case ACCESS_ADMIN:
        return false;
    }
    return false;
}

/* The reference: gather all that speaks for it and all that speaks against. */
static bool expected(const struct access_question *q)
{
    bool is_write = q->action == ACCESS_WRITE || q->action == ACCESS_LOCK;
    unsigned against = 0;
    unsigned in_favour = 0;
    for (size_t i = 0; is_write && i < q->rule_count; i++) {
        const struct access_rule *rule = &q->rules[i];
        bool is_mine = memcmp(&rule->account, &ada, sizeof(ada)) == 0 ||
                       rule->account.bytes[0] == 0;
        if (!is_mine)
            continue;
        if (rule->denies)
            against += q->path != NULL && covers(rule->pattern, q->path);
        else if (q->role != ROLE_NONE)
            in_favour += q->path == NULL || covers(rule->pattern, q->path);
    }
    in_favour += role_gives(q->role, q->action);
    in_favour += q->is_admin;
    against += !q->is_enabled;
    if (q->token != NULL) {
        against += !q->token->is_live;
        against += (q->token->actions & q->action) == 0;
        against += q->action != ACCESS_ADMIN && !q->token->has_repository;
    }
    return in_favour > 0 && against == 0;
}

static unsigned rules_of(unsigned bits, struct access_rule out[RULES])
{
    unsigned count = 0;
    for (unsigned i = 0; i < RULES; i++)
        if (bits & 1u << i)
            out[count++] = every_rule[i];
    return count;
}

/* Cell number `cell` of all there are. False: there are no more. */
static bool question_of(unsigned cell, struct access_rule rules[RULES],
                        struct access_token *token, struct access_question *out)
{
    static const unsigned tokens[] = {ACCESS_ALL, ACCESS_READ, ACCESS_USUAL, 0};
    *out = (struct access_question){.account = ada, .rules = rules};
    out->action = (enum access_action)(1u << cell % 5);
    cell /= 5;
    out->path = paths[cell % 4];
    cell /= 4;
    out->role = (enum access_role)(cell % 4);
    cell /= 4;
    out->is_admin = cell & 1;
    out->is_enabled = !(cell & 2);
    cell /= 4;
    out->rule_count = rules_of(cell % (1u << RULES), rules);
    cell /= 1u << RULES;
    /* No token, or one of four, live or not, for this repository or not. */
    *token = (struct access_token){.is_live = !(cell & 1),
                                   .has_repository = !(cell & 2),
                                   .actions = tokens[(cell >> 2) % 4]};
    out->token = cell >> 2 == 4 ? NULL : token;
    return cell < 4 * 4 + 1;
}

TEST(every_cell_of_the_matrix_is_as_the_reference_says)
{
    struct access_rule rules[RULES];
    struct access_token token = {0};
    struct access_question question = {.path = NULL};
    unsigned cells = 0;
    unsigned allowed = 0;
    for (; question_of(cells, rules, &token, &question); cells++) {
        struct access_answer answer = access_decide(&question);
        allowed += answer.is_allowed;
        if (answer.is_allowed != expected(&question))
            fprintf(stderr, "cell %u\n", cells);
        CHECK(answer.is_allowed == expected(&question));
    }
    CHECK(cells == 5u * 4 * 4 * 4 * 32 * 17);
    CHECK(allowed > cells / 50 && allowed < cells / 2);
}

TEST(a_token_never_widens_what_its_owner_may)
{
    struct access_rule rules[RULES];
    struct access_token token = {0};
    struct access_question question = {.path = NULL};
    for (unsigned cell = 0; question_of(cell, rules, &token, &question);
         cell++) {
        bool with = access_decide(&question).is_allowed;
        question.token = NULL;
        CHECK(!with || access_decide(&question).is_allowed);
    }
}

static bool explained(const struct access_question *question, const char *text)
{
    CLEANUP(buf_release) struct buf out = {0};
    struct access_answer answer = access_decide(question);
    dits_error *err = access_explain(question, &answer, &out);
    bool same = err == NULL && strcmp(buf_text(&out), text) == 0;
    if (!same)
        fprintf(stderr, "# %s\n", buf_text(&out));
    dits_error_free(err);
    return same;
}

TEST(the_deciding_line_is_named)
{
    struct access_token token = {.is_live = true, .actions = ACCESS_READ};
    struct access_question question = {.account = ada,
                                       .is_enabled = true,
                                       .role = ROLE_READER,
                                       .rules = every_rule,
                                       .rule_count = RULES,
                                       .action = ACCESS_WRITE,
                                       .path = "sound/a.wav"};
    CHECK(explained(&question, "rule 3 forbids everybody to write 'sound/**'"));
    question.path = "SOUND/a.wav"; /* one folder on some disks */
    CHECK(explained(&question, "rule 3 forbids everybody to write 'sound/**'"));
    question.path = "b.txt";
    CHECK(explained(&question, "role 'reader' may not write"));
    question.rule_count = 1;
    question.path = "sound/a.wav";
    CHECK(
        explained(&question, "rule 1 allows this account to write 'sound/**'"));
    question.account = bob;
    CHECK(explained(&question, "role 'reader' may not write"));
    question.token = &token;
    CHECK(explained(&question, "the token is not for 'write'"));
    token.actions = ACCESS_ALL;
    CHECK(explained(&question, "the token is not for this repository"));
    token.is_live = false;
    CHECK(explained(&question, "the token has ended"));
    question.is_enabled = false;
    CHECK(explained(&question, "the account is disabled"));
}

TEST(reasons_of_roles_are_named)
{
    struct access_question question = {
        .account = ada, .is_enabled = true, .action = ACCESS_READ};
    CHECK(explained(&question, "the account has no role here"));
    question.role = ROLE_READER;
    CHECK(explained(&question, "role 'reader' may read"));
    question.action = ACCESS_ADMIN;
    CHECK(explained(&question, "the account is no administrator"));
    question.is_admin = true;
    CHECK(explained(&question, "administrators of the server may do it"));
}

TEST(actions_go_there_and_back_and_unknown_ones_are_refused)
{
    for (unsigned set = 1; set <= ACCESS_ALL; set++) {
        CLEANUP(buf_release) struct buf text = {0};
        unsigned again = 0;
        CHECK_OK(access_actions_put(set, &text));
        CHECK_OK(access_actions_parse(buf_text(&text), &again));
        CHECK(again == set);
    }
    unsigned set = 0;
    static const char *const bad[] = {"",      "all",    "read,",
                                      ",read", "read ,", "READ",
                                      "rea",   "*",      "read,delete"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, access_actions_parse(bad[i], &set));
}
