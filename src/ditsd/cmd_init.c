/*
 * ditsd init - make the folder of a server
 */
#include "cli/paths.h"
#include "ditsd/site.h"

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

static dits_error *run(struct cli *cli, const void *data)
{
    const struct init_args *args = data;
    const char *folder = args->folder != NULL ? args->folder : ".";
    bool existed = false;
    TRY_CONTEXT(site_make(cli, folder, &existed),
                "cannot make a server in '%s'", folder);
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
