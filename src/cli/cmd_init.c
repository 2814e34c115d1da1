/*
 * dits init - make a repository
 */
#include "cli/command.h"
#include "cli/json.h"
#include "cli/paths.h"

struct init_args {
    const char *branch;
    bool bare;
    const char *folder;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("DIR", struct init_args, folder,
                         "the folder, made if it is missing; default: here"),
    CLI_STRING('b', "initial-branch", "NAME", struct init_args, branch,
               "call the first branch NAME instead of 'main'"),
    CLI_SWITCH(0, "bare", struct init_args, bare,
               "without files to work on: for others to push to and fetch "
               "from"),
    CLI_END,
};

static const char help[] =
    "Makes the folder .dits, in which everything is kept. Files that are "
    "there\n"
    "already are left alone; 'dits add' puts them under version control. In a\n"
    "folder that is a repository already nothing changes.\n";

static void repo_freep(dits_repo **repo)
{
    dits_repo_free(*repo);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct init_args *args = data;
    const char *folder = args->folder != NULL ? args->folder : ".";
    const struct dits_init_options init = {.initial_branch = args->branch,
                                           .bare = args->bare};
    CLEANUP(repo_freep) dits_repo *repo = NULL;
    bool existed = false;
    TRY_CONTEXT(dits_repo_init(cli->context, folder, &init, &existed, &repo),
                "cannot make a repository in '%s'", folder);

    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "path", dits_repo_dir(repo));
        json_bool(&json, "existed", existed);
        json_end(&json);
        return NULL;
    }
    if (cli->quiet)
        return NULL;
    fprintf(cli->out, "%s Dits repository in ",
            existed ? "Reinitialized existing" : "Initialized empty");
    TRY(path_print(cli->out, dits_repo_dir(repo)));
    fputs("/\n", cli->out);
    return NULL;
}

const struct cli_command cmd_init = {
    .name = "init",
    .summary = "make a repository",
    .help = help,
    .group = CLI_GROUP_START,
    .flags = CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct init_args),
    .run = run,
};
