/*
 * dits add - put files under version control
 */
#include <inttypes.h>

#include <dits/worktree.h>

#include "cli/command.h"
#include "cli/events.h"
#include "cli/format.h"
#include "cli/json.h"

struct add_args {
    bool all;
    bool update;
    bool dry_run;
    bool force;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct add_args, paths,
                 "files, folders and patterns to add"),
    CLI_SWITCH('A', "all", struct add_args, all,
               "stage everything: new, changed and removed files"),
    CLI_SWITCH('u', "update", struct add_args, update,
               "stage only files that are tracked already"),
    CLI_SWITCH('n', "dry-run", struct add_args, dry_run,
               "show what would be staged and change nothing"),
    CLI_SWITCH('f', "force", struct add_args, force, "add ignored files too"),
    CLI_END,
};

static const char help[] =
    "Stores the content of files and stages them for the next commit. Content\n"
    "that the repository holds already, in any file and any version, is not\n"
    "stored again: a changed clip costs what changed in it.\n"
    "\n"
    "Nothing is staged unless everything is. A file that cannot be read, or\n"
    "that changes while it is read, is named and stops it.\n";

static const struct event_words words = {.added = "add", .removed = "remove"};

static void print_json(struct cli *cli, const struct dits_add_result *result)
{
    struct json json = json_begin(cli->out);
    json_u64(&json, "files_added", result->files_added);
    json_u64(&json, "files_modified", result->files_modified);
    json_u64(&json, "files_removed", result->files_removed);
    json_u64(&json, "bytes", result->bytes);
    json_u64(&json, "new_bytes", result->new_bytes);
    json_u64(&json, "stored_bytes", result->stored_bytes);
    json_end(&json);
}

/* What it cost is worth a line, but only to somebody who watches. */
static void print_summary(struct cli *cli, const struct dits_add_result *result)
{
    char count[FORMAT_SIZE] = {0};
    char bytes[FORMAT_SIZE] = {0};
    char stored[FORMAT_SIZE] = {0};
    uint64_t files = result->files_added + result->files_modified;
    if (files > 0)
        cli_note(cli, "added %s file%s, %s, of which %s new to the store",
                 format_count(files, count), plural(files),
                 format_size(result->bytes, bytes),
                 format_size(result->new_bytes, stored));
    if (result->files_removed > 0)
        cli_note(cli, "removed %s file%s",
                 format_count(result->files_removed, count),
                 plural(result->files_removed));
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct add_args *args = data;
    const struct dits_paths paths = cli_paths(&args->paths);
    if (paths.count == 0 && !args->all && !args->update) {
        cli_note(cli, "Nothing specified, nothing added.\n"
                      "  hint: Maybe you wanted to say 'dits add .'?");
        return NULL;
    }
    if (args->all && args->update)
        return cli_usage(cli, "'-A' and '-u' exclude each other");

    struct event_printer printer = {.cli = cli, .words = &words};
    bool prints = args->dry_run || cli->verbose || cli->json;
    const struct dits_add_options add = {
        .all = args->all,
        .update = args->update,
        .dry_run = args->dry_run,
        .force = args->force,
        .on_path = prints ? event_print : NULL,
        .payload = &printer,
    };
    struct dits_add_result result = {0};
    TRY(dits_add(cli->repo, &paths, &add, &result));
    if (cli->json)
        print_json(cli, &result);
    else if (!args->dry_run && (cli->is_terminal || cli->verbose))
        print_summary(cli, &result);
    return NULL;
}

const struct cli_command cmd_add = {
    .name = "add",
    .summary = "put files, or their changes, under version control",
    .help = help,
    .group = CLI_GROUP_WORK,
    .flags = CLI_NEEDS_REPO | CLI_NEEDS_FILES | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct add_args),
    .run = run,
};
