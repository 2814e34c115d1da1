/*
 * dits pull - fetch, and take it up
 */
#include <dits/config.h>
#include <dits/merge.h>
#include <dits/transfer.h>

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/merging.h"
#include "cli/replay_text.h"
#include "cli/transfer.h"

struct pull_args {
    struct cli_list operands;
    bool rebase;
    bool no_rebase;
    bool ff;
    bool no_ff;
    bool ff_only;
    bool autostash;
    bool prune;
    bool tags;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REMOTE", struct pull_args, operands,
                 "a remote or the address of a repository, and a branch there"),
    CLI_SWITCH('r', "rebase", struct pull_args, rebase,
               "make one's own commits again on top of what came"),
    CLI_SWITCH(0, "no-rebase", struct pull_args, no_rebase, "merge what came"),
    CLI_SWITCH(0, "ff-only", struct pull_args, ff_only,
               "only go forward; stop where both sides have commits"),
    CLI_SWITCH(0, "ff", struct pull_args, ff,
               "merge, and only move the branch where that is enough"),
    CLI_SWITCH(0, "no-ff", struct pull_args, no_ff,
               "merge, and make a commit in any case"),
    CLI_SWITCH(0, "autostash", struct pull_args, autostash,
               "rebase: put local changes aside, and bring them back at the "
               "end"),
    CLI_SWITCH('p', "prune", struct pull_args, prune,
               "remove what is known of branches that are gone there"),
    CLI_SWITCH('t', "tags", struct pull_args, tags, "bring all tags"),
    CLI_END,
};

static const char help[] =
    "Fetches, as 'dits fetch', and takes up the branch that the current one\n"
    "follows, or the one that is named. Where there are no commits of one's\n"
    "own the branch goes forward. Else say how: '--no-rebase' merges,\n"
    "'--rebase' puts one's own commits on top; the settings pull.rebase and\n"
    "pull.ff ('only') say it once for all.\n";

/* How what came is taken up. */
enum how {
    HOW_ASK, /* only forward, else say that one has to choose */
    HOW_MERGE,
    HOW_REBASE,
    HOW_FORWARD,
};

struct pulling {
    struct cli *cli;
    const struct pull_args *args;
    struct transfer_print print;
    struct dits_upstream upstream;
    struct dits_head head;
    char *where;  /* the address of the other side */
    char *source; /* full name of the first ref that was asked for */
    struct dits_transfer_result result;
};

static void pulling_release(struct pulling *pulling)
{
    dits_upstream_release(&pulling->upstream);
    dits_head_release(&pulling->head);
    mem_free(pulling->where);
    mem_free(pulling->source);
}

/* --- fetching --- */

static dits_error *on_ref(const struct dits_ref_result *result, void *payload)
{
    struct pulling *pulling = payload;
    if (pulling->where == NULL)
        TRY(text_copy(result->where, &pulling->where));
    if (pulling->source == NULL && result->source != NULL)
        TRY(text_copy(result->source, &pulling->source));
    return transfer_print_ref(result, &pulling->print);
}

static dits_error *fetch(struct pulling *pulling)
{
    const struct cli_list *operands = &pulling->args->operands;
    size_t taken = operands->count > 0 ? 1 : 0;
    const struct dits_fetch_options wanted = {
        .remote = taken > 0 ? operands->items[0] : NULL,
        .refspecs = operands->items + taken,
        .refspec_count = operands->count - taken,
        .prune = pulling->args->prune,
        .all_tags = pulling->args->tags,
        .on_ref = on_ref,
        .payload = pulling,
    };
    TRY(dits_fetch(pulling->cli->repo, &wanted, &pulling->result));
    transfer_note(pulling->cli, "received", &pulling->result);
    if (pulling->result.rejected > 0)
        pulling->cli->status = CLI_FAILED;
    return NULL;
}

/* --- how to take it up --- */

