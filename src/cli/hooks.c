#include "cli/hooks.h"

#include <string.h>

#include <dits/config.h>

#include "base/fs.h"
#include "base/text.h"
#include "cli/environment.h"
#include "cli/process.h"
#include "cli/progress.h"
#include "cli/signals.h"

/* core.hooksPath is relative to where hooks run, as in git. */
static dits_error *find_folder(const struct cli *cli, char **out)
{
    CLEANUP(text_free) char *set = NULL;
    TRY(dits_config_get(cli->context, cli->repo, DITS_CONFIG_ANY,
                        "core.hooksPath", &set));
    const char *home = cli->environment->home;
    if (set == NULL)
        return fs_join(dits_repo_dir(cli->repo), "hooks", out);
    if (text_starts_with(set, "~/") && home != NULL)
        return fs_join(home, set + strlen("~/"), out);
    return set[0] == '/' ? text_copy(set, out)
                         : fs_join(dits_repo_work_dir(cli->repo), set, out);
}

/* `*out` stays NULL where there is no such hook. */
static dits_error *find_hook(const struct cli *cli, const char *name,
                             char **out)
{
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(text_free) char *path = NULL;
    bool may_run = false;
    TRY(find_folder(cli, &folder));
    TRY(fs_join(folder, name, &path));
    bool is_file = process_is_file(path, &may_run);
    if (is_file && !may_run)
        cli_note(cli, "the hook '%s' is passed over: it is not executable",
                 name);
    if (may_run)
        *out = MOVE(path);
    return NULL;
}

dits_error *hook_is_there(const struct cli *cli, const char *name, bool *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(find_hook(cli, name, &path));
    *out = path != NULL;
    return NULL;
}

static dits_error *run(const struct cli *cli, const char *path,
                       const char *name, const struct hook_arguments *arguments,
                       FILE *input, int *out_status)
{
    CLEANUP(buf_release) struct buf dir = {0};
    CLEANUP(buf_release) struct buf prefix = {0};
    const char *argv[] = {path, arguments->items[0], arguments->items[1],
                          arguments->items[2], NULL};
    TRY(buf_printf(&dir, "DITS_DIR=%s", dits_repo_dir(cli->repo)));
    TRY(buf_printf(&prefix, "DITS_PREFIX=%s", dits_repo_prefix(cli->repo)));
    const char *variables[] = {buf_text(&dir), buf_text(&prefix), NULL};
    const struct process process = {
        .path = path,
        .arguments = argv,
        .variables = variables,
        .folder = dits_repo_work_dir(cli->repo),
        .input = input,
        .signals = cli->signals,
    };
    progress_hide(cli->progress);
    TRY_CONTEXT(process_run(&process, out_status), "cannot run the hook '%s'",
                name);
    if (signals_caught(cli->signals) != 0)
        return error_new(DITS_E_CANCELLED, "stopped in the hook '%s'", name);
    return NULL;
}

static dits_error *run_if_there(const struct cli *cli, const char *name,
                                const struct hook_arguments *arguments,
                                FILE *input, int *out_status)
{
    CLEANUP(text_free) char *path = NULL;
    *out_status = 0;
    TRY(find_hook(cli, name, &path));
    return path != NULL ? run(cli, path, name, arguments, input, out_status)
                        : NULL;
}

dits_error *hook_tell(const struct cli *cli, const char *name,
                      const struct hook_arguments *arguments, int *out_status)
{
    return run_if_there(cli, name, arguments, NULL, out_status);
}

dits_error *hook_ask(const struct cli *cli, const char *name,
                     const struct hook_arguments *arguments)
{
    return hook_ask_about(cli, name, arguments, NULL);
}

dits_error *hook_ask_about(const struct cli *cli, const char *name,
                           const struct hook_arguments *arguments, FILE *input)
{
    int status = 0;
    TRY(run_if_there(cli, name, arguments, input, &status));
    if (status == 0)
        return NULL;
    return status > 128 ? error_new(DITS_E_DENIED,
                                    "the hook '%s' was ended by signal %d",
                                    name, status - 128)
                        : error_new(DITS_E_DENIED,
                                    "the hook '%s' refuses (exit status %d)",
                                    name, status);
}

dits_error *hooks_post_checkout(struct cli *cli, const struct dits_oid *before,
                                const struct dits_oid *after, bool is_branch)
{
    char ids[2][DITS_OID_HEX_SIZE] = {{0}};
    int status = 0;
    dits_oid_hex(before, ids[0]);
    dits_oid_hex(after, ids[1]);
    const struct hook_arguments arguments = {
        .items = {ids[0], ids[1], is_branch ? "1" : "0"}};
    TRY(hook_tell(cli, "post-checkout", &arguments, &status));
    if (status != 0)
        cli->status = (enum cli_status)status;
    return NULL;
}

dits_error *hooks_post_merge(const struct cli *cli, bool is_squash)
{
    const struct hook_arguments arguments = {.items = {is_squash ? "1" : "0"}};
    int status = 0; /* the merge is made, whatever it says */
    return hook_tell(cli, "post-merge", &arguments, &status);
}
