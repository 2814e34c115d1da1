/*
 * dits show - show a commit, a tag, a folder or a file
 */
#include <string.h>

#include <dits/commit.h>
#include <dits/diff.h>
#include <dits/file.h>
#include <dits/refs.h>

#include "base/path.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/command.h"
#include "cli/commit_text.h"
#include "cli/content.h"
#include "cli/diff_text.h"
#include "cli/environment.h"
#include "cli/paths.h"
#include "cli/terminal.h"

struct show_args {
    bool stat;
    bool name_status;
    bool name_only;
    bool no_patch;
    bool oneline;
    bool signature;
    bool no_notes;
    const char *date;
    const char *format;
    struct cli_list objects;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct show_args, objects,
                 "commits, tags, REV:PATH or REV^{tree}; default: HEAD"),
    CLI_SWITCH(0, "stat", struct show_args, stat,
               "show how much each file changed"),
    CLI_SWITCH(0, "name-status", struct show_args, name_status,
               "show which files changed, and how"),
    CLI_SWITCH(0, "name-only", struct show_args, name_only,
               "show which files changed"),
    CLI_SWITCH('s', "no-patch", struct show_args, no_patch,
               "show only the commit, not what it changed"),
    CLI_SWITCH(0, "oneline", struct show_args, oneline,
               "one line for the commit"),
    CLI_SWITCH(0, "show-signature", struct show_args, signature,
               "check the signature of a commit, and show whose it is"),
    CLI_SWITCH(0, "no-notes", struct show_args, no_notes,
               "do not show notes ('dits notes')"),
    CLI_STRING(0, "date", "FORMAT", struct show_args, date,
               "show dates so: 'iso', 'relative', 'short', 'unix' ...",
               .choices = date_format_names),
    CLI_STRING(0, "format", "FORMAT", struct show_args, format,
               "show commits so, as in 'dits log'"),
    CLI_END,
};

static const char help[] =
    "Shows what REV names: a commit with what it changed, a tag with its\n"
    "message, the names in a folder, or the content of a file.\n";

/* What is the same for all objects of one call. */
struct show {
    struct cli *cli;
    const struct show_args *args;
    struct commit_style style;
};

