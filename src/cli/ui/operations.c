/*
 * The operation log: what was done, newest first, and what was taken back.
 */
#include <inttypes.h>

#include <dits/operation.h>

#include "cli/color.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/paths.h"
#include "cli/ui/actions.h"
#include "cli/ui/prompt.h"

enum { OPERATIONS_MAX = 5000 };

struct listing {
    const struct cli *cli;
    struct page *page;
};

static dits_error *put_operation(const struct cli *cli,
                                 const struct dits_operation *operation,
                                 struct buf *out)
{
    const struct date_style dates = {
        .format = DATE_RELATIVE,
        .now = cli->now,
        .local_minutes = cli->environment->utc_offset_minutes,
    };
    char date[DATE_TEXT_SIZE] = {0};
    date_format(&dates, operation->time, dates.local_minutes, date);
    TRY(buf_printf(out, "%s%5" PRIu64 "%s  %s%-16s%s  ",
                   color(cli, COLOR_YELLOW), operation->id,
                   color(cli, COLOR_RESET), color(cli, COLOR_DIM), date,
                   color(cli, COLOR_RESET)));
    TRY(path_quote(operation->command, false, out));
    if (operation->is_undone)
        return buf_printf(out, " %s(undone)%s", color(cli, COLOR_RED),
                          color(cli, COLOR_RESET));
    return operation->undoes != 0
               ? buf_printf(out, " (of %" PRIu64 ")", operation->undoes)
               : NULL;
}

static dits_error *on_operation(const struct dits_operation *operation,
                                void *payload)
{
    const struct listing *listing = payload;
    CLEANUP(buf_release) struct buf line = {0};
    if (listing->page->count >= OPERATIONS_MAX)
        return NULL;
    TRY(put_operation(listing->cli, operation, &line));
    return page_add(listing->page, buf_text(&line), (size_t)operation->id);
}

static dits_error *load(struct cli *cli, struct ui_view *view)
{
    struct listing listing = {.cli = cli, .page = &view->page};
    page_release(&view->page);
    TRY(dits_operation_each(cli->repo, on_operation, &listing));
    if (view->page.count == 0)
        return page_add(&view->page, "\033[2mNothing was done yet.", PAGE_NONE);
    return NULL;
}

static dits_error *on_key(struct ui *ui, struct ui_view *view, uint32_t key)
{
    CLEANUP(buf_release) struct buf number = {0};
    CLEANUP(buf_release) struct buf question = {0};
    struct list_shape shape = ui_view_shape(ui, view);
    bool is_sure = false;
    if (key != 'u' || !list_has_choice(&view->list, &shape))
        return NULL;
    TRY(buf_printf(&number, "%zu", view->page.lines[view->list.cursor].tag));
    TRY(buf_printf(&question, "Undo operation %s?", buf_text(&number)));
    TRY(ui_confirm(ui, buf_text(&question), &is_sure));
    const struct ui_action action = {.what = "undo",
                                     .words = {"undo", buf_text(&number)}};
    return is_sure ? ui_act(ui, &action) : NULL;
}

static const struct ui_view_class class = {
    .title = "Operations",
    .keys = " z undo the last  Z redo  u undo this one  / search  ? help",
    .load = load,
    .on_key = on_key,
    .free = ui_page_view_free,
};

dits_error *ui_operations_new(struct ui_view **out)
{
    return ui_page_view_new(&class, out);
}
