/*
 * ditsd/site.h - what the commands of an administrator work on
 *
 * The served folder is the current one, or that of `-C`. Every change is one
 * transaction with a row of the audit log in it.
 *
 *     CLEANUP(db_transaction_end) struct db_transaction step = {0};
 *     TRY(db_begin(site->db, &step));
 *     …
 *     TRY(site_commit(site, &step, "user.add", name));
 */
#ifndef DITSD_SITE_H
#define DITSD_SITE_H

#include "cli/command.h"
#include "cli/json.h"
#include "db/db.h"

struct site {
    struct cli *cli;
    const char *folder; /* that is served */
    struct db *db;
};

/* NOT_FOUND with a hint. */
MUST_USE dits_error *site_open(struct cli *cli, struct site *out);
void site_release(struct site *site);

/* `action` was done to `resource`; both go into the audit log. */
MUST_USE dits_error *site_commit(struct site *site, struct db_transaction *step,
                                 const char *action, const char *resource);

/* Make the folder of a server, and what is missing in it. */
MUST_USE dits_error *site_make(struct cli *cli, const char *folder,
                               bool *out_existed);

/* What ACTION of a command does. */
struct site_action {
    const char *name;
    size_t least; /* of the operands behind it */
    size_t most;
    const char *operands; /* as in the usage */
    dits_error *(*run)(struct site *site, const void *args);
};

/* Open the site and do the one of `count` actions that is called `name`. */
MUST_USE dits_error *site_run(struct cli *cli,
                              const struct site_action *actions, size_t count,
                              const char *name, const struct cli_list *operands,
                              const void *args);

/* A usage error where an option was given that `action` does not have. */
MUST_USE dits_error *site_check_option(struct cli *cli, bool is_wrong,
                                       const char *option, const char *action);

/* The error of a value that makes no sense, as a usage error. */
MUST_USE dits_error *site_usage(struct cli *cli, dits_error *err);

/* As people read it, in their zone; as in RFC 3339, null for 0. */
void site_date(const struct cli *cli, int64_t time, char *out);
void site_json_time(struct json *json, const char *name, int64_t time);

#endif