static void show_release(struct show *show)
{
    commit_style_release(&show->style);
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static void diff_freep(dits_diff **diff)
{
    dits_diff_free(*diff);
}

static dits_error *print_name(const struct dits_file_info *info, void *payload)
{
    const struct cli *cli = payload;
    TRY(path_print(cli->out, path_base_name(info->path)));
    fputs(info->mode == 'd' ? "/\n" : "\n", cli->out);
    return NULL;
}

static dits_error *show_folder(struct cli *cli, const char *revision,
                               const char *path)
{
    const char *items[] = {path};
    const struct dits_list_options wanted = {
        .revision = revision,
        .paths = {.items = items, .count = path[0] != '\0'},
    };
    return dits_list(cli->repo, &wanted, print_name, cli);
}

static dits_error *show_path(struct cli *cli, const char *object)
{
    CLEANUP(text_free) char *revision = NULL;
    CLEANUP(text_free) char *path = NULL;
    bool is_folder = false;
    if (cli->json)
        return error_hint(
            cli_usage(cli, "'--json' shows commits, not '%s'", object),
            "See 'dits ls --json'.");
    TRY(content_split(cli, object, &revision, &path));
    TRY(content_copy(cli, revision, path, &is_folder));
    if (!is_folder)
        return NULL;
    fprintf(cli->out, "%stree %s%s\n\n", color(cli, COLOR_YELLOW), object,
            color(cli, COLOR_RESET));
    return show_folder(cli, revision, path);
}

static dits_error *print_changes(struct show *show, const dits_commit *commit)
{
    const struct show_args *args = show->args;
    CLEANUP(diff_freep) dits_diff *diff = NULL;
    char ids[2][DITS_OID_HEX_SIZE] = {{0}};
    struct dits_diff_options wanted = {
        .from = {.kind = DITS_DIFF_EMPTY},
        .to = {.kind = DITS_DIFF_REVISION, .revision = ids[0]},
    };
    bool is_short = args->stat || args->name_status || args->name_only;
    const struct diff_style style = {
        .stat = args->stat,
        .name_status = args->name_status,
        .name_only = args->name_only,
        .patch = !is_short,
        .context_lines = 3,
        .columns = show->cli->is_terminal ? terminal_width(stdout) : 80,
    };
    dits_oid_hex(dits_commit_id(commit), ids[0]);
    if (dits_commit_parent_count(commit) > 0) {
        dits_oid_hex(dits_commit_parent(commit, 0), ids[1]);
        wanted.from = (struct dits_diff_side){.kind = DITS_DIFF_REVISION,
                                              .revision = ids[1]};
    }
    TRY(dits_diff_new(show->cli->repo, &wanted, &diff));
    if (dits_diff_count(diff) > 0 && show->style.form != COMMIT_ONELINE)
        fputc('\n', show->cli->out);
    return diff_text_print(show->cli, diff, &style, show->cli->out);
}

/* A merge shows only itself: its sides are commits of their own. */
static dits_error *show_commit(struct show *show, const struct dits_oid *id)
{
    struct cli *cli = show->cli;
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    TRY(dits_commit_load(cli->repo, id, &commit));
    if (cli->json)
        return commit_text_json(cli, &show->style, commit);
    TRY(commit_text_put(cli, &show->style, commit, &text));
    fputs(buf_text(&text), cli->out);
    if (show->args->no_patch || dits_commit_parent_count(commit) > 1)
        return NULL;
    return print_changes(show, commit);
}

struct tag_search {
    const struct cli *cli;
    const char *name;
};

static dits_error *print_tag(const struct dits_ref *ref, void *payload)
{
    const struct tag_search *search = payload;
    const struct cli *cli = search->cli;
    if (strcmp(ref->name, search->name) != 0 || ref->tag_message == NULL)
        return NULL;
    fprintf(cli->out, "%stag %s%s\n\n%s%s\n", color(cli, COLOR_YELLOW),
            ref->name, color(cli, COLOR_RESET), ref->tag_message,
            text_ends_with(ref->tag_message, "\n") ? "" : "\n");
    return NULL;
}

static dits_error *show_object(struct show *show, const char *object)
{
    struct cli *cli = show->cli;
    struct dits_oid id = {{0}};
    struct tag_search search = {.cli = cli, .name = object};
    if (strchr(object, ':') != NULL)
        return show_path(cli, object);
    if (text_ends_with(object, "^{tree}")) {
        TRY(dits_revision_resolve(cli->repo, object, DITS_REVISION_TREE, &id));
        fprintf(cli->out, "%stree %s%s\n\n", color(cli, COLOR_YELLOW), object,
                color(cli, COLOR_RESET));
        return show_folder(cli, object, "");
    }
    TRY(dits_revision_resolve(cli->repo, object, DITS_REVISION_COMMIT, &id));
    if (!cli->json)
        TRY(dits_tag_each(cli->repo, print_tag, &search));
    return show_commit(show, &id);
}

static dits_error *set_style(struct show *show)
{
    const struct show_args *args = show->args;
    struct cli *cli = show->cli;
    struct commit_style *style = &show->style;
    style->dates = (struct date_style){
        .now = cli->now, .local_minutes = cli->environment->utc_offset_minutes};
    if (args->date != NULL &&
        !date_format_find(args->date, &style->dates.format))
        return cli_usage(cli, "there is no date format '%s'", args->date);
    style->abbreviates = args->oneline;
    style->signatures = args->signature;
    if (args->oneline)
        style->form = COMMIT_ONELINE;
    else if (args->format != NULL)
        TRY(commit_style_set(style, args->format));
    if (cli->is_terminal || cli->json || style->form == COMMIT_TEMPLATE)
        TRY(decorations_read(cli->repo, &style->decorations));
    return args->no_notes ? NULL
                          : dits_notes_open(cli->repo, NULL, &style->notes);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct show_args *args = data;
    CLEANUP(show_release) struct show show = {.cli = cli, .args = args};
    TRY(set_style(&show));
    if (args->objects.count == 0)
        return show_object(&show, "HEAD");
    for (size_t i = 0; i < args->objects.count; i++) {
        if (i > 0 && !cli->json)
            fputc('\n', cli->out);
        TRY_CONTEXT(show_object(&show, args->objects.items[i]),
                    "cannot show '%s'", args->objects.items[i]);
    }
    return NULL;
}

const struct cli_command cmd_show = {
    .name = "show",
    .summary = "show a commit, a tag, a folder or a file",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct show_args),
    .run = run,
};