static dits_error *read_setting(const struct pulling *pulling, const char *key,
                                char **out)
{
    return dits_config_get(pulling->cli->context, pulling->cli->repo,
                           DITS_CONFIG_ANY, key, out);
}

static bool is_yes(const char *value)
{
    return strcasecmp(value, "true") == 0 || strcasecmp(value, "yes") == 0 ||
           strcasecmp(value, "on") == 0 || strcmp(value, "1") == 0;
}

static dits_error *choose(const struct pulling *pulling, enum how *out)
{
    const struct pull_args *args = pulling->args;
    CLEANUP(text_free) char *rebase = NULL;
    CLEANUP(text_free) char *forward = NULL;
    TRY(read_setting(pulling, "pull.rebase", &rebase));
    TRY(read_setting(pulling, "pull.ff", &forward));
    *out = HOW_ASK;
    if (args->rebase)
        *out = HOW_REBASE;
    else if (args->no_rebase || args->ff || args->no_ff)
        *out = HOW_MERGE;
    else if (args->ff_only)
        *out = HOW_FORWARD;
    else if (rebase != NULL)
        *out = is_yes(rebase) ? HOW_REBASE : HOW_MERGE;
    else if (forward != NULL)
        *out = strcasecmp(forward, "only") == 0 ? HOW_FORWARD : HOW_MERGE;
    return NULL;
}

static dits_error *must_choose(void)
{
    return error_hint(
        error_new(DITS_E_CONFLICT,
                  "Need to specify how to reconcile divergent branches."),
        "Both sides have commits: 'dits pull --no-rebase' merges, 'dits pull "
        "--rebase' puts yours on top. The setting pull.rebase (false or true) "
        "says it once for all.");
}

/* Both have commits of their own. */
static dits_error *look_whether_apart(const struct pulling *pulling,
                                      const char *target, bool *out)
{
    const struct dits_merge_options wanted = {.target = target,
                                              .allow_unrelated = true};
    struct dits_merge_result expected = {0};
    CLEANUP(text_free) char *message = NULL;
    TRY(dits_merge_look(pulling->cli->repo, &wanted, &expected, &message));
    *out = expected.outcome != DITS_MERGE_UP_TO_DATE &&
           expected.outcome != DITS_MERGE_FAST_FORWARD;
    return NULL;
}

/* --- taking it up --- */

/* "Merge branch 'main' of /mnt/nas/film", as git says it. */
static dits_error *make_message(const struct pulling *pulling, struct buf *out)
{
    const char *source = pulling->args->operands.count > 1
                             ? pulling->source
                             : pulling->upstream.merge;
    const char *branch = pulling->head.branch;
    bool is_tag = source != NULL && text_starts_with(source, "refs/tags/");
    TRY(buf_put_text(out, "Merge "));
    if (source != NULL && strcmp(source, "HEAD") != 0)
        TRY(buf_printf(out, "%s '%s' of ", is_tag ? "tag" : "branch",
                       transfer_short_name(source)));
    TRY(buf_put_text(out, pulling->where != NULL ? pulling->where : "."));
    if (branch == NULL ||
        (strcmp(branch, "main") != 0 && strcmp(branch, "master") != 0))
        TRY(buf_printf(out, " into %s", branch != NULL ? branch : "HEAD"));
    return NULL;
}

static dits_error *merge(const struct pulling *pulling, const char *target,
                         bool forward_only)
{
    CLEANUP(buf_release) struct buf message = {0};
    TRY(make_message(pulling, &message));
    const char *texts[] = {buf_text(&message)};
    const struct merge_args args = {
        .ff = pulling->args->ff,
        .no_ff = pulling->args->no_ff,
        .ff_only = forward_only,
        .messages = {.items = texts, .count = 1},
        .target = target,
    };
    return merging_run(pulling->cli, &args);
}

