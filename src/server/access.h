/*
 * server/access.h - who may do what: the decision itself
 *
 * A pure function of what the database says. Nothing is allowed but by a role,
 * by a rule, or to an administrator of the server; a rule that denies wins
 * over all of them; and a token takes away, it never adds.
 */
#ifndef SERVER_ACCESS_H
#define SERVER_ACCESS_H

#include "base/buf.h"
#include "server/id.h"

enum access_action {
    ACCESS_READ = 1 << 0,     /* see the repository and what is in it */
    ACCESS_WRITE = 1 << 1,    /* move its refs, change files */
    ACCESS_LOCK = 1 << 2,     /* lock paths */
    ACCESS_MAINTAIN = 1 << 3, /* break the locks of others */
    ACCESS_ADMIN = 1 << 4,    /* look after the server */
};

#define ACCESS_ALL 31u
/* What a token may do unless somebody says more. */
#define ACCESS_USUAL (ACCESS_READ | ACCESS_WRITE | ACCESS_LOCK)

enum access_role {
    ROLE_NONE,
    ROLE_READER,
    ROLE_WRITER,
    ROLE_MAINTAINER,
};

/* Of one repository, about paths that may be written and locked. */
struct access_rule {
    int64_t number;
    struct server_id account; /* none: everybody */
    bool denies;
    char *pattern; /* as GLOB_PATH; of one that denies, in any case */
};

struct access_token {
    bool is_live;        /* not ended, not revoked */
    unsigned actions;    /* 0 where there was one that nobody knows */
    bool has_repository; /* it is good for the one asked for */
};

struct access_question {
    struct server_id account;
    bool is_enabled;
    bool is_admin;
    enum access_role role;            /* in the repository */
    const struct access_token *token; /* NULL: none is between */
    const struct access_rule *rules;
    size_t rule_count;
    enum access_action action; /* one */
    const char *path;          /* NULL: is there any that may be written? */
};

enum access_why {
    ACCESS_TO_ADMIN,
    ACCESS_BY_ROLE,
    ACCESS_BY_RULE,
    ACCESS_NOT_ENABLED,
    ACCESS_TOKEN_ENDED,
    ACCESS_TOKEN_ACTION,
    ACCESS_TOKEN_REPOSITORY,
    ACCESS_NO_ROLE,
    ACCESS_DENIED_BY_RULE,
};

struct access_answer {
    bool is_allowed;
    enum access_why why;
    const struct access_rule *rule; /* that decided; borrowed, or NULL */
};

struct access_answer access_decide(const struct access_question *question);

/* "role 'reader' does not allow it", in words for people. */
MUST_USE dits_error *access_explain(const struct access_question *question,
                                    const struct access_answer *answer,
                                    struct buf *out);

/* "read"; and "read,lock" there and back. INVALID: a name nobody knows. */
const char *access_action_name(enum access_action action);
MUST_USE dits_error *access_actions_parse(const char *text, unsigned *out);
MUST_USE dits_error *access_actions_put(unsigned actions, struct buf *out);

/* "none", "reader", "writer", "maintainer". */
const char *access_role_name(enum access_role role);
bool access_role_parse(const char *name, enum access_role *out);

#endif
