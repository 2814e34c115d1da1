/*
 * dits gc - remove what nothing needs any more
 */
#include <dits/maintenance.h>
#include <dits/tier.h>

#include "cli/background.h"
#include "cli/command.h"
#include "cli/date.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/paths.h"

struct gc_args {
    bool dry_run;
    bool background;
    bool automatic;
    bool status;
    bool tiers;
    const char *prune;
};

static const struct cli_option options[] = {
    CLI_SWITCH('n', "dry-run", struct gc_args, dry_run,
               "show what would be removed and change nothing"),
    CLI_STRING(0, "prune", "DATE", struct gc_args, prune,
               "remove garbage older than DATE: '1 hour ago', 'now'; default: "
               "gc.prune, or two weeks"),
    CLI_SWITCH(0, "background", struct gc_args, background,
               "start it and return at once; it yields to everything else"),
    CLI_SWITCH(0, "auto", struct gc_args, automatic,
               "the same, but only when there were gc.auto operations since "
               "the last one (1000; 0: never), as after each commit"),
    CLI_SWITCH(0, "status", struct gc_args, status,
               "tell whether one is at work, and how the last one ended"),
    CLI_SWITCH(0, "tiers", struct gc_args, tiers,
               "then move packs as 'dits tier run' does; one in the background "
               "always does"),
    CLI_END,
};

static const char help[] =
    "Removes chunks that no branch, tag, reflog, undo or running command "
    "needs,\n"
    "once they are older than the grace period, and packs the rest together.\n"
    "It may be killed at any moment and goes on where it stopped. Readers go "
    "on\n"
    "meanwhile; who writes waits for a moment now and then. What one in the\n"
    "background prints is in '.dits/gc.log'.\n";

static void print_json(FILE *out, const struct dits_gc_result *result)
{
    struct json json = json_begin(out);
    json_u64(&json, "live_chunks", result->live_chunks);
    json_u64(&json, "live_bytes", result->live_bytes);
    json_u64(&json, "removed_chunks", result->removed_chunks);
    json_u64(&json, "removed_bytes", result->removed_bytes);
    json_u64(&json, "packs_before", result->packs_before);
    json_u64(&json, "packs_after", result->packs_after);
    json_bool(&json, "resumed", result->resumed);
    json_u64(&json, "offline_packs", result->offline_packs);
    json_end(&json);
}

static const char *state_name(enum dits_run_state state)
{
    static const char *const names[] = {
        [DITS_RUN_NEVER] = "never",     [DITS_RUN_GOES_ON] = "running",
        [DITS_RUN_DONE] = "done",       [DITS_RUN_FAILED] = "failed",
        [DITS_RUN_CUT_OFF] = "cut off",
    };
    return names[state];
}

static void print_status_json(FILE *out, const struct dits_gc_status *status)
{
    struct json json = json_begin(out);
    json_string(&json, "state", state_name(status->state));
    json_i64(&json, "started", status->started);
    json_i64(&json, "ended", status->ended);
    json_u64(&json, "removed_chunks", status->removed_chunks);
    json_u64(&json, "removed_bytes", status->removed_bytes);
    json_string(&json, "error", status->error);
    json_u64(&json, "operations", status->operations);
    json_u64(&json, "auto_operations", status->auto_operations);
    json_end(&json);
}

