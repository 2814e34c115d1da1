/*
 * dits merge - bring another line of work into this one
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/commit_result.h"
#include "cli/committing.h"
#include "cli/draft.h"
#include "cli/hooks.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/merge_text.h"
#include "cli/merging.h"
#include "cli/switching.h"

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND(
        "REV", struct merge_args, target,
        "the branch, tag or commit to merge; '-' for the branch before "
        "this one"),
    CLI_SWITCH(0, "ff", struct merge_args, ff,
               "only move the branch where that is enough; the default"),
    CLI_SWITCH(0, "no-ff", struct merge_args, no_ff,
               "make a commit also where moving the branch is enough"),
    CLI_SWITCH(0, "ff-only", struct merge_args, ff_only,
               "stop where a commit would be needed"),
    CLI_SWITCH(0, "squash", struct merge_args, squash,
               "only stage what it brings, to be committed as one's own"),
    CLI_SWITCH(0, "no-commit", struct merge_args, no_commit,
               "stop before the commit"),
    CLI_STRINGS('m', "message", "TEXT", struct merge_args, messages,
                "the message of the commit; each one is a paragraph"),
    CLI_STRING('F', "file", "FILE", struct merge_args, file,
               "take the message from FILE; '-' is standard input"),
    CLI_STRING('X', "strategy-option", "SIDE", struct merge_args, favor,
               "where both changed the same take 'ours' or 'theirs'",
               .choices = merge_favor_choices),
    CLI_STRING(0, "conflict", "STYLE", struct merge_args, style,
               "how conflicts in texts are written: 'merge', 'diff3' (with "
               "what both began from) or 'zdiff3' (the same, shortened)",
               .choices = merge_style_choices),
    CLI_SWITCH(0, "allow-unrelated-histories", struct merge_args, unrelated,
               "also without a commit in common"),
    CLI_SWITCH(0, "no-edit", struct merge_args, no_edit,
               "take the message as it is, which is the default"),
    CLI_SWITCH('n', "no-stat", struct merge_args, no_stat,
               "do not show what was changed"),
    CLI_SWITCH(0, "no-verify", struct merge_args, no_verify,
               "do not ask the hook commit-msg; with '--continue' neither "
               "pre-commit"),
    CLI_SWITCH(0, "abort", struct merge_args, abort,
               "give up a merge with conflicts, and be where it began"),
    CLI_SWITCH(0, "continue", struct merge_args, go_on,
               "commit the merge when all conflicts are resolved"),
    CLI_END,
};

static const char help[] =
    "Brings what REV has and HEAD has not into the current branch. Where HEAD\n"
    "has nothing of its own the branch just moves; else both are compared\n"
    "with what they began from, and a commit with two parents is made.\n"
    "\n"
    "Texts are merged line by line; what both changed is marked in them. Of\n"
    "any other file both sides are put beside it, 'clip.ours.mov' and\n"
    "'clip.theirs.mov'. 'dits status' lists the conflicts; 'dits resolve'\n"
    "chooses a side, 'dits add' takes a file as it is then, 'dits commit' "
    "ends\n"
    "the merge, '--abort' gives it up. A clip that was renamed, trimmed or\n"
    "both is still that clip. 'dits undo' takes back a merge, whatever came "
    "of\n"
    "it.\n";

static void print_json(const struct cli *cli,
                       const struct dits_merge_result *result)
{
    static const char *const names[] = {
        [DITS_MERGE_UP_TO_DATE] = "up-to-date",
        [DITS_MERGE_FAST_FORWARD] = "fast-forward",
        [DITS_MERGE_COMMITTED] = "merged",
        [DITS_MERGE_STAGED] = "staged",
        [DITS_MERGE_CONFLICTS] = "conflicts",
    };
    struct json json = json_begin(cli->out);
    json_string(&json, "outcome", names[result->outcome]);
    json_oid(&json, "before", &result->before);
    json_oid(&json, "after", &result->after);
    json_u64(&json, "conflicts", result->conflicts);
    json_end(&json);
}

static dits_error *print_fast_forward(const struct cli *cli,
                                      const struct dits_merge_result *result)
{
    char before[DITS_OID_HEX_SIZE] = {0};
    char after[DITS_OID_HEX_SIZE] = {0};
    if (dits_oid_is_zero(&result->before))
        return NULL;
    TRY(id_short(cli, &result->before, before));
    TRY(id_short(cli, &result->after, after));
    fprintf(cli->out, "Updating %s..%s\nFast-forward\n", before, after);
    return NULL;
}

static dits_error *print_result(const struct cli *cli,
                                const struct merge_args *args,
                                const struct dits_merge_result *result)
{
    bool stat = !args->no_stat;
    switch (result->outcome) {
    case DITS_MERGE_UP_TO_DATE:
        fputs("Already up to date.\n", cli->out);
        return NULL;
    case DITS_MERGE_FAST_FORWARD:
        TRY(print_fast_forward(cli, result));
        break;
    case DITS_MERGE_COMMITTED:
        fputs("Merge made by the 'three-way' strategy.\n", cli->out);
        break;
    case DITS_MERGE_STAGED:
        fputs(args->squash
                  ? "Squash commit -- not updating HEAD\n"
                  : "Automatic merge went well; stopped before committing as "
                    "requested\n",
              cli->out);
        return NULL;
    case DITS_MERGE_CONFLICTS:
        fputs("Automatic merge failed; fix conflicts and then commit the "
              "result.\n",
              cli->out);
        return NULL;
    }
    return stat ? merge_stat_print(cli, &result->before, &result->after) : NULL;
}

static dits_error *find_message(struct cli *cli, const struct merge_args *args,
                                struct buf *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    if (args->messages.count > 0 && args->file != NULL)
        return cli_usage(cli, "'-m' and '-F' exclude each other");
    if (args->messages.count > 0)
        TRY(draft_join(&args->messages, &text));
    else if (args->file != NULL)
        TRY(draft_read(args->file, &text));
    return draft_clean(buf_slice(&text), false, out);
}

/* A merge that is yet to be committed by hand is told of by no hook. */
static dits_error *tell_hook(const struct cli *cli,
                             const struct merge_args *args,
                             const struct dits_merge_result *result)
{
    bool is_squashed = args->squash && result->outcome == DITS_MERGE_STAGED;
    bool is_done = result->outcome == DITS_MERGE_FAST_FORWARD ||
                   result->outcome == DITS_MERGE_COMMITTED;
    return is_done || is_squashed ? hooks_post_merge(cli, is_squashed) : NULL;
}

