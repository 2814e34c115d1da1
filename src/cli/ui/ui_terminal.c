/*
 * The terminal of the view: events of all kinds, and giving it to others.
 */
#include "cli/ui/ui.h"

/* How long an ESC may be the start of a key, and an answer be on its way. */
enum { LATE_MS = 50, ANSWER_MS = 200 };

static const char paste_on[] = "\033[?2004h";
static const char paste_off[] = "\033[?2004l";

static dits_error *take_signal(struct ui *ui)
{
    switch (wake_take(ui->wake)) {
    case WAKE_RESIZED: {
        TRY(screen_resize(ui->screen));
        ui->wants_redraw = true;
        if (!ui->is_working)
            ui_settle(ui, ui_shown(ui));
        return ui_draw(ui);
    }
    case WAKE_SUSPENDED:
        return ui_suspend(ui);
    case WAKE_ENDED:
        ui->is_ending = true;
        return NULL;
    case WAKE_NOTHING:
        break;
    }
    return NULL;
}

static dits_error *read_input(struct ui *ui)
{
    size_t room = 0;
    size_t size = 0;
    uint8_t *at = input_room(&ui->input, &room);
    TRY(tty_read(ui->tty, at, room, &size));
    input_add(&ui->input, size);
    return NULL;
}

/* Answers are taken here; what is left for the caller is a key. */
static dits_error *sort_event(struct ui *ui, struct input_event *event)
{
    if (event->kind < INPUT_ATTRIBUTES)
        return NULL;
    if (graphics_take(&ui->graphics, event))
        ui->wants_redraw = true;
    *event = (struct input_event){0};
    return NULL;
}

dits_error *ui_wait_event(struct ui *ui, int other_fd, int timeout_ms,
                          bool *out_other, struct input_event *out)
{
    *out_other = false;
    if (input_next(&ui->input, false, out))
        return sort_event(ui, out);
    bool is_open = input_is_open(&ui->input);
    struct tty_wait wait = {
        .others = {wake_fd(ui->wake), other_fd},
        .timeout_ms = is_open ? LATE_MS : timeout_ms,
    };
    TRY(tty_wait(ui->tty, &wait));
    *out_other = wait.has_other[1];
    if (wait.has_other[0])
        TRY(take_signal(ui));
    if (wait.has_input)
        TRY(read_input(ui));
    bool is_late = is_open && !wait.has_input && !wait.has_other[0] &&
                   !wait.has_other[1];
    if (input_next(&ui->input, is_late, out))
        return sort_event(ui, out);
    return NULL;
}

dits_error *ui_set_up_terminal(struct ui *ui)
{
    TRY(tty_write(ui->tty, slice_of_text(paste_on)));
    if (ui->graphics.way != GRAPHICS_NONE && !ui->graphics.is_asked) {
        ui->graphics.is_asked = true;
        TRY(tty_write(ui->tty, slice_of_text(graphics_questions)));
    }
    return NULL;
}

/* An answer that is still to come would be typed into the shell. */
static dits_error *await_answer(struct ui *ui)
{
    while (ui->graphics.is_asked && !ui->graphics.is_answered) {
        struct input_event event = {0};
        struct tty_wait wait = {.others = {-1, -1}, .timeout_ms = ANSWER_MS};
        TRY(tty_wait(ui->tty, &wait));
        if (!wait.has_input)
            return NULL;
        TRY(read_input(ui));
        while (input_next(&ui->input, false, &event))
            (void)graphics_take(&ui->graphics, &event);
    }
    return NULL;
}

dits_error *ui_leave_terminal(struct ui *ui)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(await_answer(ui));
    if (ui->graphics.way == GRAPHICS_KITTY)
        TRY(image_clear_kitty(&bytes));
    TRY(buf_put_text(&bytes, paste_off));
    TRY(tty_write(ui->tty, buf_slice(&bytes)));
    screen_leave(ui->screen);
    tty_leave(ui->tty);
    wake_stop(MOVE(ui->wake));
    return NULL;
}

dits_error *ui_take_terminal(struct ui *ui)
{
    TRY(wake_start(&ui->wake));
    TRY(tty_take(ui->tty));
    TRY(screen_resize(ui->screen));
    TRY(ui_set_up_terminal(ui));
    ui->wants_redraw = true;
    return NULL;
}

dits_error *ui_suspend(struct ui *ui)
{
    TRY(ui_leave_terminal(ui));
    tty_suspend();
    TRY(ui_take_terminal(ui));
    return ui_draw(ui);
}
