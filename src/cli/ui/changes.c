/*
 * The work tree: conflicts, what is staged, what changed, what is not tracked.
 */
#include <string.h>

#include "base/mem.h"
#include "cli/color.h"
#include "cli/paths.h"
#include "cli/status.h"
#include "cli/ui/actions.h"
#include "cli/ui/file.h"
#include "cli/ui/prompt.h"

enum section {
    SECTION_CONFLICTS,
    SECTION_STAGED,
    SECTION_CHANGED,
    SECTION_UNTRACKED,
    SECTIONS,
};

struct changes_view {
    struct ui_view view;
    struct status status;
};

/* A path may be in two sections: a line's tag says which is meant. */
static size_t tag_of(size_t item, enum section section)
{
    return item * SECTIONS + section;
}

static bool is_in(const struct status_item *item, enum section section)
{
    bool is_untracked = item->worktree == DITS_UNTRACKED;
    switch (section) {
    case SECTION_CONFLICTS:
        return item->conflict != DITS_NO_CONFLICT;
    case SECTION_STAGED:
        return item->staged != DITS_UNCHANGED && !is_untracked;
    case SECTION_CHANGED:
        return item->worktree != DITS_UNCHANGED && !is_untracked;
    case SECTION_UNTRACKED:
        return is_untracked;
    case SECTIONS:
        break;
    }
    return false;
}

static dits_error *add_item(const struct cli *cli,
                            const struct status_item *item, size_t tag,
                            struct page *page)
{
    enum section section = (enum section)(tag % SECTIONS);
    struct status_letters letters = status_letters(item);
    CLEANUP(buf_release) struct buf line = {0};
    enum color shade = section == SECTION_STAGED ? COLOR_GREEN : COLOR_RED;
    TRY(buf_printf(&line, "  %s", color(cli, shade)));
    if (section != SECTION_CHANGED)
        TRY(buf_put_u8(&line, (uint8_t)letters.staged));
    if (section != SECTION_STAGED)
        TRY(buf_put_u8(&line, (uint8_t)letters.worktree));
    TRY(buf_printf(&line, "%s  ", color(cli, COLOR_RESET)));
    if (item->old_path != NULL && section == SECTION_STAGED) {
        TRY(path_quote(item->old_path, false, &line));
        TRY(buf_put_text(&line, " -> "));
    }
    TRY(path_quote(item->path, false, &line));
    return page_add(page, buf_text(&line), tag);
}

static dits_error *add_section(const struct cli *cli,
                               const struct status *status,
                               enum section section, struct page *page)
{
    static const char *const headings[] = {
        [SECTION_CONFLICTS] = "Conflicts",
        [SECTION_STAGED] = "Staged",
        [SECTION_CHANGED] = "Changed",
        [SECTION_UNTRACKED] = "Untracked",
    };
    size_t count = 0;
    for (size_t i = 0; i < status->count; i++)
        count += is_in(&status->items[i], section);
    if (count == 0)
        return NULL;
    CLEANUP(buf_release) struct buf heading = {0};
    TRY(buf_printf(&heading, "%s (%zu)", headings[section], count));
    TRY(page_add_heading(page, buf_text(&heading)));
    for (size_t i = 0; i < status->count; i++)
        if (is_in(&status->items[i], section))
            TRY(add_item(cli, &status->items[i], tag_of(i, section), page));
    return NULL;
}

/* What is unfinished, in the words of `dits status`. */
static dits_error *add_work(const struct cli *cli, const struct status *status,
                            struct page *page)
{
    const struct status_style style = {.prefix = ""};
    CLEANUP(page_stream_release) struct page_stream stream = {0};
    TRY(page_stream_open(&stream));
    dits_error *err = status_print_work(cli, status, &style, stream.out);
    dits_error *closed = page_stream_close(&stream);
    dits_error_free(err != NULL ? closed : NULL);
    TRY(err != NULL ? err : closed);
    return stream.size > 0 ? page_add(page, stream.text, PAGE_NONE) : NULL;
}

static dits_error *load(struct cli *cli, struct ui_view *view)
{
    struct changes_view *changes = (struct changes_view *)view;
    const struct dits_status_options wanted = {0};
    struct page *page = &view->page;
    page_release(page);
    status_release(&changes->status);
    changes->status = (struct status){0};
    TRY(status_read(cli->repo, &wanted, &changes->status));
    TRY(add_work(cli, &changes->status, page));
    for (unsigned i = 0; i < SECTIONS; i++)
        TRY(add_section(cli, &changes->status, (enum section)i, page));
    if (page->count == 0)
        return page_add(page, "\033[2mNothing changed since the last commit.",
                        PAGE_NONE);
    return NULL;
}

/* The chosen path, and the section it stands in; NULL: none. */
static const struct status_item *chosen(const struct ui *ui,
                                        const struct ui_view *view,
                                        enum section *out)
{
    const struct changes_view *changes = (const struct changes_view *)view;
    struct list_shape shape = ui_view_shape(ui, view);
    if (!list_has_choice(&view->list, &shape))
        return NULL;
    size_t tag = view->page.lines[view->list.cursor].tag;
    *out = (enum section)(tag % SECTIONS);
    return &changes->status.items[tag / SECTIONS];
}

