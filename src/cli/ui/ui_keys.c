/*
 * What keys do: those that mean the same everywhere, then the view's own.
 */
#include <string.h>

#include "cli/ui/actions.h"
#include "cli/ui/job.h"
#include "cli/ui/keys.h"
#include "cli/ui/prompt.h"

static dits_error *more_in_job(struct cli *cli, void *payload)
{
    struct ui_view *view = payload;
    return view->class->load_more(cli, view, ui_view_count(view) * 4);
}

/* The lines below the screen, before they are needed. */
static dits_error *load_ahead(struct ui *ui, bool wants_all)
{
    struct ui_view *view = ui_shown(ui);
    const struct ui_job_wish wish = {
        .what = "reading the history", .fn = more_in_job, .payload = view};
    while (view->class->has_more != NULL && view->class->has_more(view)) {
        size_t seen = view->list.top + 3 * (size_t)screen_rows(ui->screen);
        if (!wants_all && seen < ui_view_count(view))
            return NULL;
        dits_error *err = ui_job_run(ui, &wish);
        if (err != NULL)
            return ui_say_error(ui, err);
    }
    return NULL;
}

static dits_error *show_view(struct ui *ui, size_t index)
{
    while (ui->page != NULL)
        ui_close_page(ui);
    ui->current = index;
    ui->views[index]->is_stale = true; /* others may have worked meanwhile */
    return ui_load_shown(ui);
}

static dits_error *search(struct ui *ui)
{
    bool is_given = false;
    CLEANUP(buf_release) struct buf text = {0};
    TRY(ui_ask(ui, "/", &text, &is_given));
    if (!is_given)
        return NULL;
    if (text.size > 0) {
        buf_release(&ui->search);
        ui->search = MOVE(text);
    }
    return ui_find(ui, true);
}

static dits_error *go_back(struct ui *ui, const struct input_event *event)
{
    if (ui->page != NULL)
        ui_close_page(ui);
    else if (event->kind == INPUT_CHARACTER && event->character == 'q')
        ui->is_ending = true;
    return ui_load_shown(ui);
}

static dits_error *undo(struct ui *ui, const char *command)
{
    const struct ui_action action = {.what = command, .words = {command}};
    return ui_act(ui, &action);
}

static dits_error *open_line(struct ui *ui)
{
    struct ui_view *view = ui_shown(ui);
    struct list_shape shape = ui_view_shape(ui, view);
    if (view->class->open == NULL || !list_has_choice(&view->list, &shape))
        return NULL;
    if (!list_shows_cursor(&view->list, &shape)) {
        list_go(&view->list, &shape, view->list.cursor);
        return NULL;
    }
    return view->class->open(ui, view, view->list.cursor);
}

static dits_error *open_help(struct ui *ui)
{
    struct ui_view *help = NULL;
    TRY(ui_help_new(&help));
    return ui_open(ui, help);
}

/* '1' to '4', and what only this view knows. */
static dits_error *own_key(struct ui *ui, const struct input_event *event)
{
    struct ui_view *view = ui_shown(ui);
    uint32_t c = event->character;
    if (event->kind != INPUT_CHARACTER || event->is_pasted)
        return NULL;
    if (c >= '1' && c < '1' + UI_VIEWS)
        return show_view(ui, c - '1');
    return view->class->on_key != NULL ? view->class->on_key(ui, view, c)
                                       : NULL;
}

static dits_error *move(struct ui *ui, enum key_meaning meaning)
{
    struct ui_view *view = ui_shown(ui);
    if (meaning == KEY_LAST)
        TRY(load_ahead(ui, true));
    struct list_shape shape = ui_view_shape(ui, view);
    bool is_down = meaning == KEY_STEP_DOWN || meaning == KEY_HALF_DOWN ||
                   meaning == KEY_PAGE_DOWN || meaning == KEY_LAST;
    size_t rows = meaning == KEY_HALF_UP || meaning == KEY_HALF_DOWN
                      ? shape.rows / 2
                  : meaning == KEY_FIRST || meaning == KEY_LAST ? shape.count
                                                                : shape.rows;
    if (shape.count == 0)
        return NULL;
    if (meaning == KEY_STEP_UP || meaning == KEY_STEP_DOWN)
        list_step(&view->list, &shape, is_down);
    else
        list_jump(&view->list, &shape, rows, is_down);
    return load_ahead(ui, false);
}

dits_error *ui_take_key(struct ui *ui, const struct input_event *event)
{
    enum key_meaning meaning = key_meaning(event);
    buf_clear(&ui->message);
    switch (meaning) {
    case KEY_STEP_UP:
    case KEY_STEP_DOWN:
    case KEY_HALF_UP:
    case KEY_HALF_DOWN:
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
    case KEY_FIRST:
    case KEY_LAST:
        return move(ui, meaning);
    case KEY_OPEN:
        return open_line(ui);
    case KEY_BACK:
        return go_back(ui, event);
    case KEY_NEXT_VIEW:
        return show_view(ui, (ui->current + 1) % UI_VIEWS);
    case KEY_LAST_VIEW:
        return show_view(ui, (ui->current + UI_VIEWS - 1) % UI_VIEWS);
    case KEY_SEARCH:
        return search(ui);
    case KEY_FIND_NEXT:
    case KEY_FIND_LAST:
        return ui_find(ui, meaning == KEY_FIND_NEXT);
    case KEY_HELP:
        return open_help(ui);
    case KEY_REFRESH:
        return ui_refresh(ui);
    case KEY_REDRAW:
        ui->wants_redraw = true;
        return NULL;
    case KEY_UNDO:
        return undo(ui, "undo");
    case KEY_REDO:
        return undo(ui, "redo");
    case KEY_STOP:
        return ui_say(ui, "q leaves");
    case KEY_SUSPEND:
        return ui_suspend(ui);
    case KEY_OTHER:
        break;
    }
    return own_key(ui, event);
}
