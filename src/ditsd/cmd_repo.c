/*
 * ditsd repo - the repositories that are served
 */
#include <dits/repo.h>

#include "base/fs.h"
#include "base/text.h"
#include "ditsd/site.h"
#include "server/repository.h"

struct repo_args {
    const char *action;
    struct cli_list names;
};

static const char *const action_names[] = {"create", "add", "list", "remove",
                                           NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct repo_args, action,
                "'create NAME', 'add NAME', 'list' or 'remove NAME'",
                .choices = action_names),
    CLI_OPERANDS("REPO", struct repo_args, names, "the repository's name"),
    CLI_END,
};

static const char help[] =
    "A repository that is served lies in 'repos/NAME' of the served folder.\n"
    "'create' makes a bare one there; 'add' takes one that was put there by\n"
    "other means. 'remove' no longer serves it and forgets roles and rules; "
    "its\n"
    "folder stays as it is, and 'add' takes it again.\n";

static void repo_freep(dits_repo **repo)
{
    dits_repo_free(*repo);
}

static dits_error *make(struct site *site, const char *name)
{
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(repo_freep) dits_repo *repo = NULL;
    const struct dits_init_options bare = {.bare = true};
    TRY(repository_folder(site->folder, name, &folder));
    if (fs_exists(folder))
        return error_hint(
            error_new(DITS_E_EXISTS, "there is a folder '%s' already", folder),
            "If it is a repository, serve it with 'ditsd repo add %s'.", name);
    TRY_CONTEXT(dits_repo_init(site->cli->context, folder, &bare, NULL, &repo),
                "cannot make a repository in '%s'", folder);
    return NULL;
}

/* Not a symlink to one, nor the file of a linked work tree. */
static bool is_folder(const char *path)
{
    struct fs_stat stat = {0};
    dits_error *err = fs_stat_path(path, &stat);
    bool found = err == NULL;
    dits_error_free(err);
    return found && stat.kind == FS_FOLDER;
}

/* It has to be that folder itself, not one around it. */
static dits_error *check_there(struct site *site, const char *name)
{
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(text_free) char *inner = NULL;
    CLEANUP(repo_freep) dits_repo *repo = NULL;
    TRY(repository_folder(site->folder, name, &folder));
    TRY(fs_join(folder, ".dits", &inner));
    if (!is_folder(inner))
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "'%s' is not a repository", folder),
            "Make one with 'ditsd repo create %s'.", name);
    return dits_repo_open(site->cli->context, folder, &repo);
}

static dits_error *enter(struct site *site, const struct repo_args *args,
                         dits_error *(*prepare)(struct site *site,
                                                const char *name),
                         const char *logged)
{
    const char *name = args->names.items[0];
    struct repository repository = {.made = 0};
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(site_usage(site->cli, name_check_repository(name)));
    TRY(db_begin(site->db, &step));
    TRY(repository_create(site->db, name, site->cli->now, &repository));
    TRY(prepare(site, name));
    return site_commit(site, &step, logged, name);
}

static dits_error *create(struct site *site, const void *data)
{
    return enter(site, data, make, "repo.create");
}

static dits_error *add(struct site *site, const void *data)
{
    return enter(site, data, check_there, "repo.add");
}

static dits_error *remove_repo(struct site *site, const void *data)
{
    const struct repo_args *args = data;
    struct repository repository = {.made = 0};
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(site->db, &step));
    TRY(repository_need(site->db, args->names.items[0], &repository));
    TRY(repository_remove(site->db, &repository.id));
    TRY(site_commit(site, &step, "repo.remove", repository.name));
    cli_note(site->cli, "The folder 'repos/%s' was left as it is.",
             repository.name);
    return NULL;
}

static dits_error *list_one(const struct repository *repository, void *payload)
{
    struct cli *cli = payload;
    if (!cli->json) {
        fprintf(cli->out, "%s\n", repository->name);
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_string(&json, "name", repository->name);
    site_json_time(&json, "made", repository->made);
    json_end(&json);
    return NULL;
}

static dits_error *list(struct site *site, const void *data)
{
    (void)data;
    return repository_each(site->db, list_one, site->cli);
}

static const struct site_action actions[] = {
    {"create", 1, 1, "NAME", create},
    {"add", 1, 1, "NAME", add},
    {"list", 0, 0, "", list},
    {"remove", 1, 1, "NAME", remove_repo},
};

static dits_error *run(struct cli *cli, const void *data)
{
    const struct repo_args *args = data;
    return site_run(cli, actions, sizeof(actions) / sizeof(actions[0]),
                    args->action, &args->names, args);
}

const struct cli_command cmd_repo = {
    .name = "repo",
    .summary = "make repositories, and say which are served",
    .help = help,
    .group = CLI_GROUP_SERVE,
    .flags = CLI_JSON,
    .options = options,
    .args_size = sizeof(struct repo_args),
    .run = run,
};