static dits_error *print_status(const struct cli *cli,
                                const struct dits_gc_status *status)
{
    char began[DATE_TEXT_SIZE] = {0};
    char count[FORMAT_SIZE] = {0};
    char size[FORMAT_SIZE] = {0};
    const struct date_style style = {.format = DATE_RELATIVE, .now = cli->now};
    date_format(&style, status->started, 0, began);
    if (status->state == DITS_RUN_NEVER)
        fputs("no gc has run here\n", cli->out);
    else if (status->state == DITS_RUN_GOES_ON)
        fprintf(cli->out, "a gc is at work, begun %s\n", began);
    else if (status->state == DITS_RUN_CUT_OFF)
        fprintf(cli->out,
                "the gc begun %s was cut off; the next one goes on with it\n",
                began);
    else if (status->state == DITS_RUN_DONE)
        fprintf(cli->out, "the gc begun %s removed %s chunk%s (%s)\n", began,
                format_count(status->removed_chunks, count),
                plural(status->removed_chunks),
                format_size(status->removed_bytes, size));
    else {
        fprintf(cli->out, "the gc begun %s failed: ", began);
        TRY(path_print(cli->out, status->error));
        fputc('\n', cli->out);
    }
    fprintf(cli->out, "%s operation%s since the last one that ended well\n",
            format_count(status->operations, count),
            plural(status->operations));
    return NULL;
}

static dits_error *show_status(const struct cli *cli)
{
    CLEANUP(dits_gc_status_release) struct dits_gc_status status = {0};
    TRY(dits_gc_status_get(cli->repo, &status));
    if (!cli->json)
        return print_status(cli, &status);
    print_status_json(cli->out, &status);
    return NULL;
}

static dits_error *collect(struct cli *cli, const struct gc_args *args)
{
    const struct dits_gc_options wanted = {.dry_run = args->dry_run,
                                           .prune = args->prune};
    struct dits_gc_result result = {0};
    char counts[2][FORMAT_SIZE] = {{0}};
    char sizes[2][FORMAT_SIZE] = {{0}};
    TRY(dits_gc(cli->repo, &wanted, &result));
    if (cli->json) {
        print_json(cli->out, &result);
        return NULL;
    }
    if (cli->quiet)
        return NULL;
    if (result.resumed)
        fputs("went on with a run that was cut off\n", cli->out);
    fprintf(cli->out, "%s %s chunk%s (%s), kept %s (%s)\n",
            args->dry_run ? "would remove" : "removed",
            format_count(result.removed_chunks, counts[0]),
            plural(result.removed_chunks),
            format_size(result.removed_bytes, sizes[0]),
            format_count(result.live_chunks, counts[1]),
            format_size(result.live_bytes, sizes[1]));
    if (result.packs_before != result.packs_after)
        fprintf(cli->out, "packs: %s -> %s\n",
                format_count(result.packs_before, counts[0]),
                format_count(result.packs_after, counts[1]));
    if (result.offline_packs > 0)
        fprintf(cli->out,
                "%s pack%s with garbage in tiers that are offline: they stay\n",
                format_count(result.offline_packs, counts[0]),
                plural(result.offline_packs));
    return NULL;
}

/* As a step of maintenance: a disk that is away or full ends no gc. */
static void move_packs(struct cli *cli)
{
    struct dits_tier_result result = {0};
    fflush(cli->out); /* moving may take long */
    dits_error *err = dits_tier_run(cli->repo, NULL, &result);
    if (err != NULL)
        cli_note(cli, "packs were not moved: %s", dits_error_message(err));
    dits_error_free(err); /* the next one will */
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct gc_args *args = data;
    if (args->background + args->automatic + args->status + args->dry_run > 1)
        return cli_usage(cli, "'--background', '--auto', '--status' and "
                              "'--dry-run' exclude each other");
    if ((args->automatic || args->status) && args->prune != NULL)
        return cli_usage(cli, "'--prune' is for a gc that is asked for");
    if (args->tiers &&
        (args->background || args->automatic || args->status || args->dry_run))
        return cli_usage(cli, "'--tiers' is for a gc that is done now");
    if (args->status)
        return show_status(cli);
    if (args->automatic)
        background_gc_auto(cli);
    else if (args->background)
        return background_gc(cli, args->prune);
    else
        TRY(collect(cli, args));
    if (args->tiers)
        move_packs(cli);
    return NULL;
}

const struct cli_command cmd_gc = {
    .name = "gc",
    .summary = "remove what nothing needs any more",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON | CLI_GIVES_WAY,
    .options = options,
    .args_size = sizeof(struct gc_args),
    .run = run,
};
