/*
 * server/rule.h - rules about paths of a repository
 *
 * As in server/account.h, changes are made inside a transaction.
 */
#ifndef SERVER_RULE_H
#define SERVER_RULE_H

#include "server/access.h"

enum { RULE_MAX = 10000, RULE_PATTERN_MAX = 1024 };

/* Zero is an empty list. */
struct rule_list {
    struct access_rule *rules; /* in order of their numbers */
    size_t count;
    size_t capacity;
};

/*
 * `rule->number` becomes that of the new one. The pattern has `*`, `?` and
 * parts that are `**`, and no other special characters. INVALID, LIMIT.
 */
MUST_USE dits_error *rule_add(struct db *db, const struct server_id *repository,
                              struct access_rule *rule);

/* NOT_FOUND. */
MUST_USE dits_error *rule_remove(struct db *db,
                                 const struct server_id *repository,
                                 int64_t number);
MUST_USE dits_error *rule_load(struct db *db,
                               const struct server_id *repository,
                               struct rule_list *out);
void rule_list_release(struct rule_list *list);

#endif
