#include "cli/replay_text.h"

#include <dits/refs.h>

#include "cli/commit_text.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/merge_text.h"

static const char *command_name(enum dits_work_kind kind)
{
    return kind == DITS_WORK_PICK     ? "cherry-pick"
           : kind == DITS_WORK_REVERT ? "revert"
                                      : "rebase";
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static void head_release(struct dits_head *head)
{
    dits_head_release(head);
}

static dits_error *print_path(const struct dits_merge_event *event,
                              void *payload)
{
    const struct replay_printer *printer = payload;
    struct merge_printer words = {.cli = printer->cli, .other = "the commit"};
    return merge_event_print(event, &words);
}

static dits_error *put_commit(const struct cli *cli, const struct dits_oid *id)
{
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(buf_release) struct buf subject = {0};
    char text[DITS_OID_HEX_SIZE] = {0};
    TRY(dits_commit_load(cli->repo, id, &commit));
    TRY(commit_subject(dits_commit_message(commit), &subject));
    TRY(id_short(cli, id, text));
    fprintf(cli->out, "%s] %s\n", text, buf_text(&subject));
    return NULL;
}

static void print_json_commit(const struct cli *cli,
                              const struct dits_replay_event *event)
{
    struct json json = json_begin(cli->out);
    json_oid(&json, "from", &event->from);
    json_oid(&json, "made", &event->made);
    json_end(&json);
}

static dits_error *print_commit(const struct replay_printer *printer,
                                const struct dits_replay_event *event)
{
    CLEANUP(head_release) struct dits_head head = {0};
    struct cli *cli = printer->cli;
    char text[DITS_OID_HEX_SIZE] = {0};
    if (cli->json) {
        print_json_commit(cli, event);
        return NULL;
    }
    if (cli->quiet || dits_oid_equal(&event->from, &event->made))
        return NULL;
    if (dits_oid_is_zero(&event->made)) {
        TRY(id_short(cli, &event->from, text));
        cli_note(cli, "dropping %s: it is there already", text);
        return NULL;
    }
    TRY(dits_head_get(cli->repo, &head));
    fprintf(cli->out, "[%s ",
            head.branch != NULL ? head.branch : "detached HEAD");
    return put_commit(cli, &event->made);
}

/* What has been done cannot be stopped: the first error is kept. */
static void on_commit(const struct dits_replay_event *event, void *payload)
{
    struct replay_printer *printer = payload;
    if (printer->err == NULL)
        printer->err = print_commit(printer, event);
}

struct dits_replay_how replay_how(const struct replay_args *args,
                                  struct replay_printer *printer)
{
    return (struct dits_replay_how){
        .style = merge_style_of(args->style),
        .favor = merge_favor_of(args->favor),
        .on_path = print_path,
        .on_commit = on_commit,
        .payload = printer,
    };
}

/* To quit a pick that has ended already is no mistake, as in git. */
static dits_error *quit(struct cli *cli, enum dits_work_kind kind)
{
    CLEANUP(dits_work_release) struct dits_work work = {0};
    TRY(dits_work_get(cli->repo, &work));
    bool is_over = work.kind == DITS_WORK_NONE;
    return is_over && kind != DITS_WORK_REBASE ? NULL
                                               : dits_quit(cli->repo, kind);
}

dits_error *replay_end(struct cli *cli, const struct replay_args *args,
                       enum dits_work_kind kind, bool *out_done)
{
    struct replay_printer printer = {.cli = cli, .kind = kind};
    const struct dits_replay_how how = replay_how(args, &printer);
    struct dits_replay_result result = {0};
    int given = args->go_on + args->skip + args->abort + args->quit;
    *out_done = given > 0;
    if (given > 1)
        return cli_usage(cli, "'--continue', '--skip', '--abort' and '--quit' "
                              "exclude each other");
    if (given == 0)
        return NULL;
    if (args->abort)
        return dits_abort(cli->repo, kind);
    if (args->quit)
        return quit(cli, kind);
    TRY(dits_replay_continue(cli->repo, kind, args->skip, &how, &result));
    return replay_print(cli, &printer, &result);
}

static void print_json(const struct cli *cli,
                       const struct dits_replay_result *result)
{
    static const char *const names[] = {
        [DITS_REPLAY_DONE] = "done",
        [DITS_REPLAY_CONFLICTS] = "conflicts",
        [DITS_REPLAY_EMPTY] = "empty",
        [DITS_REPLAY_UP_TO_DATE] = "up-to-date",
        [DITS_REPLAY_FAST_FORWARD] = "fast-forward",
    };
    struct json json = json_begin(cli->out);
    json_string(&json, "outcome", names[result->outcome]);
    json_oid(&json, "before", &result->before);
    json_oid(&json, "after", &result->after);
    json_oid(&json, "stopped_at", &result->stopped_at);
    json_u64(&json, "commits", result->commits);
    json_u64(&json, "dropped", result->dropped);
    json_u64(&json, "conflicts", result->conflicts);
    json_end(&json);
}

static dits_error *print_stop(struct cli *cli, enum dits_work_kind kind,
                              const struct dits_replay_result *result)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    const char *name = command_name(kind);
    bool is_empty = result->outcome == DITS_REPLAY_EMPTY;
    TRY(id_short(cli, &result->stopped_at, id));
    if (is_empty)
        cli_note(cli, "commit %s has nothing new here", id);
    else
        cli_note(cli, "could not apply %s", id);
    cli_note(
        cli,
        is_empty
            ? "  hint: Leave it out with 'dits %s --skip', or make an "
              "empty commit with 'dits commit --allow-empty'."
            : "  hint: Resolve the conflicts and run 'dits %s --continue'; "
              "--skip leaves it out, --abort gives up.",
        name);
    return NULL;
}

static bool is_rebased(const struct dits_replay_result *result)
{
    return result->outcome == DITS_REPLAY_DONE ||
           result->outcome == DITS_REPLAY_FAST_FORWARD;
}

dits_error *replay_print(struct cli *cli, const struct replay_printer *printer,
                         const struct dits_replay_result *result)
{
    TRY(printer->err);
    bool stopped = result->outcome == DITS_REPLAY_CONFLICTS ||
                   result->outcome == DITS_REPLAY_EMPTY;
    if (stopped)
        cli->status = CLI_FAILED;
    if (cli->json) {
        print_json(cli, result);
        return NULL;
    }
    if (printer->kind == DITS_WORK_REBASE && is_rebased(result))
        cli_note(cli, "Successfully rebased.");
    return stopped ? print_stop(cli, printer->kind, result) : NULL;
}
