/*
 * dits logout - be nobody on a server again
 */
#include <dits/login.h>

#include <stdio.h>

#include "cli/command.h"
#include "cli/json.h"

struct logout_args {
    const char *url;
};

static const struct cli_option options[] = {
    CLI_OPERAND("URL", struct logout_args, url,
                "https://host[:port], perhaps with the name of a repository"),
    CLI_END,
};

static const char help[] =
    "Has the server revoke the token of 'dits login' and forgets it, with the\n"
    "pin. Where the server cannot be asked it is forgotten all the same. A "
    "token\n"
    "that was made with 'ditsd token' stays good: its administrator revokes "
    "it.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct logout_args *args = data;
    bool revoked = false;
    TRY(dits_logout(cli->context, args->url, &revoked));
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "url", args->url);
        json_bool(&json, "revoked", revoked);
        json_end(&json);
        return NULL;
    }
    fprintf(cli->out, "Logged out of %s%s.\n", args->url,
            revoked ? "" : "; the token was not revoked there");
    return NULL;
}

const struct cli_command cmd_logout = {
    .name = "logout",
    .summary = "be nobody on a server again",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct logout_args),
    .run = run,
};
