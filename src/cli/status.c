#include "cli/status.h"

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/ids.h"
#include "cli/paths.h"
#include "cli/upstream.h"

static void item_release(struct status_item *item)
{
    mem_free(item->path);
    mem_free(item->old_path);
    *item = (struct status_item){0};
}

static dits_error *collect(const struct dits_status_entry *entry, void *payload)
{
    struct status *status = payload;
    CLEANUP(item_release)
    struct status_item item = {.staged = entry->staged,
                               .worktree = entry->worktree,
                               .conflict = entry->conflict};
    TRY(text_copy(entry->path, &item.path));
    TRY(text_copy_optional(entry->old_path, &item.old_path));
    struct status_item *items = array_grown(status->items, status->count,
                                            &status->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    status->items = items;
    status->items[status->count++] = MOVE(item);
    return NULL;
}

dits_error *status_read(dits_repo *repo,
                        const struct dits_status_options *options,
                        struct status *out)
{
    CLEANUP(status_release) struct status status = {0};
    bool follows = false;
    TRY(dits_head_get(repo, &status.head));
    TRY(dits_upstream_get(repo, NULL, true, &status.upstream, &follows));
    TRY(dits_work_get(repo, &status.work));
    TRY(dits_status(repo, options, collect, &status));
    *out = MOVE(status);
    return NULL;
}

void status_release(struct status *status)
{
    for (size_t i = 0; i < status->count; i++)
        item_release(&status->items[i]);
    mem_free(status->items);
    dits_work_release(&status->work);
    dits_upstream_release(&status->upstream);
    dits_head_release(&status->head);
    *status = (struct status){0};
}

char status_letter(enum dits_change change)
{
    static const char letters[] = {
        [DITS_UNCHANGED] = ' ', [DITS_ADDED] = 'A',   [DITS_MODIFIED] = 'M',
        [DITS_DELETED] = 'D',   [DITS_RENAMED] = 'R', [DITS_TYPE_CHANGED] = 'T',
        [DITS_UNTRACKED] = '?', [DITS_IGNORED] = '!', [DITS_DROPPED] = ' ',
    };
    return letters[change];
}

struct status_letters status_letters(const struct status_item *item)
{
    static const struct status_letters conflicts[] = {
        [DITS_NO_CONFLICT] = {' ', ' '},   [DITS_BOTH_DELETED] = {'D', 'D'},
        [DITS_ADDED_BY_US] = {'A', 'U'},   [DITS_DELETED_BY_THEM] = {'U', 'D'},
        [DITS_ADDED_BY_THEM] = {'U', 'A'}, [DITS_DELETED_BY_US] = {'D', 'U'},
        [DITS_BOTH_ADDED] = {'A', 'A'},    [DITS_BOTH_MODIFIED] = {'U', 'U'},
    };
    bool is_special = item->worktree == DITS_UNTRACKED ||
                      item->worktree == DITS_IGNORED;
    if (item->conflict != DITS_NO_CONFLICT)
        return conflicts[item->conflict];
    return (struct status_letters){
        status_letter(is_special ? item->worktree : item->staged),
        status_letter(item->worktree)};
}

/* One of the lists of the long form. */
struct section {
    const char *title;
    const char *hints[2];
    enum color color;
    bool is_staged;        /* looks at that side of each item */
    bool is_labelled;      /* "modified:" before each path */
    enum dits_change only; /* this change alone; 0: all but the special two */
};

static const struct section sections[] = {
    {.title = "Changes to be committed:",
     .hints = {"use \"dits restore --staged <file>...\" to unstage"},
     .color = COLOR_GREEN,
     .is_staged = true,
     .is_labelled = true},
    {.title = "Changes not staged for commit:",
     .hints = {"use \"dits add <file>...\" to update what will be committed",
               "use \"dits restore <file>...\" to discard changes in working "
               "directory"},
     .color = COLOR_RED,
     .is_labelled = true},
    {.title = "Untracked files:",
     .hints = {"use \"dits add <file>...\" to include in what will be "
               "committed"},
     .color = COLOR_RED,
     .only = DITS_UNTRACKED},
    {.title = "Ignored files:",
     .hints = {"use \"dits add -f <file>...\" to include in what will be "
               "committed"},
     .color = COLOR_RED,
     .only = DITS_IGNORED},
};

static enum dits_change change_in(const struct section *section,
                                  const struct status_item *item)
{
    enum dits_change change = section->is_staged ? item->staged
                                                 : item->worktree;
    bool is_special = change == DITS_UNTRACKED || change == DITS_IGNORED ||
                      change == DITS_DROPPED;
    bool fits = section->only != 0 ? change == section->only : !is_special;
    return fits ? change : DITS_UNCHANGED;
}

static size_t count_in(const struct section *section,
                       const struct status *status)
{
    size_t count = 0;
    for (size_t i = 0; i < status->count; i++)
        count += change_in(section, &status->items[i]) != DITS_UNCHANGED;
    return count;
}

static const char *label(enum dits_change change)
{
    static const char *const labels[] = {
        [DITS_UNCHANGED] = "",
        [DITS_ADDED] = "new file:   ",
        [DITS_MODIFIED] = "modified:   ",
        [DITS_DELETED] = "deleted:    ",
        [DITS_RENAMED] = "renamed:    ",
        [DITS_TYPE_CHANGED] = "typechange: ",
        [DITS_UNTRACKED] = "",
        [DITS_IGNORED] = "",
        [DITS_DROPPED] = "",
    };
    return labels[change];
}

dits_error *status_put_path(const struct cli *cli, const char *path,
                            struct buf *out)
{
    CLEANUP(buf_release) struct buf relative = {0};
    TRY(path_relative(dits_repo_prefix(cli->repo), path, &relative));
    return path_quote(buf_text(&relative), false, out);
}

static dits_error *print_item(const struct cli *cli,
                              const struct section *section,
                              const struct status_item *item, FILE *out)
{
    CLEANUP(buf_release) struct buf line = {0};
    enum dits_change change = change_in(section, item);
    if (section->is_labelled)
        TRY(buf_put_text(&line, label(change)));
    if (change == DITS_RENAMED && item->old_path != NULL) {
        TRY(status_put_path(cli, item->old_path, &line));
        TRY(buf_put_text(&line, " -> "));
    }
    TRY(status_put_path(cli, item->path, &line));
    fprintf(out, "\t%s%s%s\n", color(cli, section->color), buf_text(&line),
            color(cli, COLOR_RESET));
    return NULL;
}

static dits_error *print_section(const struct cli *cli,
                                 const struct section *section,
                                 const struct status *status,
                                 const struct status_style *style, FILE *out)
{
    fprintf(out, "%s%s\n", style->prefix, section->title);
    for (size_t i = 0; i < 2 && style->hints; i++)
        if (section->hints[i] != NULL)
            fprintf(out, "%s  (%s)\n", style->prefix, section->hints[i]);
    for (size_t i = 0; i < status->count; i++) {
        if (change_in(section, &status->items[i]) == DITS_UNCHANGED)
            continue;
        /* In the editor the mark stands before the tab, without a blank. */
        fputs(style->prefix[0] != '\0' ? "#" : "", out);
        TRY(print_item(cli, section, &status->items[i], out));
    }
    fprintf(out, "%s\n", style->prefix[0] != '\0' ? "#" : "");
    return NULL;
}

static void print_dropped(const struct status *status,
                          const struct status_style *style, FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < status->count; i++)
        count += status->items[i].worktree == DITS_DROPPED;
    if (count > 0)
        fprintf(out,
                "%s%zu %s dropped: the content is in the repository alone\n"
                "%s  (use \"dits get <file>...\" to bring it back)\n\n",
                style->prefix, count, count == 1 ? "file is" : "files are",
                style->prefix);
}

