/*
 * dits status - show what changed
 */
#include <string.h>

#include "cli/background.h"
#include "cli/color.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/status.h"
#include "cli/upstream.h"

struct status_args {
    bool is_short;
    const char *porcelain;
    bool nul;
    bool branch;
    const char *untracked;
    bool ignored;
    struct cli_list paths;
};

static const char *const porcelain_choices[] = {"v1", "1", NULL};
static const char *const untracked_choices[] = {"all", "normal", "no", NULL};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct status_args, paths, "show only these"),
    CLI_SWITCH('s', "short", struct status_args, is_short,
               "one line for each path: two letters and the name"),
    CLI_OPTIONAL(0, "porcelain", "VERSION", struct status_args, porcelain,
                 "the short form as scripts like it, always the same",
                 .implied = "v1", .choices = porcelain_choices),
    CLI_SWITCH('z', NULL, struct status_args, nul,
               "the same with names as they are, each ending in NUL"),
    CLI_SWITCH('b', "branch", struct status_args, branch,
               "start the short form with the branch"),
    CLI_OPTIONAL('u', "untracked-files", "MODE", struct status_args, untracked,
                 "untracked files: 'no', 'normal' or 'all', not just folders",
                 .implied = "all", .choices = untracked_choices),
    CLI_SWITCH(0, "ignored", struct status_args, ignored,
               "show ignored files too"),
    CLI_END,
};

static const char help[] =
    "Compares HEAD with what is staged, and what is staged with the work "
    "tree.\n"
    "\n"
    "In the short form the first letter is about what is staged, the second\n"
    "about the work tree: A added, M modified, D deleted, R renamed, T "
    "changed\n"
    "its type, ?? untracked, !! ignored. Dropped files are unchanged. Of a "
    "path\n"
    "with a conflict they are what\n"
    "each side did: UU both changed it, AA both added it, DU we deleted what "
    "they\n"
    "changed, UD the other way round, AU, UA and DD for renames.\n";

static void print_nul(const struct status_item *item, FILE *out)
{
    struct status_letters letters = status_letters(item);
    fprintf(out, "%c%c %s%c", letters.staged, letters.worktree, item->path,
            '\0');
    if (item->old_path != NULL)
        fprintf(out, "%s%c", item->old_path, '\0');
}

static dits_error *print_name(struct cli *cli, const char *path, bool from_top)
{
    CLEANUP(buf_release) struct buf relative = {0};
    CLEANUP(buf_release) struct buf quoted = {0};
    const char *prefix = from_top ? "" : dits_repo_prefix(cli->repo);
    TRY(path_relative(prefix, path, &relative));
    TRY(path_quote(buf_text(&relative), true, &quoted));
    fputs(buf_text(&quoted), cli->out);
    return NULL;
}

static dits_error *print_short(struct cli *cli, const struct status_item *item,
                               bool from_top)
{
    struct status_letters letters = status_letters(item);
    enum color first = COLOR_GREEN;
    if (item->worktree == DITS_UNTRACKED || item->worktree == DITS_IGNORED ||
        item->conflict != DITS_NO_CONFLICT)
        first = COLOR_RED;
    fprintf(cli->out, "%s%c%s%s%c%s ", color(cli, first), letters.staged,
            color(cli, COLOR_RESET), color(cli, COLOR_RED), letters.worktree,
            color(cli, COLOR_RESET));
    if (item->old_path != NULL) {
        TRY(print_name(cli, item->old_path, from_top));
        fputs(" -> ", cli->out);
    }
    TRY(print_name(cli, item->path, from_top));
    fputc('\n', cli->out);
    return NULL;
}

static const char *change_name(enum dits_change change)
{
    static const char *const names[] = {
        [DITS_UNCHANGED] = "unchanged", [DITS_ADDED] = "added",
        [DITS_MODIFIED] = "modified",   [DITS_DELETED] = "deleted",
        [DITS_RENAMED] = "renamed",     [DITS_TYPE_CHANGED] = "type-changed",
        [DITS_UNTRACKED] = "untracked", [DITS_IGNORED] = "ignored",
        [DITS_DROPPED] = "dropped",
    };
    return names[change];
}

