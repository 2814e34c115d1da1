/*
 * dits serve - let others have what a repository has
 */
#include <dits/serve.h>

#include "cli/command.h"
#include "cli/environment.h"

struct serve_args {
    const char *path;
    bool stdio;
    bool read_only;
};

static const struct cli_option options[] = {
    CLI_OPERAND("PATH", struct serve_args, path,
                "the folder of the repository"),
    CLI_SWITCH(0, "stdio", struct serve_args, stdio,
               "requests come on standard input, answers go to standard "
               "output"),
    CLI_SWITCH(0, "read-only", struct serve_args, read_only,
               "refuse what would change the repository"),
    CLI_END,
};

static const char help[] =
    "Answers another Dits over a pair of pipes. 'dits push', 'fetch' and "
    "'clone'\n"
    "run it by themselves on the other machine, for addresses as\n"
    "'ssh://host/path' and 'host:path'; nobody else has to.\n"
    "\n"
    "Whoever logs in with ssh may do what the files allow. A key that is bound "
    "to\n"
    "'dits serve --stdio --read-only PATH' in 'authorized_keys' may only read, "
    "and\n"
    "only that repository.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct serve_args *args = data;
    const struct dits_serve_options served = {
        .in = 0,
        .out = 1,
        .caller = cli->environment->user_email,
        .read_only = args->read_only,
    };
    if (!args->stdio)
        return cli_usage(cli, "'--stdio' is missing");
    return dits_serve(cli->context, args->path, &served);
}

const struct cli_command cmd_serve = {
    .name = "serve",
    .summary = "let another Dits reach a repository",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_CHANGES,
    .options = options,
    .args_size = sizeof(struct serve_args),
    .run = run,
};