/* The last line: what there is to do, when nothing is staged. */
static void print_verdict(const struct status *status,
                          const struct status_style *style, FILE *out)
{
    if (count_in(&sections[0], status) > 0 ||
        (status->work.kind != DITS_WORK_NONE && status->work.conflicts == 0))
        return;
    const char *hint = NULL;
    const char *what = NULL;
    if (count_in(&sections[1], status) > 0 || status->work.conflicts > 0) {
        what = "no changes added to commit";
        hint = "use \"dits add\" and/or \"dits commit -a\"";
    } else if (count_in(&sections[2], status) > 0) {
        what = "nothing added to commit but untracked files present";
        hint = "use \"dits add\" to track";
    } else if (dits_oid_is_zero(&status->head.commit)) {
        what = "nothing to commit";
        hint = "create/copy files and use \"dits add\" to track";
    } else if (style->hides_untracked) {
        what = "nothing to commit";
        hint = "use -u to show untracked files";
    } else {
        what = "nothing to commit, working tree clean";
    }
    if (hint != NULL && style->hints)
        fprintf(out, "%s%s (%s)\n", style->prefix, what, hint);
    else
        fprintf(out, "%s%s\n", style->prefix, what);
}

static dits_error *print_head(const struct cli *cli,
                              const struct status *status,
                              const struct status_style *style, FILE *out)
{
    const struct dits_head *head = &status->head;
    if (head->branch != NULL) {
        fprintf(out, "%sOn branch %s\n", style->prefix, head->branch);
    } else {
        char id[DITS_OID_HEX_SIZE] = {0};
        TRY(id_short(cli, &head->commit, id));
        fprintf(out, "%s%sHEAD detached at %s%s\n", style->prefix,
                color(cli, COLOR_RED), color(cli, COLOR_RESET), id);
    }
    if (!dits_oid_is_zero(&head->commit))
        upstream_print(&status->upstream, style->prefix, style->hints, out);
    if (dits_repo_worktree(cli->repo) != NULL)
        fprintf(out, "%sIn the linked work tree '%s'\n", style->prefix,
                dits_repo_worktree(cli->repo));
    if (dits_oid_is_zero(&head->commit))
        fprintf(out, "%s\n%sNo commits yet\n%s\n", style->prefix, style->prefix,
                style->prefix);
    return NULL;
}

dits_error *status_print_long(const struct cli *cli,
                              const struct status *status,
                              const struct status_style *style, FILE *out)
{
    TRY(print_head(cli, status, style, out));
    TRY(status_print_work(cli, status, style, out));
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        if (i == 1) /* as in git: behind what is staged */
            TRY(status_print_conflicts(cli, status, style, out));
        if (count_in(&sections[i], status) > 0)
            TRY(print_section(cli, &sections[i], status, style, out));
    }
    print_dropped(status, style, out);
    if (style->hints)
        print_verdict(status, style, out);
    return NULL;
}
