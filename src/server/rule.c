#include "server/rule.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

static dits_error *check_pattern(const char *pattern)
{
    size_t length = strnlen(pattern, RULE_PATTERN_MAX + 1);
    if (length == 0 || length > RULE_PATTERN_MAX)
        return error_new(DITS_E_INVALID, "a pattern has between 1 and %d bytes",
                         RULE_PATTERN_MAX);
    if (pattern[0] == '/' || pattern[length - 1] == '/')
        return error_hint(
            error_new(DITS_E_INVALID,
                      "'%s' begins or ends with a slash, as no path does",
                      pattern),
            "Write 'sound/**' for all that is in a folder.");
    /* A set that is not well formed matches nothing: it would not deny. */
    if (strpbrk(pattern, "[]\\") != NULL || !text_is_utf8(pattern, length))
        return error_new(DITS_E_INVALID,
                         "a pattern is text with *, ? and ** only");
    return NULL;
}

static dits_error *count_rules(struct db *db,
                               const struct server_id *repository, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(db, "SELECT count(*) FROM rules WHERE repository = ?",
                 DB_ARGS(server_id_value(repository)), &rows));
    TRY(db_next(rows, &found));
    *out = db_column_int(rows, 0);
    return NULL;
}

static dits_error *last_number(struct db *db, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(db, "SELECT max(number) FROM rules", DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = db_column_int(rows, 0);
    return NULL;
}

dits_error *rule_add(struct db *db, const struct server_id *repository,
                     struct access_rule *rule)
{
    int64_t count = 0;
    TRY(check_pattern(rule->pattern));
    TRY(count_rules(db, repository, &count));
    if (count >= RULE_MAX)
        return error_new(DITS_E_LIMIT, "a repository has %d rules at most",
                         RULE_MAX);
    TRY(db_run(db,
               "INSERT INTO rules(repository, account, denies, pattern) "
               "VALUES(?, ?, ?, ?)",
               DB_ARGS(server_id_value(repository),
                       server_id_value(&rule->account), db_int(rule->denies),
                       db_text(rule->pattern)),
               NULL));
    return last_number(db, &rule->number);
}

dits_error *rule_remove(struct db *db, const struct server_id *repository,
                        int64_t number)
{
    uint64_t changes = 0;
    TRY(db_run(db, "DELETE FROM rules WHERE repository = ? AND number = ?",
               DB_ARGS(server_id_value(repository), db_int(number)), &changes));
    return changes > 0 ? NULL
                       : error_new(DITS_E_NOT_FOUND,
                                   "there is no rule %" PRId64 " here", number);
}

void rule_list_release(struct rule_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        mem_free(list->rules[i].pattern);
    mem_free(list->rules);
    *list = (struct rule_list){0};
}

static dits_error *add_row(struct db_rows *rows, struct rule_list *list)
{
    struct access_rule *rules =
        array_grown(list->rules, list->count, &list->capacity, sizeof(*rules));
    const char *pattern = db_column_text(rows, 3);
    if (rules == NULL)
        return error_nomem();
    list->rules = rules;
    struct access_rule *rule = &rules[list->count];
    /* A pattern that is damaged denies everything, and allows nothing. */
    *rule = (struct access_rule){.number = db_column_int(rows, 0),
                                 .denies = db_column_int(rows, 2) != 0};
    server_id_column(rows, 1, &rule->account);
    TRY(text_copy(pattern != NULL ? pattern
                  : rule->denies  ? "**"
                                  : "",
                  &rule->pattern));
    list->count++;
    return NULL;
}

dits_error *rule_load(struct db *db, const struct server_id *repository,
                      struct rule_list *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    CLEANUP(rule_list_release) struct rule_list list = {0};
    bool more = false;
    TRY(db_query(db,
                 "SELECT number, account, denies, pattern FROM rules WHERE "
                 "repository = ? ORDER BY number",
                 DB_ARGS(server_id_value(repository)), &rows));
    TRY(db_next(rows, &more));
    while (more) {
        TRY(add_row(rows, &list));
        TRY(db_next(rows, &more));
    }
    *out = MOVE(list);
    return NULL;
}
