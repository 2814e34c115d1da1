/*
 * dits stash - put changes away for later
 */
#include <dits/stash.h>

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/date.h"
#include "cli/diff_text.h"
#include "cli/draft.h"
#include "cli/environment.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/merge_text.h"
#include "cli/status.h"
#include "cli/terminal.h"

struct stash_args {
    struct cli_list operands;
    struct cli_list paths;
    struct cli_list messages;
    bool untracked;
    bool all;
    bool keep_index;
    bool index;
    bool patch;
    bool stat;
    bool name_status;
    bool name_only;
    struct cli_number context;
    const char *style;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("ACTION", struct stash_args, operands,
                 "'push' (the default), 'list', 'show', 'apply', 'pop', "
                 "'drop', 'clear' or 'branch', and what it is about"),
    CLI_PATHS("PATH", struct stash_args, paths,
              "push: put away the changes of these alone"),
    CLI_STRINGS('m', "message", "TEXT", struct stash_args, messages,
                "push: say what it is"),
    CLI_SWITCH('u', "include-untracked", struct stash_args, untracked,
               "push: also files that are not tracked"),
    CLI_SWITCH('a', "all", struct stash_args, all,
               "push: also these and files that are ignored"),
    CLI_SWITCH('k', "keep-index", struct stash_args, keep_index,
               "push: leave in the files what is staged"),
    CLI_SWITCH(0, "index", struct stash_args, index,
               "apply, pop: stage again what was staged"),
    CLI_SWITCH('p', "patch", struct stash_args, patch,
               "show: the changes themselves"),
    CLI_SWITCH(0, "stat", struct stash_args, stat,
               "show: a table of how much changed, the default"),
    CLI_SWITCH(0, "name-status", struct stash_args, name_status,
               "show: only the names, and A M D R or T for each"),
    CLI_SWITCH(0, "name-only", struct stash_args, name_only,
               "show: only the names"),
    CLI_NUMBER('U', "unified", "NUM", struct stash_args, context,
               "show: the changes, with NUM lines around each instead of 3"),
    CLI_STRING(0, "conflict", "STYLE", struct stash_args, style,
               "apply, pop: how conflicts in texts are written",
               .choices = merge_style_choices),
    CLI_END,
};

static const char help[] =
    "Puts the changes of tracked files and what is staged away, and leaves\n"
    "the files as HEAD has them. 'pop' brings the newest one back, merged "
    "with\n"
    "what is there by then, and lets it go; 'apply' keeps it. 'list' shows\n"
    "them all, 'show' what one changes, 'drop' removes one, 'clear' all;\n"
    "'branch NAME' makes a branch where the stash was made and pops it there.\n"
    "\n"
    "A stash is named by its number, '1' or 'stash@{1}'; 0 is the newest. "
    "Each\n"
    "of these can be undone.\n";

/* "stash@{2}", "2" or nothing: the newest. */
static dits_error *parse_number(struct cli *cli, const char *text,
                                uint64_t *out)
{
    CLEANUP(text_free) char *inner = NULL;
    *out = 0;
    if (text == NULL)
        return NULL;
    if (text_starts_with(text, "stash@{") && text_ends_with(text, "}")) {
        size_t front = strlen("stash@{");
        TRY(text_copy_part(text + front, strlen(text) - front - 1, &inner));
    } else {
        TRY(text_copy(text, &inner));
    }
    return text_to_u64(inner, out)
               ? NULL
               : cli_usage(cli, "'%s' is no stash: write 'stash@{0}'", text);
}

static dits_error *push(struct cli *cli, const struct stash_args *args)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_stash_result result = {0};
    struct cli_list named = args->paths;
    if (args->operands.count > 1) {
        if (args->paths.count > 0)
            return cli_usage(cli, "paths before and after '--'");
        named.items = args->operands.items + 1;
        named.count = args->operands.count - 1;
    }
    TRY(draft_join(&args->messages, &message));
    const struct dits_paths paths = cli_paths(&named);
    const struct dits_stash_options wanted = {
        .message = message.size > 0 ? buf_text(&message) : NULL,
        .untracked = args->untracked,
        .all = args->all,
        .keep_index = args->keep_index,
    };
    TRY(dits_stash_push(cli->repo, &paths, &wanted, &result));
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_oid(&json, "id", &result.id);
        json_u64(&json, "files", result.files);
        json_end(&json);
    } else if (!cli->quiet) {
        fputs(result.is_empty ? "No local changes to save\n"
                              : "Saved working directory and index state\n",
              cli->out);
    }
    return NULL;
}

