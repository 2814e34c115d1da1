/*
 * dits reset - move a branch, or take back what is staged
 */
#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/revisions.h"
#include "cli/status.h"
#include "cli/switching.h"

struct reset_args {
    bool soft;
    bool mixed;
    bool hard;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct reset_args, operands,
                 "where the branch goes, or where PATH is taken from; default: "
                 "HEAD"),
    CLI_PATHS("PATH", struct reset_args, paths,
              "unstage these, and leave the branch where it is"),
    CLI_SWITCH(0, "soft", struct reset_args, soft,
               "move the branch alone: what is staged and the files stay"),
    CLI_SWITCH(0, "mixed", struct reset_args, mixed,
               "also set back what is staged, and list what differs from it "
               "then; the default"),
    CLI_SWITCH(0, "hard", struct reset_args, hard,
               "also set back the files; 'dits undo' brings back what was "
               "changed"),
    CLI_END,
};

static const char help[] =
    "Moves the current branch to REV, with what is staged. The files of the\n"
    "work tree stay as they are, unless '--hard' says otherwise: then all "
    "that\n"
    "are tracked become what they are in REV. Untracked files stay, but where\n"
    "a file of REV has their name.\n"
    "\n"
    "With PATH the branch stays, and what is staged of these paths becomes\n"
    "what REV has: 'dits reset PATH' takes back 'dits add PATH'.\n";

/* What the work tree still has: git prints this after a mixed reset. */
struct unstaged {
    const struct cli *cli;
    bool has_title;
};

static dits_error *print_unstaged(const struct dits_status_entry *entry,
                                  void *payload)
{
    struct unstaged *unstaged = payload;
    FILE *out = unstaged->cli->out;
    if (entry->worktree == DITS_UNCHANGED)
        return NULL;
    if (!unstaged->has_title)
        fputs("Unstaged changes after reset:\n", out);
    unstaged->has_title = true;
    fprintf(out, "%c\t", status_letter(entry->worktree));
    TRY(path_print(out, entry->path));
    fputc('\n', out);
    return NULL;
}

static dits_error *list_unstaged(const struct cli *cli)
{
    const struct dits_status_options wanted = {.hide_untracked = true};
    struct unstaged unstaged = {.cli = cli};
    if (cli->quiet || cli->json)
        return NULL;
    return dits_status(cli->repo, &wanted, print_unstaged, &unstaged);
}

static dits_error *print_head(const struct cli *cli, const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf line = {0};
    if (cli->quiet || dits_oid_is_zero(id))
        return NULL;
    TRY(switching_put_commit(cli, id, &line));
    fprintf(cli->out, "HEAD is now at %s\n", buf_text(&line));
    return NULL;
}

static void print_json(const struct cli *cli,
                       const struct dits_reset_result *result)
{
    struct json json = json_begin(cli->out);
    json_oid(&json, "before", &result->before);
    json_oid(&json, "after", &result->after);
    json_u64(&json, "files_written", result->files_written);
    json_u64(&json, "files_removed", result->files_removed);
    json_end(&json);
}

static dits_error *reset_all(const struct cli *cli,
                             const struct reset_args *args,
                             const char *revision)
{
    const struct dits_reset_options wanted = {
        .target = revision,
        .mode = args->soft   ? DITS_RESET_SOFT
                : args->hard ? DITS_RESET_HARD
                             : DITS_RESET_MIXED,
    };
    struct dits_reset_result result = {0};
    TRY(dits_reset(cli->repo, &wanted, &result));
    if (cli->json)
        print_json(cli, &result);
    else if (args->hard)
        return print_head(cli, &result.after);
    return args->soft || args->hard ? NULL : list_unstaged(cli);
}

static dits_error *reset_paths(struct cli *cli, const struct reset_args *args,
                               const struct dits_paths *paths,
                               const char *revision)
{
    struct event_printer printer = {.cli = cli}; /* as JSON, without words */
    const struct dits_restore_options wanted = {
        .source = revision,
        .staged = true,
        .on_path = cli->json ? event_print : NULL,
        .payload = &printer,
    };
    if (args->soft || args->hard)
        return error_hint(cli_usage(cli, "'%s' and paths exclude each other",
                                    args->hard ? "--hard" : "--soft"),
                          "'dits reset PATH' sets back what is staged, "
                          "'dits restore -SW PATH' the file, too.");
    TRY(dits_restore(cli->repo, paths, &wanted));
    return list_unstaged(cli);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct reset_args *args = data;
    struct revision_args revisions = {0};
    if (args->soft + args->mixed + args->hard > 1)
        return cli_usage(cli,
                         "'--soft', '--mixed' and '--hard' exclude each other");
    TRY(revisions_split(cli, &args->operands, &args->paths, &revisions));
    if (revisions.count > 1)
        return cli_usage(cli, "more than one revision");
    const char *revision = revisions.count > 0 ? revisions.revisions[0] : NULL;
    return revisions.paths.count > 0
               ? reset_paths(cli, args, &revisions.paths, revision)
               : reset_all(cli, args, revision);
}

const struct cli_command cmd_reset = {
    .name = "reset",
    .summary = "move the branch, or take back what is staged",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct reset_args),
    .run = run,
};