/* The message of the commit, if there will be one, as the hooks want it. */
static dits_error *ask_hooks(struct cli *cli, const struct merge_args *args,
                             const struct dits_merge_options *wanted,
                             struct buf *message)
{
    CLEANUP(text_free) char *first = NULL;
    struct dits_merge_result expected = {0};
    bool is_asked = false;
    TRY(commit_message_has_hooks(cli, args->no_verify, &is_asked));
    if (!is_asked || args->squash || args->no_commit)
        return NULL;
    TRY(dits_merge_look(cli->repo, wanted, &expected, &first));
    if (first == NULL)
        return NULL;
    CLEANUP(buf_release) struct buf text = {0};
    TRY(commit_message_of_merge(cli, args->no_verify, first, &text));
    buf_release(message);
    *message = MOVE(text);
    return NULL;
}

/* As in git, where a hook refuses, or empties the message, the merge is left to
 * be committed with the one that it had. */
static dits_error *leave_to_commit(struct cli *cli,
                                   const struct dits_merge_options *wanted,
                                   dits_error *refusal)
{
    struct dits_merge_options stopping = *wanted;
    struct dits_merge_result result = {0};
    if (!dits_error_has(refusal, DITS_E_DENIED))
        return refusal;
    stopping.no_commit = true;
    dits_error *err = dits_merge(cli->repo, &stopping, &result);
    if (err != NULL) {
        dits_error_free(refusal);
        return err;
    }
    return error_hint(refusal, "Not committing the merge; 'dits commit' "
                               "completes it, 'dits merge --abort' gives it "
                               "up.");
}

