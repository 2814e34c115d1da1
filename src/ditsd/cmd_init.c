/*
 * ditsd init - make the folder of a server
 */
#include "base/fs.h"
#include "base/text.h"
#include "cli/paths.h"
#include "ditsd/site.h"
#include "server/audit.h"
#include "server/database.h"

struct init_args {
    const char *folder;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("DIR", struct init_args, folder,
                         "the folder, made if it is missing; default: here"),
    CLI_END,
};

static const char help[] =
    "Makes the database of accounts, 'ditsd.db', and the folder 'repos' for\n"
    "repositories. Nobody may do anything until an account is made; there is\n"
    "none with a known password. Where a server is already, nothing changes.\n"
    "\n"
    "    ditsd init /srv/dits\n"
    "    cd /srv/dits\n"
    "    ditsd user add --admin anna\n"
    "    ditsd repo create film\n";

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

static dits_error *make(struct cli *cli, const char *folder, bool *out_existed)
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

static dits_error *run(struct cli *cli, const void *data)
{
    const struct init_args *args = data;
    const char *folder = args->folder != NULL ? args->folder : ".";
    bool existed = false;
    TRY_CONTEXT(make(cli, folder, &existed), "cannot make a server in '%s'",
                folder);
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "path", folder);
        json_bool(&json, "existed", existed);
        json_end(&json);
        return NULL;
    }
    if (cli->quiet)
        return NULL;
    fputs(existed ? "Existing server in " : "Initialized empty server in ",
          cli->out);
    TRY(path_print(cli->out, folder));
    fputc('\n', cli->out);
    return NULL;
}

const struct cli_command cmd_init = {
    .name = "init",
    .summary = "make the folder of a server",
    .help = help,
    .group = CLI_GROUP_SERVE,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct init_args),
    .run = run,
};
