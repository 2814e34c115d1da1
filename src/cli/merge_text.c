#include "cli/merge_text.h"

#include <string.h>

#include "cli/diff_text.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/terminal.h"

const char *const merge_style_choices[] = {"merge", "diff3", "zdiff3", NULL};
const char *const merge_favor_choices[] = {"ours", "theirs", NULL};

enum dits_conflict_style merge_style_of(const char *name)
{
    if (name == NULL)
        return DITS_STYLE_DEFAULT;
    if (strcmp(name, "diff3") == 0)
        return DITS_STYLE_DIFF3;
    return strcmp(name, "zdiff3") == 0 ? DITS_STYLE_ZDIFF3 : DITS_STYLE_MERGE;
}

enum dits_merge_favor merge_favor_of(const char *name)
{
    if (name == NULL)
        return DITS_FAVOR_NONE;
    return strcmp(name, "ours") == 0 ? DITS_FAVOR_OURS : DITS_FAVOR_THEIRS;
}

static const char *kind_name(enum dits_merge_event_kind kind)
{
    static const char *const names[] = {
        [DITS_MERGE_AUTO] = "merged",
        [DITS_MERGE_CONTENT] = "content",
        [DITS_MERGE_BOTH_ADDED] = "add/add",
        [DITS_MERGE_DELETED] = "modify/delete",
        [DITS_MERGE_RENAME_DELETE] = "rename/delete",
        [DITS_MERGE_RENAME_RENAME] = "rename/rename",
        [DITS_MERGE_FILE_FOLDER] = "file/directory",
    };
    return names[kind];
}

static void print_json(const struct cli *cli,
                       const struct dits_merge_event *event)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "path", event->path);
    json_string(&json, "result", kind_name(event->kind));
    json_bool(&json, "conflict", event->kind != DITS_MERGE_AUTO);
    if (event->old_path != NULL)
        json_string(&json, "old_path", event->old_path);
    if (event->other != NULL)
        json_string(&json, "other_path", event->other);
    if (event->ours_file != NULL)
        json_string(&json, "ours_file", event->ours_file);
    if (event->theirs_file != NULL)
        json_string(&json, "theirs_file", event->theirs_file);
    json_end(&json);
}

/* Names, quoted where that is needed. */
struct names {
    struct buf path;
    struct buf old_path;
    struct buf other;
};

static void release_names(struct names *names)
{
    buf_release(&names->path);
    buf_release(&names->old_path);
    buf_release(&names->other);
}

static dits_error *quote_names(const struct dits_merge_event *event,
                               struct names *names)
{
    const char *old_path = event->old_path != NULL ? event->old_path
                                                   : event->path;
    TRY(path_quote(event->path, false, &names->path));
    TRY(path_quote(old_path, false, &names->old_path));
    return event->other != NULL ? path_quote(event->other, false, &names->other)
                                : NULL;
}

static void print_conflict(const struct merge_printer *printer,
                           const struct dits_merge_event *event,
                           const struct names *names)
{
    FILE *out = printer->cli->out;
    const char *path = buf_text(&names->path);
    const char *old_path = buf_text(&names->old_path);
    const char *deleter = event->is_ours ? "HEAD" : printer->other;
    const char *keeper = event->is_ours ? printer->other : "HEAD";
    fprintf(out, "CONFLICT (%s): ", kind_name(event->kind));
    switch (event->kind) {
    case DITS_MERGE_AUTO:
    case DITS_MERGE_CONTENT:
    case DITS_MERGE_BOTH_ADDED:
        fprintf(out, "Merge conflict in %s\n", path);
        return;
    case DITS_MERGE_DELETED:
        fprintf(out,
                "%s deleted in %s and modified in %s.  Version %s of %s left "
                "in tree.\n",
                old_path, deleter, keeper, keeper, path);
        return;
    case DITS_MERGE_RENAME_DELETE:
        fprintf(out, "%s renamed to %s in %s, but deleted in %s.\n", old_path,
                path, keeper, deleter);
        return;
    case DITS_MERGE_RENAME_RENAME:
        fprintf(out, "%s renamed to %s in HEAD and to %s in %s.\n", old_path,
                path, buf_text(&names->other), printer->other);
        return;
    case DITS_MERGE_FILE_FOLDER:
        fprintf(out,
                "directory in the way of %s from %s; moving it to %s "
                "instead.\n",
                old_path, event->is_ours ? "HEAD" : printer->other, path);
        return;
    }
}

dits_error *merge_event_print(const struct dits_merge_event *event,
                              void *payload)
{
    const struct merge_printer *printer = payload;
    const struct cli *cli = printer->cli;
    CLEANUP(release_names) struct names names = {0};
    if (cli->json) {
        print_json(cli, event);
        return NULL;
    }
    if (cli->quiet)
        return NULL;
    TRY(quote_names(event, &names));
    if (event->kind == DITS_MERGE_AUTO || event->is_text)
        fprintf(cli->out, "Auto-merging %s\n", buf_text(&names.path));
    if (event->kind != DITS_MERGE_AUTO)
        print_conflict(printer, event, &names);
    if (event->ours_file != NULL && event->theirs_file != NULL)
        fprintf(cli->out, "  both sides are there as '%s' and '%s'\n",
                event->ours_file, event->theirs_file);
    return NULL;
}

static void free_diff(dits_diff **diff)
{
    dits_diff_free(*diff);
}

dits_error *merge_stat_print(const struct cli *cli,
                             const struct dits_oid *before,
                             const struct dits_oid *after)
{
    CLEANUP(free_diff) dits_diff *diff = NULL;
    char from[DITS_OID_HEX_SIZE] = {0};
    char to[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(before, from);
    dits_oid_hex(after, to);
    const struct dits_diff_options wanted = {
        .from = {.kind = dits_oid_is_zero(before) ? DITS_DIFF_EMPTY
                                                  : DITS_DIFF_REVISION,
                 .revision = from},
        .to = {.kind = DITS_DIFF_REVISION, .revision = to},
    };
    TRY(dits_diff_new(cli->repo, &wanted, &diff));
    return diff_stat_print(
        cli, diff, cli->is_terminal ? terminal_width(stdout) : 80, cli->out);
}