static const char *conflict_name(enum dits_conflict_state state)
{
    static const char *const names[] = {
        [DITS_NO_CONFLICT] = "none",
        [DITS_BOTH_DELETED] = "both-deleted",
        [DITS_ADDED_BY_US] = "added-by-us",
        [DITS_DELETED_BY_THEM] = "deleted-by-them",
        [DITS_ADDED_BY_THEM] = "added-by-them",
        [DITS_DELETED_BY_US] = "deleted-by-us",
        [DITS_BOTH_ADDED] = "both-added",
        [DITS_BOTH_MODIFIED] = "both-modified",
    };
    return names[state];
}

static void print_json(struct cli *cli, const struct status_item *item)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "path", item->path);
    if (item->old_path != NULL)
        json_string(&json, "old_path", item->old_path);
    json_string(&json, "staged", change_name(item->staged));
    json_string(&json, "worktree", change_name(item->worktree));
    if (item->conflict != DITS_NO_CONFLICT)
        json_string(&json, "conflict", conflict_name(item->conflict));
    json_end(&json);
}

/* A line before the paths, where the branch follows another one. */
static void print_json_upstream(struct cli *cli, const struct status *status)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "branch", status->head.branch);
    upstream_put_json(&json, &status->upstream);
    json_end(&json);
}

/* The first line, in a linked work tree alone. */
static void print_json_place(struct cli *cli)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "linked_worktree", dits_repo_worktree(cli->repo));
    json_end(&json);
}

static void print_branch(struct cli *cli, const struct status *status, bool nul)
{
    const struct dits_head *head = &status->head;
    const char *branch = head->branch;
    bool is_new = dits_oid_is_zero(&head->commit);
    fprintf(cli->out, "## %s%s%s%s",
            is_new && branch != NULL ? "No commits yet on " : "",
            color(cli, branch != NULL ? COLOR_GREEN : COLOR_RED),
            branch != NULL ? branch : "HEAD (no branch)",
            color(cli, COLOR_RESET));
    if (status->upstream.name != NULL) {
        fprintf(cli->out, "...%s%s%s", color(cli, COLOR_RED),
                status->upstream.name, color(cli, COLOR_RESET));
        upstream_print_apart(&status->upstream, " [", "]", cli->out);
    }
    fputc(nul ? '\0' : '\n', cli->out);
}

static dits_error *print_item(struct cli *cli, const struct status_args *args,
                              const struct status_item *item)
{
    if (cli->json)
        print_json(cli, item);
    else if (args->nul)
        print_nul(item, cli->out);
    else
        return print_short(cli, item, args->porcelain != NULL);
    return NULL;
}

/* As git orders them: what is tracked, what is not, what is ignored. */
static dits_error *print_items(struct cli *cli, const struct status_args *args,
                               const struct status *status)
{
    if (cli->json && dits_repo_worktree(cli->repo) != NULL)
        print_json_place(cli);
    if (cli->json && status->upstream.name != NULL)
        print_json_upstream(cli, status);
    if (args->branch && !cli->json)
        print_branch(cli, status, args->nul);
    for (int pass = 0; pass < 3; pass++) {
        for (size_t i = 0; i < status->count; i++) {
            const struct status_item *item = &status->items[i];
            int group = item->worktree == DITS_IGNORED     ? 2
                        : item->worktree == DITS_UNTRACKED ? 1
                                                           : 0;
            if (group == pass)
                TRY(print_item(cli, args, item));
        }
    }
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct status_args *args = data;
    const char *untracked = args->untracked != NULL ? args->untracked : "";
    bool is_short = args->is_short || args->porcelain != NULL || args->nul;
    const struct dits_status_options wanted = {
        .paths = cli_paths(&args->paths),
        .dropped = cli->json || !is_short,
        .ignored = args->ignored,
        .hide_untracked = strcmp(untracked, "no") == 0,
        .all_untracked_files = strcmp(untracked, "all") == 0,
    };
    CLEANUP(status_release) struct status status = {0};
    TRY(status_read(cli->repo, &wanted, &status));
    background_watcher_auto(cli);
    /* Scripts read the same whatever the user likes. */
    if (args->porcelain != NULL || args->nul)
        cli->colors = false;
    if (cli->json || is_short)
        return print_items(cli, args, &status);

    const struct status_style style = {
        .prefix = "",
        .hints = true,
        .hides_untracked = wanted.hide_untracked,
    };
    return status_print_long(cli, &status, &style, cli->out);
}

const struct cli_command cmd_status = {
    .name = "status",
    .summary = "show what changed in the work tree",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct status_args),
    .run = run,
};
