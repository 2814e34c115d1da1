/*
 * dits config - read and change settings
 */
#include <string.h>

#include <dits/config.h>

#include "cli/command.h"
#include "cli/json.h"

struct config_args {
    bool user;
    bool local;
    bool unset;
    bool list;
    bool get;
    bool nul;
    struct cli_list words;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("KEY", struct config_args, words,
                 "the setting, as 'user.name', then its new VALUE; or 'get "
                 "KEY', 'set KEY VALUE', 'unset KEY', 'list'"),
    CLI_SWITCH(0, "user", struct config_args, user,
               "only the user's own settings, for all repositories"),
    CLI_SWITCH(0, "global", struct config_args, user, "the same",
               .flags = CLI_HIDDEN),
    CLI_SWITCH(0, "local", struct config_args, local,
               "only the settings of this repository"),
    CLI_SWITCH(0, "get", struct config_args, get, "print the value of KEY"),
    CLI_SWITCH(0, "unset", struct config_args, unset, "remove KEY"),
    CLI_SWITCH('l', "list", struct config_args, list, "list all settings"),
    CLI_SWITCH('z', "null", struct config_args, nul, "end each value with NUL"),
    CLI_END,
};

static const char help[] =
    "'dits config KEY' prints a setting, 'dits config KEY VALUE' changes it.\n"
    "Reading looks into the repository first, then into the user's own file;\n"
    "changes go to the repository unless '--user' is given. A KEY that is not\n"
    "set prints nothing and exits with 1.\n";

enum action { ACTION_GET, ACTION_SET, ACTION_UNSET, ACTION_LIST };

struct request {
    enum action action;
    const char *key;
    const char *value;
    enum dits_config_scope scope;
};

/* git's newer spelling: a word for what to do, before the key. */
static bool take_word(const struct config_args *args, enum action *out)
{
    static const char *const words[] = {
        [ACTION_GET] = "get",
        [ACTION_SET] = "set",
        [ACTION_UNSET] = "unset",
        [ACTION_LIST] = "list",
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (args->words.count > 0 &&
            strcmp(args->words.items[0], words[i]) == 0) {
            *out = (enum action)i;
            return true;
        }
    }
    return false;
}

static dits_error *understand(struct cli *cli, const struct config_args *args,
                              struct request *out)
{
    enum action action = ACTION_GET;
    bool has_word = take_word(args, &action);
    const char *const *words = args->words.items + has_word;
    size_t count = args->words.count - has_word;
    if (args->user && args->local)
        return cli_usage(cli, "'--user' and '--local' exclude each other");
    if (args->unset + args->list + args->get + has_word > 1)
        return cli_usage(cli, "only one of get, set, unset and list");
    if (args->unset)
        action = ACTION_UNSET;
    else if (args->list)
        action = ACTION_LIST;
    else if (!has_word && !args->get && count == 2)
        action = ACTION_SET;

    static const size_t needed[] = {
        [ACTION_GET] = 1,
        [ACTION_SET] = 2,
        [ACTION_UNSET] = 1,
        [ACTION_LIST] = 0,
    };
    if (count < needed[action])
        return cli_usage(cli,
                         count == 0 ? "KEY is missing" : "VALUE is missing");
    if (count > needed[action])
        return cli_usage(cli, "unexpected '%s'", words[needed[action]]);
    *out = (struct request){
        .action = action,
        .key = count > 0 ? words[0] : NULL,
        .value = count > 1 ? words[1] : NULL,
        .scope = args->user    ? DITS_CONFIG_USER
                 : args->local ? DITS_CONFIG_REPO
                               : DITS_CONFIG_ANY,
    };
    return NULL;
}

struct listing {
    struct cli *cli;
    bool nul;
};

static dits_error *show_setting(const char *key, const char *value,
                                enum dits_config_scope scope, void *payload)
{
    const struct listing *listing = payload;
    struct cli *cli = listing->cli;
    if (!cli->json) {
        fprintf(cli->out, "%s%c%s%c", key, listing->nul ? '\n' : '=', value,
                listing->nul ? '\0' : '\n');
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_string(&json, "key", key);
    json_string(&json, "value", value);
    json_string(&json, "scope", scope == DITS_CONFIG_USER ? "user" : "repo");
    json_end(&json);
    return NULL;
}

static void value_free(char **value)
{
    dits_free(*value);
}

static dits_error *show_value(struct cli *cli, const struct request *request,
                              bool nul)
{
    CLEANUP(value_free) char *value = NULL;
    TRY(dits_config_get(cli->context, cli->repo, request->scope, request->key,
                        &value));
    if (value == NULL) {
        cli->status = CLI_FAILED; /* silent, as in git: scripts ask so */
        return NULL;
    }
    if (!cli->json) {
        fprintf(cli->out, "%s%c", value, nul ? '\0' : '\n');
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_string(&json, "key", request->key);
    json_string(&json, "value", value);
    json_end(&json);
    return NULL;
}

static dits_error *change(struct cli *cli, const struct request *request)
{
    enum dits_config_scope scope = request->scope;
    if (scope == DITS_CONFIG_ANY)
        scope = DITS_CONFIG_REPO;
    if (scope == DITS_CONFIG_REPO && cli->repo == NULL)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "this folder is in no repository"),
            "Use '--user' for settings of your own.");
    return dits_config_set(cli->context, cli->repo, scope, request->key,
                           request->value);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct config_args *args = data;
    struct request request = {.action = ACTION_GET};
    TRY(understand(cli, args, &request));
    if (request.action == ACTION_GET)
        return show_value(cli, &request, args->nul);
    if (request.action != ACTION_LIST)
        return change(cli, &request);
    struct listing listing = {.cli = cli, .nul = args->nul};
    return dits_config_each(cli->context, cli->repo, request.scope,
                            show_setting, &listing);
}

const struct cli_command cmd_config = {
    .name = "config",
    .summary = "read and change settings",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_WANTS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct config_args),
    .run = run,
};
