#include "ditsd/site.h"

#include <string.h>

#include "base/fs.h"
#include "base/text.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "server/audit.h"
#include "server/database.h"

dits_error *site_open(struct cli *cli, struct site *out)
{
    *out = (struct site){.cli = cli, .folder = "."};
    dits_error *err = server_database_open(out->folder, DB_EXISTING, &out->db);
    if (err == NULL || dits_error_code(err) != DITS_E_NOT_FOUND)
        return err;
    dits_error_free(err);
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "this is not the folder of a server"),
        "Name it with 'ditsd -C DIR', or make one with 'ditsd init'.");
}

void site_release(struct site *site)
{
    db_close(site->db);
}

dits_error *site_commit(struct site *site, struct db_transaction *step,
                        const char *action, const char *resource)
{
    const struct audit_entry entry = {
        .time = site->cli->now,
        .name = site->cli->environment->user_name,
        .action = action,
        .resource = resource,
        .allowed = true,
        .reason = "command line of the server",
    };
    TRY(audit_append(site->db, &entry));
    TRY(db_commit(step));
    TRY_CONTEXT(audit_seal(site->db, site->folder),
                "it is done, but the audit log is not whole");
    return NULL;
}

static dits_error *see_row(const struct audit_entry *entry, void *payload)
{
    bool *is_begun = payload;
    (void)entry;
    *is_begun = true;
    return NULL;
}

/* From its first row on the log has a head, so that a missing one is told. */
static dits_error *begin_log(struct site *site)
{
    bool is_begun = false;
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(audit_each(site->db, 0, 1, see_row, &is_begun));
    return is_begun ? audit_seal(site->db, site->folder)
                    : site_commit(site, &step, "server.init", NULL);
}

dits_error *site_make(struct cli *cli, const char *folder, bool *out_existed)
{
    CLEANUP(text_free) char *repos = NULL;
    CLEANUP(text_free) char *database = NULL;
    CLEANUP(site_release) struct site site = {.cli = cli, .folder = folder};
    TRY(fs_join(folder, "repos", &repos));
    TRY(fs_join(folder, "ditsd.db", &database));
    *out_existed = fs_exists(database);
    TRY(fs_make_dirs(repos));
    TRY(server_database_open(folder, DB_CREATE, &site.db));
    TRY(begin_log(&site));
    return fs_sync_dir(folder);
}

static dits_error *check_count(struct cli *cli,
                               const struct site_action *action,
                               const struct cli_list *operands)
{
    if (operands->count >= action->least && operands->count <= action->most)
        return NULL;
    return action->most == 0
               ? cli_usage(cli, "'%s' takes no more", action->name)
               : cli_usage(cli, "'%s' takes %s", action->name,
                           action->operands);
}

dits_error *site_run(struct cli *cli, const struct site_action *actions,
                     size_t count, const char *name,
                     const struct cli_list *operands, const void *args)
{
    CLEANUP(site_release) struct site site = {0};
    const struct site_action *action = actions;
    while (action < actions + count - 1 && strcmp(action->name, name) != 0)
        action++;
    TRY(check_count(cli, action, operands));
    TRY(site_open(cli, &site));
    return action->run(&site, args);
}

dits_error *site_check_option(struct cli *cli, bool is_wrong,
                              const char *option, const char *action)
{
    return is_wrong ? cli_usage(cli, "'%s' is not for '%s'", option, action)
                    : NULL;
}

dits_error *site_usage(struct cli *cli, dits_error *err)
{
    if (err != NULL)
        cli->status = CLI_USAGE;
    return err;
}

void site_date(const struct cli *cli, int64_t time, char *out)
{
    const struct date_style style = {.format = DATE_ISO};
    date_format(&style, time, cli->environment->utc_offset_minutes, out);
}

void site_json_time(struct json *json, const char *name, int64_t time)
{
    const struct date_style style = {.format = DATE_ISO_STRICT};
    char text[DATE_TEXT_SIZE] = {0};
    if (time != 0)
        date_format(&style, time, 0, text);
    json_string(json, name, time != 0 ? text : NULL);
}
