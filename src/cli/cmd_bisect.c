/*
 * dits bisect - find the commit that brought a change
 */
#include <inttypes.h>
#include <string.h>

#include <dits/bisect.h>
#include <dits/refs.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/commit_text.h"
#include "cli/environment.h"
#include "cli/json.h"
#include "cli/log_walk.h"
#include "cli/revisions.h"
#include "cli/signals.h"
#include "cli/switching.h"
#include "cli/terminal.h"

struct bisect_args {
    const char *term_old;
    const char *term_new;
    const char *term_good;
    const char *term_bad;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("ACTION", struct bisect_args, operands,
                 "'start', 'bad', 'good', 'skip', 'reset', 'log', 'terms' or "
                 "'run'; then revisions, or the command to run",
                 .implied = "run"),
    CLI_PATHS("PATH", struct bisect_args, paths,
              "with 'start': test only commits that change these"),
    CLI_STRING(0, "term-old", "TERM", struct bisect_args, term_old,
               "with 'start': say TERM in place of 'good'"),
    CLI_STRING(0, "term-good", "TERM", struct bisect_args, term_good,
               "the same", .flags = CLI_HIDDEN),
    CLI_STRING(0, "term-new", "TERM", struct bisect_args, term_new,
               "with 'start': say TERM in place of 'bad'"),
    CLI_STRING(0, "term-bad", "TERM", struct bisect_args, term_bad, "the same",
               .flags = CLI_HIDDEN),
    CLI_END,
};

static const char help[] =
    "Finds the commit that brought a change by halving: between a commit that\n"
    "has it ('bad') and older ones that do not ('good'), the one in the "
    "middle\n"
    "is checked out; you say which it is, until one is left.\n"
    "\n"
    "  start [BAD [GOOD...]] [-- PATH...]\n"
    "  bad [REV], good [REV...], skip [REV...]   what REV, or HEAD, is\n"
    "  run COMMAND...     let COMMAND decide: 0 is good, 125 cannot be "
    "tested,\n"
    "                     1 to 127 is bad, and anything else stops\n"
    "  reset [REV]        end it, and go back to where it started\n"
    "  log                what was said so far\n"
    "  terms              what 'bad' and 'good' are called\n"
    "\n"
    "'new' and 'old' mean the same as 'bad' and 'good'. 'dits undo' takes a "
    "step\n"
    "back.\n";

