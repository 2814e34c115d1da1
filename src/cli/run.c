/*
 * From arguments to an exit status: what surrounds every command.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <dits/commit.h>

#include "base/mem.h"
#include "cli/color.h"
#include "cli/command_line.h"
#include "cli/context.h"
#include "cli/environment.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "cli/priority.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signals.h"
#include "cli/suggest.h"
#include "cli/terminal.h"

/* All that lives as long as the program runs. */
struct session {
    const struct cli_program *program;
    struct environment environment;
    struct cli_settings settings;
    struct progress *progress;
    dits_context *context;
    struct signals *signals;
    dits_repo *repo;
    struct pager pager;
    int64_t now; /* 0: the system's clock */
    bool error_colors;
};

static void session_release(struct session *session)
{
    const struct option_set front = {front_options, &session->settings};
    parse_release(&front);
    pager_finish(&session->pager);
    dits_repo_free(session->repo);
    signals_stop(session->signals);
    dits_context_free(session->context);
    progress_free(session->progress);
    environment_release(&session->environment);
}

void cli_note(const struct cli *cli, const char *fmt, ...)
{
    if (cli->quiet)
        return;
    progress_hide(cli->progress);
    va_list args;
    va_start(args, fmt);
    (void)vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
}

dits_error *cli_usage(struct cli *cli, const char *fmt, ...)
{
    CLEANUP(buf_release) struct buf text = {0};
    va_list args;
    va_start(args, fmt);
    dits_error *err = buf_vprintf(&text, fmt, args);
    va_end(args);
    cli->status = CLI_USAGE;
    return err != NULL ? err : error_new(DITS_E_INVALID, "%s", buf_text(&text));
}

static void on_log(enum dits_log_level level, const char *message,
                   void *payload)
{
    struct session *session = payload;
    const struct cli_settings *settings = &session->settings;
    bool is_shown = level == DITS_LOG_WARN ? !settings->quiet
                                           : settings->verbose;
    if (!is_shown)
        return;
    progress_hide(session->progress);
    fprintf(stderr, "%s%s\n", level == DITS_LOG_WARN ? "warning: " : "",
            message);
}

