/*
 * dits login - say who one is on a server
 */
#include <dits/login.h>
#include <dits/repo.h>

#include <stdio.h>

#include "base/crypt.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/secret.h"

enum { NAME_MAX_BYTES = 256, SECRET_MAX_BYTES = 4096 };

struct login_args {
    const char *url;
    const char *user;
    const char *pin;
    bool password_stdin;
    bool token_stdin;
};

static const struct cli_option options[] = {
    CLI_OPERAND("URL", struct login_args, url,
                "https://host[:port], perhaps with the name of a repository"),
    CLI_STRING('u', "user", "NAME", struct login_args, user,
               "the name of the account; else it is asked for"),
    CLI_SWITCH(0, "password-stdin", struct login_args, password_stdin,
               "the password is the first line of standard input"),
    CLI_SWITCH(0, "token-stdin", struct login_args, token_stdin,
               "a token is the first line of standard input"),
    CLI_STRING(0, "pin", "PIN", struct login_args, pin,
               "trust the server whose key has this pin, 'sha256//...'"),
    CLI_END,
};

static const char help[] =
    "Asks for a name and a password, or takes a token, and keeps a token for\n"
    "'dits push', 'fetch' and 'clone'. 'dits logout' forgets it.\n"
    "\n"
    "A certificate that no authority vouches for is refused, and its pin is\n"
    "said. Compare that with what 'ditsd serve' prints on the server, and say\n"
    "'--pin'. It is kept, and no other key is trusted for this server then.\n";

/* A line from the terminal, which shows what is typed. */
static dits_error *ask_name(struct buf *out)
{
    fputs("Name: ", stderr);
    TRY(secret_read(NAME_MAX_BYTES, out));
    return out->size > 0 ? NULL : error_new(DITS_E_CANCELLED, "no name");
}

static dits_error *read_secret(const struct login_args *args, struct buf *out)
{
    if (args->password_stdin || args->token_stdin)
        return secret_read(SECRET_MAX_BYTES, out);
    return secret_ask_once("Password", SECRET_MAX_BYTES, out);
}

static void print(struct cli *cli, const char *url, const char *name)
{
    if (!cli->json) {
        fprintf(cli->out, "Logged in to %s as %s.\n", url, name);
        return;
    }
    struct json json = json_begin(cli->out);
    json_string(&json, "url", url);
    json_string(&json, "name", name);
    json_end(&json);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct login_args *args = data;
    CLEANUP(buf_release) struct buf name = {0};
    CLEANUP(crypt_buf_wipe) struct buf secret = {0};
    struct dits_login_options login = {
        .url = args->url, .user = args->user, .pin = args->pin};
    char *who = NULL;
    if (args->token_stdin && (args->password_stdin || args->user != NULL))
        return cli_usage(cli, "a token needs neither name nor password");
    if (args->password_stdin && args->user == NULL)
        return cli_usage(cli, "'--password-stdin' needs '--user'");
    if (!args->token_stdin && args->user == NULL) {
        TRY(ask_name(&name));
        login.user = buf_text(&name);
    }
    TRY(read_secret(args, &secret));
    if (args->token_stdin)
        login.token = buf_text(&secret);
    else
        login.password = buf_text(&secret);
    TRY(dits_login(cli->context, &login, &who));
    print(cli, args->url, who);
    dits_free(who);
    return NULL;
}

const struct cli_command cmd_login = {
    .name = "login",
    .summary = "say who you are on a server",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct login_args),
    .run = run,
};
