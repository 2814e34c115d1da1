/*
 * dits commit - record what is staged
 */
#include <inttypes.h>
#include <string.h>

#include <dits/commit.h>
#include <dits/config.h>
#include <dits/merge.h>
#include <dits/refs.h>

#include "base/text.h"
#include "cli/background.h"
#include "cli/command.h"
#include "cli/commit_result.h"
#include "cli/committing.h"
#include "cli/environment.h"
#include "cli/json.h"

struct commit_args {
    struct cli_list messages;
    const char *file;
    bool all;
    bool amend;
    bool no_edit;
    bool allow_empty;
    bool allow_empty_message;
    bool no_verify;
    const char *author;
    const char *date;
    const char *sign;
    bool no_sign;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct commit_args, paths,
                 "record only these, as they are in the work tree"),
    CLI_STRINGS('m', "message", "TEXT", struct commit_args, messages,
                "the message; repeated: a paragraph each"),
    CLI_STRING('F', "file", "FILE", struct commit_args, file,
               "read the message from FILE; '-' is standard input"),
    CLI_SWITCH('a', "all", struct commit_args, all,
               "first stage the changes of all tracked files"),
    CLI_SWITCH(0, "amend", struct commit_args, amend,
               "replace the last commit"),
    CLI_SWITCH(0, "no-edit", struct commit_args, no_edit,
               "with '--amend' or in a merge, keep the message"),
    CLI_SWITCH(0, "allow-empty", struct commit_args, allow_empty,
               "record a commit although nothing changed"),
    CLI_SWITCH(0, "allow-empty-message", struct commit_args,
               allow_empty_message, "record a commit without a message"),
    CLI_SWITCH('n', "no-verify", struct commit_args, no_verify,
               "do not ask the hooks pre-commit and commit-msg"),
    CLI_STRING(0, "author", "AUTHOR", struct commit_args, author,
               "somebody else's work: 'Name <mail>'"),
    CLI_STRING(0, "date", "DATE", struct commit_args, date,
               "when the work was done"),
    CLI_OPTIONAL('S', "gpg-sign", "FILE", struct commit_args, sign,
                 "sign with an SSH key; default: the setting user.signingKey",
                 .implied = ""),
    CLI_SWITCH(0, "no-gpg-sign", struct commit_args, no_sign,
               "do not sign, also where commit.gpgSign says so"),
    CLI_END,
};

static const char help[] =
    "Records what is staged as a new commit on the current branch. Without\n"
    "'-m' or '-F' it starts an editor: DITS_EDITOR, VISUAL or EDITOR. There\n"
    "an empty message calls the commit off.\n"
    "\n"
    "The author's name and mail are the settings user.name and user.email.\n";

/* Without --amend there is a message only where a merge has left one. */
static dits_error *check_no_edit(struct cli *cli)
{
    CLEANUP(dits_work_release) struct dits_work work = {0};
    TRY(dits_work_get(cli->repo, &work));
    return work.message != NULL && work.message[0] != '\0'
               ? NULL
               : cli_usage(cli, "'--no-edit' needs '--amend'");
}

/* DITS_AUTHOR_NAME and DITS_AUTHOR_EMAIL; one alone is joined by the setting.
 */
static dits_error *find_author(struct cli *cli, const char *name,
                               const char *email, struct buf *out)
{
    CLEANUP(text_free) char *found = NULL;
    if (name == NULL && email == NULL)
        return NULL;
    if (name == NULL || email == NULL) {
        const char *key = name == NULL ? "user.name" : "user.email";
        TRY(dits_config_get(cli->context, cli->repo, DITS_CONFIG_ANY, key,
                            &found));
        if (found == NULL)
            TRY(text_copy_optional(name == NULL ? cli->environment->user_name
                                                : cli->environment->user_email,
                                   &found));
    }
    return buf_printf(out, "%s <%s>", name != NULL ? name : found,
                      email != NULL ? email : found);
}

static void print_json(FILE *out, const struct dits_commit_result *result)
{
    struct json json = json_begin(out);
    json_oid(&json, "id", &result->id);
    json_bool(&json, "is_root", result->is_root);
    json_u64(&json, "files_changed", result->files_changed);
    json_u64(&json, "bytes_before", result->bytes_before);
    json_u64(&json, "bytes_after", result->bytes_after);
    json_end(&json);
}

static dits_error *check_usage(struct cli *cli, const struct commit_args *args)
{
    if (args->all && args->paths.count > 0)
        return cli_usage(cli, "'-a' and paths exclude each other");
    if (args->no_edit && !args->amend)
        TRY(check_no_edit(cli));
    if (args->messages.count > 0 && args->file != NULL)
        return cli_usage(cli, "'-m' and '-F' exclude each other");
    if (args->sign != NULL && args->no_sign)
        return cli_usage(cli, "'-S' and '--no-gpg-sign' exclude each other");
    return NULL;
}

static struct commit_message_wish wish_of(const struct commit_args *args)
{
    return (struct commit_message_wish){
        .messages = &args->messages,
        .file = args->file,
        .amend = args->amend,
        .no_edit = args->no_edit,
        .all = args->all,
        .has_paths = args->paths.count > 0,
        .allow_empty = args->allow_empty,
        .allow_empty_message = args->allow_empty_message,
        .no_verify = args->no_verify,
    };
}

static dits_error *record(struct cli *cli, const struct commit_args *args,
                          struct dits_commit_result *out)
{
    CLEANUP(buf_release) struct buf author = {0};
    const struct environment *environment = cli->environment;
    const struct commit_message_wish wish = wish_of(args);
    if (!args->amend)
        TRY(find_author(cli, environment->author_name,
                        environment->author_email, &author));
    const char *from_environment = author.size > 0 ? buf_text(&author) : NULL;
    const char *date = args->amend ? NULL : environment->author_date;
    const struct dits_commit_options commit = {
        .author = args->author != NULL ? args->author : from_environment,
        .date = args->date != NULL ? args->date : date,
        .amend = args->amend,
        .allow_empty = args->allow_empty,
        .allow_empty_message = args->allow_empty_message,
        .sign = args->sign != NULL ? DITS_SIGN_YES
                : args->no_sign    ? DITS_SIGN_NO
                                   : DITS_SIGN_AS_SET,
        .signing_key = args->sign,
        .all = args->all,
        .paths = cli_paths(&args->paths),
    };
    return commit_past_hooks(cli, &wish, &commit, out);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct commit_args *args = data;
    struct dits_commit_result result = {0};
    TRY(check_usage(cli, args));
    TRY(record(cli, args, &result));
    if (cli->json)
        print_json(cli->out, &result);
    else if (!cli->quiet)
        TRY(commit_result_print(cli, &result));
    background_gc_auto(cli);
    return NULL;
}

const struct cli_command cmd_commit = {
    .name = "commit",
    .summary = "record what is staged",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct commit_args),
    .run = run,
};