static void status_release(struct dits_bisect_status *status)
{
    dits_bisect_status_release(status);
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static void print_json(const struct cli *cli,
                       const struct dits_bisect_status *status)
{
    static const char *const outcomes[] = {
        [DITS_BISECT_WAITING] = "waiting", [DITS_BISECT_TESTING] = "testing",
        [DITS_BISECT_FOUND] = "found",     [DITS_BISECT_SKIPPED] = "skipped",
        [DITS_BISECT_NOTHING] = "nothing",
    };
    struct json json = json_begin(cli->out);
    json_string(&json, "outcome", outcomes[status->outcome]);
    json_oid(&json, "commit", &status->commit);
    json_u64(&json, "left", status->left);
    json_u64(&json, "steps", status->steps);
    json_list_begin(&json, "candidates");
    for (size_t i = 0; i < status->candidate_count; i++)
        json_list_oid(&json, &status->candidates[i]);
    json_list_end(&json);
    json_end(&json);
}

static void print_waiting(const struct cli *cli,
                          const struct dits_bisect_status *status)
{
    if (status->has_bad)
        fprintf(cli->out, "status: waiting for %s commit(s), %s commit known\n",
                status->good_term, status->bad_term);
    else if (status->good_count > 0)
        fprintf(cli->out,
                "status: waiting for %s commit, %" PRIu64
                " %s commit%s known\n",
                status->bad_term, status->good_count, status->good_term,
                status->good_count == 1 ? "" : "s");
    else
        fprintf(cli->out, "status: waiting for both %s and %s commits\n",
                status->good_term, status->bad_term);
}

static dits_error *print_testing(const struct cli *cli,
                                 const struct dits_bisect_status *status)
{
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(buf_release) struct buf subject = {0};
    char id[DITS_OID_HEX_SIZE] = {0};
    TRY(dits_commit_load(cli->repo, &status->commit, &commit));
    TRY(commit_subject(dits_commit_message(commit), &subject));
    dits_oid_hex(&status->commit, id);
    fprintf(cli->out,
            "Bisecting: %" PRIu64
            " revision%s left to test after this (roughly %" PRIu64
            " step%s)\n[%s] %s\n",
            status->left, status->left == 1 ? "" : "s", status->steps,
            status->steps == 1 ? "" : "s", id, buf_text(&subject));
    return NULL;
}

/* The commit, and how much each file changed with it. */
static dits_error *print_found(struct cli *cli,
                               const struct dits_bisect_status *status)
{
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(log_walk_release)
    struct log_walk walk = {
        .cli = cli,
        .style = {.dates = {.now = cli->now,
                            .local_minutes =
                                cli->environment->utc_offset_minutes}},
        .changes = {.stat = true, .context_lines = 3, .columns = 80},
        .shows_changes = true,
        .is_first = true,
    };
    char id[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(&status->commit, id);
    fprintf(cli->out, "%s is the first %s commit\n", id, status->bad_term);
    TRY(dits_commit_load(cli->repo, &status->commit, &commit));
    return log_walk_show(commit, &walk);
}

static void print_skipped(const struct cli *cli,
                          const struct dits_bisect_status *status)
{
    fprintf(cli->out,
            "There are only 'skip'ped commits left to test.\n"
            "The first %s commit could be any of:\n",
            status->bad_term);
    for (size_t i = 0; i < status->candidate_count; i++) {
        char id[DITS_OID_HEX_SIZE] = {0};
        dits_oid_hex(&status->candidates[i], id);
        fprintf(cli->out, "%s\n", id);
    }
    fputs("We cannot bisect more!\n", cli->out);
}

static dits_error *print_status(struct cli *cli,
                                const struct dits_bisect_status *status)
{
    if (status->outcome == DITS_BISECT_SKIPPED)
        cli->status = CLI_USAGE; /* 2, as git's */
    if (status->outcome == DITS_BISECT_NOTHING)
        cli->status = CLI_FAILED;
    if (cli->json) {
        print_json(cli, status);
        return NULL;
    }
    switch (status->outcome) {
    case DITS_BISECT_WAITING:
        print_waiting(cli, status);
        return NULL;
    case DITS_BISECT_TESTING:
        return print_testing(cli, status);
    case DITS_BISECT_FOUND:
        return print_found(cli, status);
    case DITS_BISECT_SKIPPED:
        print_skipped(cli, status);
        return NULL;
    case DITS_BISECT_NOTHING:
        fputs("No testable commit found.\n"
              "Maybe you started with bad path arguments?\n",
              stderr);
        return NULL;
    }
    return NULL;
}

static dits_error *start(struct cli *cli, const struct bisect_args *args,
                         const struct cli_list *rest)
{
    CLEANUP(status_release) struct dits_bisect_status status = {0};
    struct revision_args revisions = {0};
    TRY(revisions_split(cli, rest, &args->paths, &revisions));
    const struct dits_bisect_start_options wanted = {
        .bad = revisions.count > 0 ? revisions.revisions[0] : NULL,
        .goods = revisions.count > 0 ? revisions.revisions + 1 : NULL,
        .good_count = revisions.count > 0 ? revisions.count - 1 : 0,
        .paths = revisions.paths,
        .bad_term = args->term_new != NULL ? args->term_new : args->term_bad,
        .good_term = args->term_old != NULL ? args->term_old : args->term_good,
    };
    TRY(dits_bisect_start(cli->repo, &wanted, &status));
    return print_status(cli, &status);
}

static dits_error *mark(struct cli *cli, enum dits_bisect_mark what,
                        const struct cli_list *rest)
{
    CLEANUP(status_release) struct dits_bisect_status status = {0};
    if (what == DITS_BISECT_BAD && rest->count > 1)
        return cli_usage(cli, "unexpected '%s'", rest->items[1]);
    TRY(dits_bisect_mark(cli->repo, what, rest->items, rest->count, &status));
    return print_status(cli, &status);
}

static dits_error *reset(struct cli *cli, const struct cli_list *rest)
{
    struct dits_switch_result result = {.files_written = 0};
    struct dits_head head = {0};
    bool is_active = false;
    if (rest->count > 1)
        return cli_usage(cli, "unexpected '%s'", rest->items[1]);
    TRY(dits_bisect_reset(cli->repo, rest->count > 0 ? rest->items[0] : NULL,
                          &result, &is_active));
    if (!is_active) {
        cli_note(cli, "We are not bisecting.");
        return NULL;
    }
    TRY(dits_head_get(cli->repo, &head));
    if (head.branch != NULL)
        cli_note(cli, "Switched to branch '%s'", head.branch);
    else
        cli_note(cli, "HEAD is now where the bisection started");
    dits_head_release(&head);
    return NULL;
}

static dits_error *print_log(struct cli *cli)
{
    CLEANUP(text_free) char *text = NULL;
    TRY(dits_bisect_log(cli->repo, &text));
    fputs(text, cli->out);
    return NULL;
}

static dits_error *print_terms(struct cli *cli)
{
    CLEANUP(text_free) char *bad = NULL;
    CLEANUP(text_free) char *good = NULL;
    TRY(dits_bisect_terms(cli->repo, &bad, &good));
    fprintf(cli->out,
            "Your current terms are %s for the old state\n"
            "and %s for the new state.\n",
            good, bad);
    return NULL;
}

/* The words between quotes, as the shell takes them. */
static dits_error *quote_words(const struct cli_list *words, struct buf *out)
{
    for (size_t i = 0; i < words->count; i++) {
        TRY(buf_put_text(out, i > 0 ? " '" : "'"));
        for (const char *at = words->items[i]; *at != '\0'; at++)
            TRY(*at == '\'' ? buf_put_text(out, "'\\''")
                            : buf_put_u8(out, (uint8_t)*at));
        TRY(buf_put_u8(out, '\''));
    }
    return NULL;
}

static dits_error *run_once(struct cli *cli, const char *script, int *out)
{
    if (!cli->json)
        fprintf(cli->out, "running %s\n", script);
    (void)fflush(cli->out); /* before what the command prints */
    signals_pause(cli->signals);
    dits_error *err = script_run(script, out);
    signals_resume(cli->signals);
    return err;
}

/* A command that is not there would say "bad" of everything. */
static dits_error *check_status(const char *script, int status, bool is_first)
{
    if (is_first && (status == 126 || status == 127))
        return error_hint(error_new(DITS_E_INVALID,
                                    "%s cannot be run: exit status %d", script,
                                    status),
                          "Name a program that is there and can be executed.");
    if (status >= 128)
        return error_new(DITS_E_INVALID,
                         "exit status %d of %s is neither good nor bad", status,
                         script);
    return NULL;
}

static dits_error *run_all(struct cli *cli, const struct cli_list *words)
{
    CLEANUP(buf_release) struct buf script = {0};
    if (words->count == 0)
        return cli_usage(cli, "'run' needs a command");
    TRY(quote_words(words, &script));
    for (bool is_first = true;; is_first = false) {
        CLEANUP(status_release) struct dits_bisect_status status = {0};
        int answer = 0;
        TRY(run_once(cli, buf_text(&script), &answer));
        TRY(check_status(buf_text(&script), answer, is_first));
        enum dits_bisect_mark what = answer == 0     ? DITS_BISECT_GOOD
                                     : answer == 125 ? DITS_BISECT_SKIP
                                                     : DITS_BISECT_BAD;
        TRY(dits_bisect_mark(cli->repo, what, NULL, 0, &status));
        TRY(print_status(cli, &status));
        if (status.outcome == DITS_BISECT_WAITING)
            return error_hint(
                error_new(DITS_E_INVALID, "there is nothing to halve yet"),
                "Name a bad and a good commit first.");
        if (status.outcome == DITS_BISECT_FOUND && !cli->json)
            fputs("bisect found first bad commit\n", cli->out);
        if (status.outcome != DITS_BISECT_TESTING)
            return NULL;
    }
}

/* Also what the user calls them. */
static dits_error *find_mark(struct cli *cli, const char *action,
                             enum dits_bisect_mark *out)
{
    static const struct {
        const char *name;
        enum dits_bisect_mark mark;
    } names[] = {
        {"bad", DITS_BISECT_BAD},   {"new", DITS_BISECT_BAD},
        {"good", DITS_BISECT_GOOD}, {"old", DITS_BISECT_GOOD},
        {"skip", DITS_BISECT_SKIP},
    };
    CLEANUP(text_free) char *bad = NULL;
    CLEANUP(text_free) char *good = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(action, names[i].name) == 0) {
            *out = names[i].mark;
            return NULL;
        }
    }
    dits_error *err = dits_bisect_terms(cli->repo, &bad, &good);
    if (err == NULL && strcmp(action, bad) == 0)
        *out = DITS_BISECT_BAD;
    else if (err == NULL && strcmp(action, good) == 0)
        *out = DITS_BISECT_GOOD;
    else
        *out = 0;
    dits_error_free(err); /* without a bisection there are no other terms */
    if (*out != 0)
        return NULL;
    return error_hint(cli_usage(cli, "'%s' is no step of a bisection", action),
                      "See 'dits bisect --help'.");
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct bisect_args *args = data;
    enum dits_bisect_mark what = DITS_BISECT_BAD;
    if (args->operands.count == 0)
        return cli_usage(cli, "ACTION is missing");
    const char *action = args->operands.items[0];
    const struct cli_list rest = {.items = args->operands.items + 1,
                                  .count = args->operands.count - 1};
    if (strcmp(action, "start") == 0)
        return start(cli, args, &rest);
    if (args->paths.is_given)
        return cli_usage(cli, "'%s' takes no paths", action);
    if (strcmp(action, "run") == 0)
        return run_all(cli, &rest);
    if (strcmp(action, "reset") == 0)
        return reset(cli, &rest);
    if (strcmp(action, "log") == 0)
        return print_log(cli);
    if (strcmp(action, "terms") == 0)
        return print_terms(cli);
    TRY(find_mark(cli, action, &what));
    return mark(cli, what, &rest);
}

const struct cli_command cmd_bisect = {
    .name = "bisect",
    .summary = "find the commit that brought a change",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct bisect_args),
    .run = run,
};