static dits_error *print_stash(const struct dits_stash *stash, void *payload)
{
    struct cli *cli = payload;
    if (!cli->json) {
        fprintf(cli->out, "stash@{%" PRIu64 "}: %s\n", stash->number,
                stash->message);
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_u64(&json, "number", stash->number);
    json_oid(&json, "id", &stash->id);
    json_oid(&json, "base", &stash->base);
    json_oid(&json, "untracked", &stash->untracked);
    json_i64(&json, "time", stash->time);
    json_string(&json, "message", stash->message);
    json_end(&json);
    return NULL;
}

static void free_diff(dits_diff **diff)
{
    dits_diff_free(*diff);
}

static dits_error *show(struct cli *cli, const struct stash_args *args,
                        uint64_t number)
{
    CLEANUP(free_diff) dits_diff *diff = NULL;
    CLEANUP(buf_release) struct buf base = {0};
    CLEANUP(buf_release) struct buf stash = {0};
    TRY(buf_printf(&stash, "stash@{%" PRIu64 "}", number));
    TRY(buf_printf(&base, "%s^1", buf_text(&stash)));
    const struct dits_diff_options wanted = {
        .from = {.revision = buf_text(&base)},
        .to = {.revision = buf_text(&stash)},
    };
    bool has_patch = args->patch || args->context.is_given;
    bool is_named = has_patch || args->name_status || args->name_only;
    if (args->context.value > 1000000)
        return cli_usage(cli, "'-U' takes at most 1000000 lines");
    const struct diff_style style = {
        .stat = args->stat || !is_named,
        .name_status = args->name_status,
        .name_only = args->name_only,
        .patch = has_patch,
        .context_lines = args->context.is_given ? (unsigned)args->context.value
                                                : 3,
        .columns = cli->is_terminal ? terminal_width(stdout) : 80,
    };
    TRY(dits_diff_new(cli->repo, &wanted, &diff));
    return diff_text_print(cli, diff, &style, cli->out);
}

static dits_error *print_status(struct cli *cli)
{
    CLEANUP(status_release) struct status status = {0};
    const struct dits_status_options wanted = {0};
    const struct status_style style = {.prefix = "", .hints = true};
    TRY(status_read(cli->repo, &wanted, &status));
    return status_print_long(cli, &status, &style, cli->out);
}

static dits_error *print_applied(struct cli *cli, uint64_t number, bool drop,
                                 const struct dits_stash_apply_result *result)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    if (result->conflicts > 0)
        cli->status = CLI_FAILED;
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_oid(&json, "id", &result->id);
        json_u64(&json, "conflicts", result->conflicts);
        json_bool(&json, "dropped", result->is_dropped);
        json_end(&json);
        return NULL;
    }
    if (cli->quiet)
        return NULL;
    TRY(print_status(cli));
    TRY(id_short(cli, &result->id, id));
    if (result->is_dropped)
        fprintf(cli->out, "Dropped stash@{%" PRIu64 "} (%s)\n", number, id);
    else if (drop)
        cli_note(cli, "The stash entry is kept in case you need it again.");
    return NULL;
}

static dits_error *apply(struct cli *cli, const struct stash_args *args,
                         uint64_t number, bool drop)
{
    struct merge_printer printer = {.cli = cli, .other = "the stash"};
    struct dits_stash_apply_result result = {0};
    const struct dits_stash_apply_options wanted = {
        .number = number,
        .index = args->index,
        .drop = drop,
        .style = merge_style_of(args->style),
        .on_path = merge_event_print,
        .payload = &printer,
    };
    TRY(dits_stash_apply(cli->repo, &wanted, &result));
    return print_applied(cli, number, drop, &result);
}

static dits_error *drop(struct cli *cli, uint64_t number)
{
    struct dits_oid id = {0};
    char text[DITS_OID_HEX_SIZE] = {0};
    TRY(dits_stash_drop(cli->repo, number, &id));
    TRY(id_short(cli, &id, text));
    if (!cli->quiet && !cli->json)
        fprintf(cli->out, "Dropped stash@{%" PRIu64 "} (%s)\n", number, text);
    return NULL;
}

/* Where the stash was made, with what was staged: it fits there. */
static dits_error *branch(struct cli *cli, const struct stash_args *args)
{
    CLEANUP(buf_release) struct buf base = {0};
    struct dits_switch_result result = {0};
    struct stash_args applied = *args;
    uint64_t number = 0;
    if (args->operands.count < 2)
        return cli_usage(cli, "'branch' needs a name");
    TRY(parse_number(cli,
                     args->operands.count > 2 ? args->operands.items[2] : NULL,
                     &number));
    TRY(buf_printf(&base, "stash@{%" PRIu64 "}^1", number));
    const struct dits_switch_options wanted = {
        .create = args->operands.items[1], .target = buf_text(&base)};
    TRY(dits_switch(cli->repo, &wanted, &result));
    applied.index = true;
    return apply(cli, &applied, number, true);
}

static dits_error *clear(struct cli *cli)
{
    uint64_t count = 0;
    TRY(dits_stash_clear(cli->repo, &count));
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_u64(&json, "dropped", count);
        json_end(&json);
    }
    return NULL;
}

static dits_error *run_numbered(struct cli *cli, const struct stash_args *args,
                                const char *action)
{
    uint64_t number = 0;
    if (args->operands.count > 2)
        return cli_usage(cli, "'%s' takes one stash", action);
    TRY(parse_number(cli,
                     args->operands.count > 1 ? args->operands.items[1] : NULL,
                     &number));
    if (strcmp(action, "show") == 0)
        return show(cli, args, number);
    if (strcmp(action, "apply") == 0)
        return apply(cli, args, number, false);
    if (strcmp(action, "pop") == 0)
        return apply(cli, args, number, true);
    if (strcmp(action, "drop") == 0)
        return drop(cli, number);
    return cli_usage(cli, "there is no 'stash %s'", action);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct stash_args *args = data;
    const char *action = args->operands.count > 0 ? args->operands.items[0]
                                                  : "push";
    if (strcmp(action, "push") == 0)
        return push(cli, args);
    if (args->paths.count > 0)
        return cli_usage(cli, "'%s' takes no paths", action);
    if (strcmp(action, "list") == 0)
        return dits_stash_each(cli->repo, print_stash, cli);
    if (strcmp(action, "clear") == 0)
        return clear(cli);
    if (strcmp(action, "branch") == 0)
        return branch(cli, args);
    return run_numbered(cli, args, action);
}

const struct cli_command cmd_stash = {
    .name = "stash",
    .summary = "put changes away for later",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct stash_args),
    .run = run,
};