dits_error *merging_run(struct cli *cli, const struct merge_args *args)
{
    CLEANUP(buf_release) struct buf message = {0};
    CLEANUP(text_free) char *previous = NULL;
    const char *target = args->target;
    struct dits_merge_result result = {0};
    TRY(switching_read_dash(cli, &target, &previous));
    struct merge_printer printer = {.cli = cli, .other = target};
    TRY(find_message(cli, args, &message));
    struct dits_merge_options wanted = {
        .target = target,
        .message = message.size > 0 ? buf_text(&message) : NULL,
        .fast_forward = args->ff_only ? DITS_FF_ONLY
                        : args->no_ff ? DITS_FF_NEVER
                        : args->ff    ? DITS_FF_ALLOW
                                      : DITS_FF_DEFAULT,
        .style = merge_style_of(args->style),
        .favor = merge_favor_of(args->favor),
        .squash = args->squash,
        .no_commit = args->no_commit,
        .allow_unrelated = args->unrelated,
        .on_path = merge_event_print,
        .payload = &printer,
    };
    dits_error *refusal = ask_hooks(cli, args, &wanted, &message);
    if (refusal != NULL)
        return leave_to_commit(cli, &wanted, refusal);
    wanted.message = message.size > 0 ? buf_text(&message) : NULL;
    TRY(dits_merge(cli->repo, &wanted, &result));
    if (result.outcome == DITS_MERGE_CONFLICTS)
        cli->status = CLI_FAILED;
    TRY(tell_hook(cli, args, &result));
    if (cli->json)
        print_json(cli, &result);
    else if (!cli->quiet)
        return print_result(cli, args, &result);
    return NULL;
}

/* With the message that the merge began with. */
static dits_error *go_on(struct cli *cli, const struct merge_args *args)
{
    const struct commit_message_wish wish = {.messages = &args->messages,
                                             .no_edit = true,
                                             .no_verify = args->no_verify};
    const struct dits_commit_options commit = {0};
    CLEANUP(dits_work_release) struct dits_work work = {0};
    struct dits_commit_result result = {0};
    TRY(dits_work_get(cli->repo, &work));
    if (work.kind != DITS_WORK_MERGE)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "there is no merge to go on with"),
            "See 'dits status'.");
    TRY(commit_past_hooks(cli, &wish, &commit, &result));
    if (!cli->json)
        return cli->quiet ? NULL : commit_result_print(cli, &result);
    struct dits_merge_result merged = {.outcome = DITS_MERGE_COMMITTED,
                                       .before = work.start,
                                       .after = result.id};
    print_json(cli, &merged);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct merge_args *args = data;
    if (args->abort + args->go_on > 0 && args->target != NULL)
        return cli_usage(cli, "'%s' takes no REV",
                         args->abort ? "--abort" : "--continue");
    if (args->abort && args->go_on)
        return cli_usage(cli, "'--abort' and '--continue' exclude each other");
    if (args->abort)
        return dits_abort(cli->repo, DITS_WORK_MERGE);
    if (args->go_on)
        return go_on(cli, args);
    if (args->target == NULL)
        return cli_usage(cli, "REV is missing");
    if (args->ff_only + args->no_ff + args->ff > 1)
        return cli_usage(
            cli, "'--ff', '--no-ff' and '--ff-only' exclude each other");
    if (args->squash && args->no_ff)
        return cli_usage(cli, "'--squash' and '--no-ff' exclude each other");
    return merging_run(cli, args);
}

const struct cli_command cmd_merge = {
    .name = "merge",
    .summary = "bring another line of work into this one",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct merge_args),
    .run = run,
};
