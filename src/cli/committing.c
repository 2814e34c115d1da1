#include "cli/committing.h"

#include "cli/hooks.h"

static const struct hook_arguments none = {.items = {NULL}};

/* Before anything is locked: a hook may stage files, and what is staged when it
 * ends is what is recorded. */
static dits_error *ask_and_record(struct cli *cli,
                                  const struct commit_message_wish *wish,
                                  const struct dits_commit_options *options,
                                  struct dits_commit_result *out)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_commit_options wanted = *options;
    bool keeps_message = false;
    if (!wish->no_verify)
        TRY(hook_ask(cli, "pre-commit", &none));
    TRY(commit_message_find(cli, wish, &keeps_message, &message));
    wanted.message = keeps_message ? NULL : buf_text(&message);
    return dits_commit_create(cli->repo, &wanted, out);
}

static dits_error *has_hooks(const struct cli *cli, bool no_verify, bool *out)
{
    TRY(commit_message_has_hooks(cli, no_verify, out));
    return *out || no_verify ? NULL : hook_is_there(cli, "pre-commit", out);
}

/* What `-a` and paths name is staged first, for the hooks to see. */
static dits_error *stage_and_record(struct cli *cli,
                                    const struct commit_message_wish *wish,
                                    const struct dits_commit_options *options,
                                    struct dits_commit_result *out)
{
    struct dits_commit_options wanted = *options;
    TRY(dits_commit_stage(cli->repo, options, &wanted.ahead));
    wanted.is_staged = true;
    dits_error *err = ask_and_record(cli, wish, &wanted, out);
    if (err == NULL)
        return NULL;
    dits_error *failed = dits_commit_unstage(cli->repo, wanted.ahead);
    if (failed != NULL)
        cli_note(cli, "what was staged stays so: %s",
                 dits_error_message(failed));
    dits_error_free(failed);
    return err;
}

dits_error *commit_past_hooks(struct cli *cli,
                              const struct commit_message_wish *wish,
                              const struct dits_commit_options *options,
                              struct dits_commit_result *out)
{
    bool is_seen = false;
    int status = 0;
    if (options->all || options->paths.count > 0)
        TRY(has_hooks(cli, wish->no_verify, &is_seen));
    if (is_seen)
        TRY(stage_and_record(cli, wish, options, out));
    else
        TRY(ask_and_record(cli, wish, options, out));
    /* The commit is made, whatever the hook says. */
    return hook_tell(cli, "post-commit", &none, &status);
}
