/*
 * dits watcher - let 'dits status' know what changed
 */
#include <dits/watcher.h>

#include <inttypes.h>
#include <string.h>

#include "cli/background.h"
#include "cli/command.h"
#include "cli/json.h"

struct watcher_args {
    const char *action;
};

static const char *const actions[] = {"start", "stop", "status", "run", NULL};

static const struct cli_option options[] = {
    CLI_OPERAND("ACTION", struct watcher_args, action,
                "'start' one in the background, 'stop' it, ask for its "
                "'status', or 'run' it here",
                .choices = actions),
    CLI_END,
};

static const char help[] =
    "Starts a process that is told by the system what changes in the work "
    "tree.\n"
    "While it runs, 'dits status' looks at what changed since the last time\n"
    "instead of at every file. Nothing else trusts it: what writes files "
    "still\n"
    "looks at each. Where it may have missed something, and where none runs,\n"
    "'dits status' looks at everything as ever.\n"
    "\n"
    "What is written through a memory mapping is seen when that is unmapped.\n"
    "What is written through a hard link that was made outside while it ran "
    "is\n"
    "not seen. File systems of other machines are not watched.\n";

static void print_json(const struct cli *cli,
                       const struct dits_watcher_state *state)
{
    struct json json = json_begin(cli->out);
    json_bool(&json, "runs", state->runs);
    json_u64(&json, "process", state->process);
    json_u64(&json, "folders", state->folders);
    json_u64(&json, "changes", state->changes);
    json_end(&json);
}

/* As of a service: 1 when none runs. */
static dits_error *show_status(struct cli *cli)
{
    struct dits_watcher_state state = {0};
    TRY(dits_watcher_state_get(cli->repo, &state));
    cli->status = state.runs ? CLI_OK : CLI_FAILED;
    if (cli->json)
        print_json(cli, &state);
    else if (!state.runs)
        fputs("no watcher runs\n", cli->out);
    else
        fprintf(cli->out,
                "process %" PRIu64 " watches %" PRIu64
                " folders and saw %" PRIu64 " changes\n",
                state.process, state.folders, state.changes);
    return NULL;
}

static dits_error *stop(const struct cli *cli)
{
    bool ran = false;
    TRY(dits_watcher_stop(cli->repo, &ran));
    if (!ran)
        cli_note(cli, "no watcher runs");
    return NULL;
}

static dits_error *start(const struct cli *cli)
{
    struct dits_watcher_state state = {0};
    TRY(dits_watcher_state_get(cli->repo, &state));
    if (state.runs) {
        cli_note(cli, "a watcher runs already");
        return NULL;
    }
    return background_watcher(cli, true);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct watcher_args *args = data;
    if (strcmp(args->action, "status") == 0)
        return show_status(cli);
    if (cli->json)
        return cli_usage(cli, "'--json' is for 'status'");
    if (strcmp(args->action, "run") == 0)
        return dits_watcher_run(cli->repo);
    return strcmp(args->action, "stop") == 0 ? stop(cli) : start(cli);
}

const struct cli_command cmd_watcher = {
    .name = "watcher",
    .summary = "let 'dits status' know what changed",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct watcher_args),
    .run = run,
};
