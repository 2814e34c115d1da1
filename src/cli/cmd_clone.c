/*
 * dits clone - make a repository of what another one has
 */
#include <dits/transfer.h>

#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/exchange.h"
#include "cli/json.h"
#include "cli/transfer.h"

struct clone_args {
    const char *url;
    const char *folder;
    const char *branch;
    const char *origin;
    bool no_checkout;
    bool bare;
    bool mirror;
    bool no_tags;
    struct cli_number depth;
};

static const struct cli_option options[] = {
    CLI_OPERAND("DIR", struct clone_args, url,
                "the other repository: its folder on this machine, a mounted "
                "share or another disk; or 'ssh://[user@]host[:port]/path', "
                "or '[user@]host:path'"),
    CLI_OPTIONAL_OPERAND("FOLDER", struct clone_args, folder,
                         "where to; default: here, called as the other one"),
    CLI_STRING('b', "branch", "NAME", struct clone_args, branch,
               "check out this branch or tag, and not what the other one is "
               "on"),
    CLI_STRING('o', "origin", "NAME", struct clone_args, origin,
               "call the other one NAME and not 'origin'"),
    CLI_SWITCH('n', "no-checkout", struct clone_args, no_checkout,
               "write no files"),
    CLI_SWITCH(0, "bare", struct clone_args, bare,
               "without files to work on: its branches become branches here"),
    CLI_SWITCH(0, "mirror", struct clone_args, mirror,
               "the same; each fetch makes all refs what they are there"),
    CLI_SWITCH(0, "no-tags", struct clone_args, no_tags, "bring no tags"),
    CLI_NUMBER(0, "depth", "NUM", struct clone_args, depth,
               "take no more than NUM commits from each ref: the history is "
               "shallow then"),
    CLI_END,
};

static const char help[] =
    "Makes a repository in a new folder, brings the history of the other one,\n"
    "and checks out the branch that it is on. The other one is called "
    "'origin'\n"
    "here: 'dits fetch', 'dits push' and 'dits pull' go on with it. All that\n"
    "comes is checked to the last byte.\n"
    "\n"
    "When it fails, or is interrupted, what it made is removed again, unless\n"
    "content has come: that stays, and the same command goes on from there, "
    "as\n"
    "after a kill. What is here already does not travel again.\n";

/* The last part of the path, as git takes it. */
static dits_error *folder_of(const char *url, char **out)
{
    bool has_slash = strchr(url, '/') != NULL; /* else perhaps "host:film" */
    size_t end = strlen(url);
    while (end > 1 && url[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && strchr(has_slash ? "/" : "/:", url[start - 1]) == NULL)
        start--;
    const char *name = url + start;
    size_t length = end - start;
    bool is_dots = (length == 1 && name[0] == '.') ||
                   (length == 2 && strncmp(name, "..", 2) == 0);
    if (length == 0 || is_dots)
        return error_hint(
            error_new(DITS_E_INVALID, "cannot guess a name from '%s'", url),
            "Give FOLDER.");
    return text_copy_part(name, length, out);
}

static void repo_freep(dits_repo **repo)
{
    dits_repo_free(*repo);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct clone_args *args = data;
    CLEANUP(repo_freep) dits_repo *repo = NULL;
    CLEANUP(text_free) char *folder = NULL;
    const struct dits_clone_options wanted = {
        .branch = args->branch,
        .origin = args->origin,
        .no_checkout = args->no_checkout,
        .bare = args->bare,
        .mirror = args->mirror,
        .no_tags = args->no_tags,
        .depth = args->depth.value,
    };
    struct dits_transfer_result result = {0};
    TRY(exchange_check_depth(cli, &args->depth));
    if (args->folder != NULL)
        TRY(text_copy(args->folder, &folder));
    else
        TRY(folder_of(args->url, &folder));
    if (!cli->json)
        cli_note(cli, "Cloning into '%s'...", folder);
    TRY_CONTEXT(
        dits_clone(cli->context, args->url, folder, &wanted, &result, &repo),
        "cannot clone '%s'", args->url);
    transfer_note(cli, "received", &result);
    exchange_note_cuts(cli, 0, result.cuts);
    if (!cli->json)
        return NULL;
    struct json json = json_begin(cli->out);
    json_string(&json, "path", dits_repo_dir(repo));
    json_u64(&json, "chunks", result.chunks);
    json_u64(&json, "bytes", result.bytes);
    json_u64(&json, "grafted", result.cuts);
    json_end(&json);
    return NULL;
}

const struct cli_command cmd_clone = {
    .name = "clone",
    .summary = "make a repository of what another one has",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct clone_args),
    .run = run,
};