static dits_error *rebase(const struct pulling *pulling, const char *target)
{
    struct cli *cli = pulling->cli;
    struct replay_printer printer = {.cli = cli, .kind = DITS_WORK_REBASE};
    const struct replay_args none = {0};
    const struct dits_rebase_options wanted = {
        .upstream = target,
        .autostash = pulling->args->autostash,
        .how = replay_how(&none, &printer),
    };
    struct dits_replay_result result = {0};
    TRY(dits_rebase(cli->repo, &wanted, &result));
    TRY(replay_print(cli, &printer, &result));
    if (!cli->json && !cli->quiet && result.outcome == DITS_REPLAY_UP_TO_DATE)
        fputs("Current branch is up to date.\n", cli->out);
    return NULL;
}

static dits_error *take_up(const struct pulling *pulling)
{
    const struct dits_upstream *upstream = &pulling->upstream;
    char hex[DITS_OID_HEX_SIZE] = {0};
    struct dits_oid known = {{0}};
    enum how how = HOW_ASK;
    bool is_apart = false;
    bool is_new = dits_oid_is_zero(&pulling->head.commit);
    dits_oid_hex(&pulling->result.head, hex);
    const char *target = hex;
    if (pulling->args->operands.count < 2 && upstream->name != NULL) {
        TRY(dits_revision_resolve(pulling->cli->repo, upstream->ref,
                                  DITS_REVISION_COMMIT, &known));
        if (dits_oid_equal(&known, &pulling->result.head))
            target = upstream->name;
    }
    TRY(choose(pulling, &how));
    if (how == HOW_ASK && !is_new)
        TRY(look_whether_apart(pulling, target, &is_apart));
    if (is_apart)
        return must_choose();
    return how == HOW_REBASE && !is_new
               ? rebase(pulling, target)
               : merge(pulling, target, how == HOW_FORWARD);
}

static dits_error *no_tracking(const struct pulling *pulling)
{
    const char *branch = pulling->head.branch;
    return error_hint(
        error_new(DITS_E_INVALID,
                  branch != NULL
                      ? "There is no tracking information for the current "
                        "branch."
                      : "You are not currently on a branch."),
        "Say which branch to take up: 'dits pull REMOTE BRANCH'%s.",
        branch != NULL ? "; or once for all: 'dits branch "
                         "--set-upstream-to=REMOTE/BRANCH'"
                       : "");
}

static dits_error *check_usage(struct cli *cli, const struct pull_args *args)
{
    if (args->rebase + args->no_rebase + args->ff_only > 1)
        return cli_usage(cli, "'--rebase', '--no-rebase' and '--ff-only' "
                              "exclude each other");
    if (args->ff + args->no_ff + args->ff_only > 1)
        return cli_usage(
            cli, "'--ff', '--no-ff' and '--ff-only' exclude each other");
    if (args->rebase && args->no_ff)
        return cli_usage(cli, "'--rebase' and '--no-ff' exclude each other");
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct pull_args *args = data;
    CLEANUP(pulling_release)
    struct pulling pulling = {
        .cli = cli,
        .args = args,
        .print = {.cli = cli, .title = "From"},
    };
    bool follows = false;
    TRY(check_usage(cli, args));
    TRY(dits_head_get(cli->repo, &pulling.head));
    TRY(dits_upstream_get(cli->repo, NULL, false, &pulling.upstream, &follows));
    if (args->operands.count == 0 && !follows)
        return no_tracking(&pulling);
    bool is_own = follows && args->operands.count == 0 &&
                  strcmp(pulling.upstream.remote, ".") == 0;
    if (is_own)
        pulling.result.head = pulling.upstream.commit;
    else
        TRY(fetch(&pulling));
    if (dits_oid_is_zero(&pulling.result.head))
        return no_tracking(&pulling);
    return take_up(&pulling);
}

const struct cli_command cmd_pull = {
    .name = "pull",
    .summary = "fetch, and take up what came",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct pull_args),
    .run = run,
};
