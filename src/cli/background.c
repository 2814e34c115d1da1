#include "cli/background.h"

#include <string.h>

#include <dits/maintenance.h>
#include <dits/watcher.h>

#include "base/fs.h"
#include "base/text.h"
#include "cli/signals.h"

dits_error *background_gc(const struct cli *cli, const char *prune)
{
    CLEANUP(text_free) char *log = NULL;
    const char *arguments[] = {"gc", "--tiers",
                               prune != NULL ? "--prune" : NULL, prune, NULL};
    TRY(fs_join(dits_repo_dir(cli->repo), "gc.log", &log));
    return background_start(cli, BACKGROUND_LOWEST, log, arguments);
}

static dits_error *start_if_due(const struct cli *cli)
{
    struct dits_gc_status status = {0};
    TRY(dits_gc_status_get(cli->repo, &status));
    bool is_due = status.state != DITS_RUN_GOES_ON &&
                  status.auto_operations > 0 &&
                  status.operations >= status.auto_operations;
    dits_gc_status_release(&status);
    if (!is_due)
        return NULL;
    TRY(background_gc(cli, NULL));
    cli_note(cli, "a gc was started in the background; see 'dits gc --status'");
    return NULL;
}

void background_gc_auto(const struct cli *cli)
{
    dits_error *err = start_if_due(cli);
    if (err != NULL)
        cli_note(cli, "no gc was started: %s", dits_error_message(err));
    dits_error_free(err); /* what the command did is done */
}

enum {
    LOOKS = 300, /* for a watcher that has to list all folders first */
    LOOK_MS = 100,
    RETRY_S = 600,
};

/* The innermost reason in an error as it is printed: its last cause. */
static const char *last_reason(const char *said)
{
    static const char who[] = "dits: ";
    static const char cause[] = "\n  because ";
    const char *reason = text_starts_with(said, who) ? said + strlen(who)
                                                     : said;
    for (const char *at = said; (at = strstr(at, cause)) != NULL;)
        reason = at += strlen(cause);
    return reason;
}

/* What it said when it ended before it was ready. */
static dits_error *watcher_failure(const char *log)
{
    CLEANUP(buf_release) struct buf text = {0};
    dits_error *err = fs_read_all(log, 64u << 10, &text);
    dits_error_free(err); /* then without its reason */
    const char *reason = last_reason(buf_text(&text));
    if (*reason == '\0')
        return error_new(DITS_E_IO, "the watcher does not answer");
    return error_hint(error_new(DITS_E_IO, "no watcher was started: %.*s",
                                (int)strcspn(reason, "\n"), reason),
                      "See '%s'.", log);
}

static bool has_said_something(const char *log)
{
    struct fs_stat stat = {0};
    dits_error *err = fs_stat_path(log, &stat);
    dits_error_free(err); /* not there: nothing was said */
    return stat.size > 0;
}

static dits_error *wait_for_watcher(const struct cli *cli, const char *log)
{
    for (unsigned i = 0; i < LOOKS && !has_said_something(log); i++) {
        struct dits_watcher_state state = {0};
        TRY(dits_watcher_state_get(cli->repo, &state));
        if (state.runs)
            return NULL;
        if (signals_caught(cli->signals) != 0)
            return error_new(DITS_E_CANCELLED, "no longer waiting for it");
        fs_pause_ms(LOOK_MS);
    }
    return watcher_failure(log);
}

static dits_error *watcher_log_path(const struct cli *cli, char **out)
{
    return fs_join(dits_repo_private_dir(cli->repo), "watcher.log", out);
}

dits_error *background_watcher(const struct cli *cli, bool waits)
{
    static const char *const arguments[] = {"watcher", "run", NULL};
    CLEANUP(text_free) char *log = NULL;
    TRY(watcher_log_path(cli, &log));
    TRY(background_start(cli, BACKGROUND_USUAL, log, arguments));
    return waits ? wait_for_watcher(cli, log) : NULL;
}

/* Whether one was started a short while ago, and is not there any more. */
static dits_error *has_just_failed(const struct cli *cli, bool *out)
{
    CLEANUP(text_free) char *log = NULL;
    struct fs_stat stat = {0};
    TRY(watcher_log_path(cli, &log));
    *out = fs_exists(log);
    if (!*out)
        return NULL;
    TRY(fs_stat_path(log, &stat));
    int64_t age_s = (fs_now_ns() - stat.mtime_ns) / 1000000000;
    *out = age_s >= 0 && age_s < RETRY_S;
    return NULL;
}

static dits_error *start_watcher_if_wanted(const struct cli *cli)
{
    struct dits_watcher_state state = {0};
    bool wanted = false;
    bool failed = false;
    TRY(dits_watcher_is_wanted(cli->repo, &wanted));
    if (wanted)
        TRY(dits_watcher_state_get(cli->repo, &state));
    if (!wanted || state.runs)
        return NULL;
    TRY(has_just_failed(cli, &failed));
    return failed ? NULL : background_watcher(cli, false);
}

void background_watcher_auto(const struct cli *cli)
{
    dits_error *err = start_watcher_if_wanted(cli);
    if (err != NULL)
        cli_note(cli, "no watcher: %s", dits_error_message(err));
    dits_error_free(err); /* what the command did is done */
}