static void on_progress(const struct dits_progress *report, void *payload)
{
    struct session *session = payload;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    progress_update(session->progress, report,
                    (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static int64_t on_clock(void *payload)
{
    const struct session *session = payload;
    return session->now;
}

static dits_error *make_context(struct session *session)
{
    const struct dits_context_options callbacks = {.log = on_log,
                                                   .progress = on_progress,
                                                   .clock = on_clock,
                                                   .payload = session};
    return cli_context_new(&session->environment, &callbacks, &session->now,
                           &session->context);
}

static dits_error *open_repo(struct session *session, unsigned flags,
                             const char *command_line)
{
    dits_error *err = dits_repo_open(session->context, ".", &session->repo);
    if (err != NULL && flags & CLI_WANTS_REPO &&
        dits_error_code(err) == DITS_E_NOT_FOUND) {
        dits_error_free(err); /* it does without */
        return NULL;
    }
    TRY(err);
    if (flags & CLI_NEEDS_FILES && dits_repo_is_bare(session->repo))
        return error_hint(
            error_new(DITS_E_INVALID,
                      "this operation must be run in a work tree"),
            "The repository is bare. Work on a clone of it, or in a work tree "
            "that 'dits worktree add' makes.");
    return dits_repo_set_command(session->repo, command_line);
}

static dits_error *enter_folders(const struct cli_list *folders)
{
    for (size_t i = 0; i < folders->count; i++)
        if (chdir(folders->items[i]) != 0)
            return error_errno(errno, "cannot go to '%s'", folders->items[i]);
    return NULL;
}

static bool wants_colors(const struct session *session, bool is_terminal)
{
    const char *when = session->settings.color;
    if (when != NULL && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    return is_terminal && session->environment.allows_colors;
}

/* What is left in a buffer, or failed to leave it, shows only here. */
static dits_error *finish_output(struct session *session, FILE *out)
{
    bool failed = fflush(out) != 0 || ferror(out) != 0;
    int errnum = errno;
    if (out == session->pager.in || !failed || errnum == EPIPE)
        return NULL; /* whoever read it has had enough */
    return error_errno(errnum, "cannot write to standard output");
}

static dits_error *start_pager(struct session *session,
                               const struct cli_command *command,
                               bool is_terminal)
{
    const char *pager = session->environment.pager;
    if (!(command->flags & CLI_PAGED) || !is_terminal || pager == NULL ||
        session->settings.no_pager || session->settings.json)
        return NULL;
    return pager_start(pager, &session->pager);
}

static dits_error *run_command(struct session *session,
                               const struct cli_command *command,
                               const void *args, const char *command_line,
                               enum cli_status *out_status)
{
    if (command->flags & CLI_GIVES_WAY)
        priority_lower();
    if (command->flags & CLI_CHANGES)
        TRY(signals_start(session->context, &session->signals));
    if (command->flags & (CLI_NEEDS_REPO | CLI_WANTS_REPO))
        TRY(open_repo(session, command->flags, command_line));
    bool is_terminal = terminal_is(stdout);
    TRY(start_pager(session, command, is_terminal));

    struct cli cli = {
        .program = session->program,
        .context = session->context,
        .repo = session->repo,
        .out = session->pager.in != NULL ? session->pager.in : stdout,
        .environment = &session->environment,
        .progress = session->progress,
        .signals = session->signals,
        .now = session->now,
        .is_terminal = is_terminal,
        .colors = wants_colors(session, is_terminal),
        .json = session->settings.json,
        .quiet = session->settings.quiet,
        .verbose = session->settings.verbose,
    };
    dits_error *err = command->run(&cli, args);
    *out_status = cli.status;
    TRY(err);
    return finish_output(session, cli.out);
}

static dits_error *unknown_command(const struct cli_program *program,
                                   const char *name)
{
    struct suggestion best = suggestion_for(name);
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        suggestion_offer(&best, (*c)->name);
    dits_error *err = error_new(DITS_E_INVALID, "'%s' is not a command", name);
    return best.name != NULL ? error_hint(err, "Did you mean '%s %s'?",
                                          program->name, best.name)
                             : error_hint(err, "See '%s help'.", program->name);
}

/* Parse what is the command's own. `*out_done`: it was a question for help. */
static dits_error *prepare(struct session *session,
                           const struct cli_command *command, void *args,
                           const char *const *argv, bool *out_done)
{
    const struct option_set own = {command->options, args};
    const struct option_set shared = {shared_options, &session->settings};
    TRY(parse_command(&own, &shared, argv));
    *out_done = session->settings.usage || session->settings.help;
    if (session->settings.usage)
        return help_print_usage(session->program, command, stdout);
    if (session->settings.help)
        return help_print(session->program, command, stdout);
    if (session->settings.json && !(command->flags & CLI_JSON))
        return error_new(DITS_E_INVALID, "'%s %s' has no data for '--json'",
                         session->program->name, command->name);
    return parse_check(&own);
}

static int fail(struct session *session, dits_error *err, int status)
{
    pager_finish(&session->pager);
    progress_hide(session->progress);
    (void)fflush(stdout);
    report_error(stderr, session->program->name, err, session->error_colors);
    if (session->settings.verbose) {
        int line = 0;
        const char *file = error_file(err, &line);
        fprintf(stderr, "  at %s:%d\n", file, line);
    }
    dits_error_free(err);
    return status;
}

static dits_error *usage_hint(const struct session *session, dits_error *err,
                              const struct cli_command *command)
{
    if (dits_error_hint(err) != NULL || dits_error_code(err) != DITS_E_INVALID)
        return err;
    return error_hint(err, "See '%s %s -h'.", session->program->name,
                      command->name);
}

static int run_parsed(struct session *session,
                      const struct cli_command *command, const void *args,
                      const char *const *argv)
{
    CLEANUP(buf_release) struct buf command_line = {0};
    enum cli_status status = CLI_OK;
    dits_error *err = enter_folders(&session->settings.folders);
    if (err == NULL)
        err = make_context(session);
    if (err == NULL)
        err = command_line_join(argv, &command_line);
    if (err == NULL)
        err = run_command(session, command, args, buf_text(&command_line),
                          &status);
    if (err == NULL)
        return (int)status;
    if (status == CLI_USAGE)
        return fail(session, usage_hint(session, err, command), CLI_USAGE);
    int caught = signals_caught(session->signals);
    return fail(session, err, caught != 0 ? 128 + caught : CLI_FAILED);
}

/* Two words that everybody tries: dits --version, dits --help. */
static const char *command_name(const struct session *session,
                                const char *const *argv)
{
    if (session->settings.version)
        return "version";
    if (session->settings.help || session->settings.usage || *argv == NULL)
        return "help";
    return *argv;
}

static void args_free(void **args)
{
    mem_free(*args);
}

static int run_named(struct session *session, const char *const *argv)
{
    const char *name = command_name(session, argv);
    const struct cli_command *command = program_find(session->program, name);
    if (command == NULL)
        return fail(session, unknown_command(session->program, name),
                    CLI_USAGE);
    bool is_bare = *argv == NULL && !session->settings.help &&
                   !session->settings.usage && !session->settings.version;
    bool is_typed = *argv != NULL && name == *argv;
    session->settings.help = session->settings.usage = false;

    /* One byte more, so that a command without arguments allocates too. */
    CLEANUP(args_free)
    void *args = mem_new_array(char, command->args_size + 1);
    if (args == NULL)
        return fail(session, error_nomem(), CLI_FAILED);
    const struct option_set own = {command->options, args};
    bool is_done = false;
    dits_error *err =
        prepare(session, command, args, argv + is_typed, &is_done);
    int status = CLI_OK;
    if (err != NULL)
        status = fail(session, usage_hint(session, err, command), CLI_USAGE);
    else if (!is_done)
        status = run_parsed(session, command, args, argv);
    parse_release(&own);
    return is_bare && status == CLI_OK ? CLI_USAGE : status;
}

int cli_main(const struct cli_program *program, const char *const *argv)
{
    CLEANUP(session_release) struct session session = {.program = program};
    const struct option_set front = {front_options, &session.settings};
    dits_error *err = environment_read(&session.environment);
    if (err != NULL)
        return fail(&session, err, CLI_FAILED);
    session.error_colors = wants_colors(&session, terminal_is(stderr));
    err = parse_front(&front, &argv);
    if (err != NULL)
        return fail(&session,
                    dits_error_hint(err) != NULL
                        ? err
                        : error_hint(err, "See '%s help'.", program->name),
                    CLI_USAGE);
    err =
        progress_new(session.settings.quiet ? NULL : stderr, &session.progress);
    if (err != NULL)
        return fail(&session, err, CLI_FAILED);
    return run_named(&session, argv);
}