static dits_error *open(struct ui *ui, struct ui_view *view, size_t line)
{
    const struct changes_view *changes = (const struct changes_view *)view;
    size_t tag = view->page.lines[line].tag;
    const struct status_item *item = &changes->status.items[tag / SECTIONS];
    bool is_staged = tag % SECTIONS == SECTION_STAGED;
    bool is_new = dits_oid_is_zero(&changes->status.head.commit);
    enum dits_diff_kind head = is_new ? DITS_DIFF_EMPTY : DITS_DIFF_REVISION;
    bool is_of_head = is_staged || tag % SECTIONS == SECTION_CONFLICTS;
    const struct ui_file_wish wish = {
        .from = {.kind = is_of_head ? head : DITS_DIFF_STAGED},
        .to = {.kind = is_staged ? DITS_DIFF_STAGED : DITS_DIFF_WORKTREE},
        .path = item->path,
        .old_path = is_staged ? item->old_path : NULL,
        .is_untracked = tag % SECTIONS == SECTION_UNTRACKED,
    };
    if (wish.is_untracked && item->path[strlen(item->path) - 1] == '/')
        return ui_say(ui, "a folder of untracked files: s stages them");
    return ui_file_open(ui, &wish);
}

/* A command on the chosen path; both of its names where it was renamed. */
static dits_error *act_on(struct ui *ui, const struct ui_action *action,
                          const struct status_item *item)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf old_path = {0};
    struct ui_action own = *action;
    size_t count = 0;
    while (own.words[count] != NULL)
        count++;
    TRY(ui_put_path(item->path, &path));
    own.words[count] = "--";
    own.words[count + 1] = buf_text(&path);
    if (item->old_path != NULL) {
        TRY(ui_put_path(item->old_path, &old_path));
        own.words[count + 2] = buf_text(&old_path);
    }
    return ui_act(ui, &own);
}

static dits_error *discard(struct ui *ui, const struct status_item *item,
                           enum section section)
{
    static const struct ui_action restore = {.what = "discarding",
                                             .words = {"restore"}};
    static const struct ui_action clean = {.what = "removing",
                                           .words = {"clean", "-f", "-d"}};
    CLEANUP(buf_release) struct buf question = {0};
    bool is_sure = false;
    if (section == SECTION_STAGED)
        return ui_say(ui, "it is staged: u unstages it, then x discards it");
    if (section == SECTION_CONFLICTS)
        return ui_say(ui, "a conflict: o takes ours, t theirs, b both");
    TRY(buf_printf(&question, "%s ",
                   section == SECTION_UNTRACKED ? "Remove"
                                                : "Discard the change of"));
    TRY(path_quote(item->path, false, &question));
    TRY(buf_put_text(&question, "? z brings it back."));
    TRY(ui_confirm(ui, buf_text(&question), &is_sure));
    if (!is_sure)
        return NULL;
    return act_on(ui, section == SECTION_UNTRACKED ? &clean : &restore, item);
}

static dits_error *resolve(struct ui *ui, uint32_t key,
                           const struct status_item *item, enum section section)
{
    const struct ui_action action = {
        .what = "resolving",
        .words = {"resolve", key == 'o'   ? "--ours"
                             : key == 't' ? "--theirs"
                                          : "--both"},
    };
    if (section != SECTION_CONFLICTS)
        return ui_say(ui, "there is no conflict in it");
    return act_on(ui, &action, item);
}

/* What is done to one path. */
static dits_error *on_path_key(struct ui *ui, struct ui_view *view,
                               uint32_t key)
{
    static const struct ui_action stage = {.what = "staging",
                                           .words = {"add", "-A"}};
    static const struct ui_action unstage = {.what = "unstaging",
                                             .words = {"reset", "-q"}};
    enum section section = SECTIONS;
    const struct status_item *item = chosen(ui, view, &section);
    if (item == NULL)
        return NULL;
    switch (key) {
    case 's':
        return section == SECTION_STAGED ? ui_say(ui, "it is staged")
                                         : act_on(ui, &stage, item);
    case 'u':
        return section != SECTION_STAGED ? ui_say(ui, "it is not staged")
                                         : act_on(ui, &unstage, item);
    case 'x':
        return discard(ui, item, section);
    case 'o':
    case 't':
    case 'b':
        return resolve(ui, key, item, section);
    default:
        return NULL;
    }
}

static dits_error *on_key(struct ui *ui, struct ui_view *view, uint32_t key)
{
    static const struct ui_action stage_all = {.what = "staging",
                                               .words = {"add", "-A"}};
    static const struct ui_action unstage_all = {.what = "unstaging",
                                                 .words = {"reset", "-q"}};
    static const struct ui_action commit = {
        .what = "committing", .words = {"commit"}, .is_outside = true};
    static const struct ui_action stash = {.what = "putting away",
                                           .words = {"stash", "push"}};
    switch (key) {
    case 'S':
        return ui_act(ui, &stage_all);
    case 'U':
        return ui_act(ui, &unstage_all);
    case 'c':
        return ui_act(ui, &commit);
    case 'p':
        return ui_act(ui, &stash);
    default:
        return on_path_key(ui, view, key);
    }
}

static void free_view(struct ui_view *view)
{
    struct changes_view *changes = (struct changes_view *)view;
    status_release(&changes->status);
    mem_free(changes);
}

static const struct ui_view_class class = {
    .title = "Changes",
    .keys = " s stage  u unstage  x discard  c commit  Enter open  ? help",
    .load = load,
    .open = open,
    .on_key = on_key,
    .free = free_view,
};

dits_error *ui_changes_new(struct ui_view **out)
{
    struct changes_view *changes = mem_new(struct changes_view);
    if (changes == NULL)
        return error_nomem();
    changes->view.class = &class;
    *out = &changes->view;
    return NULL;
}
