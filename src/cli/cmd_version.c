/*
 * dits version - print the version; of ditsd, too
 */
#include "cli/command.h"
#include "cli/json.h"
#include "cli/program.h"

static const struct cli_option options[] = {CLI_END};

static const char help[] = "Prints the version of Dits, as '--version' does.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    (void)data;
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "version", dits_version());
        json_end(&json);
        return NULL;
    }
    fprintf(cli->out, "%s version %s\n", cli->program->name, dits_version());
    return NULL;
}

const struct cli_command cmd_version = {
    .name = "version",
    .summary = "print the version",
    .help = help,
    .group = CLI_GROUP_HELP,
    .flags = CLI_JSON,
    .options = options,
    .run = run,
};
