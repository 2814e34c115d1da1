/*
 * Branches, tags and stashes.
 */
#include <inttypes.h>
#include <string.h>

#include <dits/refs.h>
#include <dits/stash.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/commit_text.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/ids.h"
#include "cli/paths.h"
#include "cli/ui/actions.h"
#include "cli/ui/prompt.h"

enum ref_kind { REF_BRANCH, REF_TAG, REF_STASH };

struct ref_item {
    enum ref_kind kind;
    char *name; /* of a stash: "stash@{0}" */
    struct dits_oid commit;
};

struct branches_view {
    struct ui_view view;
    struct ref_item *items;
    size_t count;
    size_t capacity;
};

/* What a walk over refs works on. */
struct listing {
    const struct cli *cli;
    struct branches_view *branches;
    enum ref_kind kind;
    bool has_heading;
};

static void clear(struct branches_view *branches)
{
    for (size_t i = 0; i < branches->count; i++)
        mem_free(branches->items[i].name);
    branches->count = 0;
    page_release(&branches->view.page);
}

static void free_view(struct ui_view *view)
{
    struct branches_view *branches = (struct branches_view *)view;
    clear(branches);
    mem_free(branches->items);
    mem_free(branches);
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static dits_error *add_item(struct listing *listing, const char *name,
                            const struct dits_oid *commit)
{
    struct branches_view *branches = listing->branches;
    struct ref_item *items = array_grown(branches->items, branches->count,
                                         &branches->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    branches->items = items;
    struct ref_item *item = &branches->items[branches->count];
    TRY(text_copy(name, &item->name));
    item->kind = listing->kind;
    item->commit = *commit;
    branches->count++;
    return NULL;
}

/* A heading before the first of its kind. */
static dits_error *add_heading(struct listing *listing)
{
    static const char *const headings[] = {"Branches", "Tags", "Stashes"};
    if (listing->has_heading)
        return NULL;
    listing->has_heading = true;
    return page_add_heading(&listing->branches->view.page,
                            headings[listing->kind]);
}

/* "1a2b3c4 2026-11-30 first cut" */
static dits_error *put_tip(const struct cli *cli, const struct dits_oid *id,
                           struct buf *out)
{
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(buf_release) struct buf subject = {0};
    char short_id[DITS_OID_HEX_SIZE] = {0};
    char date[DATE_TEXT_SIZE] = {0};
    const struct date_style dates = {
        .format = DATE_SHORT,
        .now = cli->now,
        .local_minutes = cli->environment->utc_offset_minutes,
    };
    TRY(dits_commit_load(cli->repo, id, &commit));
    TRY(id_short(cli, id, short_id));
    TRY(commit_subject(dits_commit_message(commit), &subject));
    const struct dits_person *who = dits_commit_committer(commit);
    date_format(&dates, who->time, who->offset_minutes, date);
    return buf_printf(out, "  %s%s%s  %s%s%s  %s", color(cli, COLOR_YELLOW),
                      short_id, color(cli, COLOR_RESET), color(cli, COLOR_DIM),
                      date, color(cli, COLOR_RESET), buf_text(&subject));
}

static dits_error *on_ref(const struct dits_ref *ref, void *payload)
{
    struct listing *listing = payload;
    const struct cli *cli = listing->cli;
    CLEANUP(buf_release) struct buf line = {0};
    enum color shade = listing->kind == REF_TAG ? COLOR_BOLD_YELLOW
                       : ref->is_current        ? COLOR_BOLD_GREEN
                                                : COLOR_GREEN;
    TRY(add_heading(listing));
    TRY(buf_printf(&line, "  %s %s", ref->is_current ? "*" : " ",
                   color(cli, shade)));
    TRY(buf_printf(&line, "%-20s%s", ref->name, color(cli, COLOR_RESET)));
    TRY(put_tip(cli, &ref->commit, &line));
    TRY(add_item(listing, ref->name, &ref->commit));
    return page_add(&listing->branches->view.page, buf_text(&line),
                    listing->branches->count - 1);
}

static dits_error *on_stash(const struct dits_stash *stash, void *payload)
{
    struct listing *listing = payload;
    const struct cli *cli = listing->cli;
    CLEANUP(buf_release) struct buf name = {0};
    CLEANUP(buf_release) struct buf line = {0};
    CLEANUP(buf_release) struct buf message = {0};
    TRY(add_heading(listing));
    TRY(buf_printf(&name, "stash@{%" PRIu64 "}", stash->number));
    TRY(commit_subject(stash->message, &message));
    TRY(buf_printf(&line, "    %s%s%s  %s", color(cli, COLOR_MAGENTA),
                   buf_text(&name), color(cli, COLOR_RESET),
                   buf_text(&message)));
    TRY(add_item(listing, buf_text(&name), &stash->id));
    return page_add(&listing->branches->view.page, buf_text(&line),
                    listing->branches->count - 1);
}

static dits_error *load(struct cli *cli, struct ui_view *view)
{
    struct branches_view *branches = (struct branches_view *)view;
    struct listing listing = {.cli = cli, .branches = branches};
    clear(branches);
    TRY(dits_branch_each(cli->repo, on_ref, &listing));
    listing.kind = REF_TAG;
    listing.has_heading = false;
    TRY(dits_tag_each(cli->repo, on_ref, &listing));
    listing.kind = REF_STASH;
    listing.has_heading = false;
    TRY(dits_stash_each(cli->repo, on_stash, &listing));
    if (view->page.count == 0)
        return page_add(&view->page, "\033[2mThere is no branch yet.",
                        PAGE_NONE);
    return NULL;
}

static dits_error *open(struct ui *ui, struct ui_view *view, size_t line)
{
    const struct branches_view *branches = (const struct branches_view *)view;
    struct ui_view *commit = NULL;
    TRY(ui_commit_new(&branches->items[view->page.lines[line].tag].commit,
                      &commit));
    return ui_open(ui, commit);
}

static dits_error *switch_to(struct ui *ui, const struct ref_item *item)
{
    const struct ui_action to_branch = {.what = "switching",
                                        .words = {"switch", item->name}};
    const struct ui_action to_tag = {
        .what = "switching", .words = {"switch", "--detach", item->name}};
    if (item->kind == REF_STASH)
        return ui_say(ui, "a stash: a applies it, p pops it");
    return ui_act(ui, item->kind == REF_TAG ? &to_tag : &to_branch);
}

static dits_error *use_stash(struct ui *ui, const struct ref_item *item,
                             const char *how)
{
    const struct ui_action action = {.what = how,
                                     .words = {"stash", how, item->name}};
    CLEANUP(buf_release) struct buf question = {0};
    bool is_sure = true;
    if (item->kind != REF_STASH)
        return ui_say(ui, "this is no stash");
    TRY(buf_printf(&question, "Drop %s? z brings it back.", item->name));
    if (strcmp(how, "drop") == 0)
        TRY(ui_confirm(ui, buf_text(&question), &is_sure));
    return is_sure ? ui_act(ui, &action) : NULL;
}

static dits_error *on_key(struct ui *ui, struct ui_view *view, uint32_t key)
{
    const struct branches_view *branches = (const struct branches_view *)view;
    struct list_shape shape = ui_view_shape(ui, view);
    if (!list_has_choice(&view->list, &shape))
        return NULL;
    const struct ref_item *item =
        &branches->items[view->page.lines[view->list.cursor].tag];
    switch (key) {
    case 's':
        return switch_to(ui, item);
    case 'a':
        return use_stash(ui, item, "apply");
    case 'p':
        return use_stash(ui, item, "pop");
    case 'd':
        return use_stash(ui, item, "drop");
    default:
        return NULL;
    }
}

static const struct ui_view_class class = {
    .title = "Branches, tags, stashes",
    .keys = " s switch  Enter open  a p d apply, pop, drop a stash  ? help",
    .load = load,
    .open = open,
    .on_key = on_key,
    .free = free_view,
};

dits_error *ui_branches_new(struct ui_view **out)
{
    struct branches_view *branches = mem_new(struct branches_view);
    if (branches == NULL)
        return error_nomem();
    branches->view.class = &class;
    *out = &branches->view;
    return NULL;
}
