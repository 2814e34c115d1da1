/*
 * What the screen shows: a line of views, a rule with what is open and how far
 * down it is, the lines, and at the bottom the keys, a question or a message.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/format.h"
#include "cli/ui/thumbnails.h"
#include "cli/ui/ui.h"
#include "screen/ink.h"

/* What is below is too little for anything. */
enum { LEAST_COLUMNS = 30, LEAST_ROWS = 6, FIRST_ROW = 2, MESSAGE_ROWS = 8 };

/* Left and right of all text. */
enum { MARGIN = 1 };

static const char *const names[UI_VIEWS] = {"History", "Changes", "Branches",
                                            "Operations"};

/* Where something is put; `chosen` is the ground of the chosen line. */
struct place {
    uint32_t row;
    uint32_t column;
    uint32_t columns; /* that it may take */
    bool is_chosen;
};

static uint32_t put(struct ui *ui, struct place place, const char *text)
{
    static const struct screen_text dots = {"\xe2\x80\xa6", 3}; /* … */
    struct ink ink = {.at = text};
    struct ink_piece piece = {0};
    uint32_t column = 0;
    bool is_cut = ink_width(text) > place.columns;
    while (ink_next(&ink, &piece) &&
           column + piece.columns + is_cut <= place.columns) {
        piece.style.is_chosen = place.is_chosen;
        screen_put(ui->screen, place.row, place.column + column, piece.style,
                   piece.text);
        column += (uint32_t)piece.columns;
    }
    piece.style =
        (struct screen_style){.is_dim = true, .is_chosen = place.is_chosen};
    if (is_cut && column < place.columns)
        screen_put(ui->screen, place.row, place.column + column++, piece.style,
                   dots);
    return column;
}

static void fill(struct ui *ui, struct place place, const char *text,
                 struct screen_style style)
{
    const struct screen_text letter = {text, strlen(text)};
    for (uint32_t i = 0; i < place.columns; i++)
        screen_put(ui->screen, place.row, place.column + i, style, letter);
}

size_t ui_view_count(const struct ui_view *view)
{
    return view->class->count != NULL ? view->class->count(view)
                                      : view->page.count;
}

dits_error *ui_view_put_line(const struct ui_view *view, size_t line,
                             uint32_t columns, struct buf *out)
{
    if (view->class->put_line != NULL)
        return view->class->put_line(view, line, columns, out);
    return buf_put_text(out, view->page.lines[line].text);
}

static bool can_choose(const void *payload, size_t line)
{
    const struct ui_view *view = payload;
    return view->class->can_choose != NULL
               ? view->class->can_choose(view, line)
               : view->page.lines[line].tag != PAGE_NONE;
}

static uint32_t content_rows(const struct ui *ui)
{
    uint32_t rows = screen_rows(ui->screen);
    return rows > FIRST_ROW + 1 ? rows - FIRST_ROW - 1 : 0;
}

/* At most half of the screen is for pictures. */
static struct graphics_area picture_room(const struct ui *ui)
{
    return (struct graphics_area){
        .row = FIRST_ROW,
        .column = MARGIN,
        .rows = content_rows(ui) / 2,
        .columns = screen_columns(ui->screen) - 2 * MARGIN,
    };
}

static uint32_t picture_rows(const struct ui *ui, const struct ui_view *view)
{
    return thumbnails_rows(view->thumbnails, &ui->graphics, tty_size(ui->tty),
                           picture_room(ui));
}

struct list_shape ui_view_shape(const struct ui *ui, const struct ui_view *view)
{
    return (struct list_shape){
        .count = ui_view_count(view),
        .rows = content_rows(ui) - picture_rows(ui, view),
        .can_choose = can_choose,
        .payload = view,
    };
}

static dits_error *draw_views(struct ui *ui)
{
    uint32_t columns = screen_columns(ui->screen);
    uint32_t column = 0;
    for (size_t i = 0; i < UI_VIEWS; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        bool is_current = i == ui->current;
        bool is_short = columns < 60 && !is_current;
        TRY(buf_printf(&name, "%s %zu%s%s ",
                       is_current ? "\033[1;7m" : "\033[2m", i + 1,
                       is_short ? "" : " ", is_short ? "" : names[i]));
        struct place place = {.column = column, .columns = columns - column};
        column += put(ui, place, buf_text(&name));
    }
    CLEANUP(buf_release) struct buf head = {0};
    TRY(buf_printf(&head, "\033[1;32m%s", buf_text(&ui->head)));
    size_t width = ink_width(buf_text(&head));
    size_t left = columns > column + 2 ? columns - column - 2 : 0;
    width = width < left ? width : left;
    struct place place = {.column = columns - (uint32_t)width - 1,
                          .columns = (uint32_t)width};
    (void)put(ui, place, buf_text(&head));
    return NULL;
}

/* "12/345", or how much of a text has been seen. */
static dits_error *put_position(const struct ui *ui, const struct ui_view *view,
                                struct buf *out)
{
    struct list_shape shape = ui_view_shape(ui, view);
    char at[FORMAT_SIZE] = {0};
    char of[FORMAT_SIZE] = {0};
    if (shape.count <= shape.rows)
        return NULL;
    size_t line = list_has_choice(&view->list, &shape)
                      ? view->list.cursor + 1
                      : view->list.top + shape.rows;
    bool has_more = view->class->has_more != NULL &&
                    view->class->has_more(view);
    return buf_printf(out, " %s/%s%s ", format_count(line, at),
                      format_count(shape.count, of), has_more ? "+" : "");
}

static dits_error *draw_rule(struct ui *ui, const struct ui_view *view)
{
    static const struct screen_style dim = {.is_dim = true};
    uint32_t columns = screen_columns(ui->screen);
    CLEANUP(buf_release) struct buf title = {0};
    CLEANUP(buf_release) struct buf position = {0};
    fill(ui, (struct place){.row = 1, .columns = columns}, "\xe2\x94\x80", dim);
    TRY(put_position(ui, view, &position));
    uint32_t width = (uint32_t)ink_width(buf_text(&position));
    (void)put(ui,
              (struct place){
                  .row = 1, .column = columns - width - 1, .columns = width},
              buf_text(&position));
    const char *text = view->class->title != NULL ? view->class->title
                                                  : buf_text(&view->title);
    if (text[0] == '\0')
        return NULL;
    TRY(buf_printf(&title, " \033[1m%s\033[m ", text));
    (void)put(
        ui,
        (struct place){.row = 1, .column = 1, .columns = columns - width - 3},
        buf_text(&title));
    return NULL;
}

static dits_error *draw_lines(struct ui *ui, const struct ui_view *view)
{
    struct list_shape shape = ui_view_shape(ui, view);
    uint32_t columns = screen_columns(ui->screen);
    uint32_t first = FIRST_ROW + picture_rows(ui, view);
    for (size_t i = 0; i < shape.rows; i++) {
        size_t line = view->list.top + i;
        if (line >= shape.count)
            break;
        CLEANUP(buf_release) struct buf text = {0};
        struct place place = {
            .row = first + (uint32_t)i,
            .columns = columns,
            .is_chosen = line == view->list.cursor &&
                         list_has_choice(&view->list, &shape),
        };
        if (place.is_chosen)
            fill(ui, place, " ", (struct screen_style){.is_chosen = true});
        place.column = MARGIN;
        place.columns -= 2 * MARGIN;
        TRY(ui_view_put_line(view, line, place.columns, &text));
        (void)put(ui, place, buf_text(&text));
    }
    return NULL;
}

static void draw_labels(struct ui *ui, const struct ui_view *view)
{
    if (picture_rows(ui, view) == 0)
        return;
    for (size_t i = 0; i < view->thumbnails->count; i++) {
        struct graphics_area area =
            thumbnails_area(view->thumbnails, i, &ui->graphics,
                            tty_size(ui->tty), picture_room(ui));
        struct place place = {.row = area.row - 1,
                              .column = area.column,
                              .columns = area.columns > 8 ? area.columns : 8};
        (void)put(ui, place, view->thumbnails->items[i].label);
    }
}

/* How many rows a message takes, with those of the keys. */
static uint32_t message_rows(const struct ui *ui)
{
    const char *text = buf_text(&ui->message);
    uint32_t rows = 0;
    for (; *text != '\0' && rows < MESSAGE_ROWS; rows++) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    uint32_t most = content_rows(ui);
    return rows < most ? rows : most;
}

/* One line stands where the keys do; more of them above it, below a rule. */
static dits_error *draw_message(struct ui *ui, uint32_t count)
{
    static const struct screen_style dim = {.is_dim = true};
    uint32_t columns = screen_columns(ui->screen);
    uint32_t row = screen_rows(ui->screen) - count;
    const char *text = buf_text(&ui->message);
    if (count > 1)
        fill(ui, (struct place){.row = row - 1, .columns = columns},
             "\xe2\x94\x80", dim);
    for (; count > 0; count--, row++) {
        CLEANUP(buf_release) struct buf line = {0};
        size_t length = strcspn(text, "\n");
        struct place place = {.row = row, .columns = columns};
        TRY(buf_put(&line, text, length));
        fill(ui, place, " ", (struct screen_style){0});
        place.column = MARGIN;
        place.columns -= 2 * MARGIN;
        (void)put(ui, place, buf_text(&line));
        text += length + (text[length] == '\n');
    }
    return NULL;
}

static dits_error *draw_keys(struct ui *ui, const struct ui_view *view)
{
    CLEANUP(buf_release) struct buf line = {0};
    struct place place = {.row = screen_rows(ui->screen) - 1,
                          .columns = screen_columns(ui->screen)};
    TRY(buf_printf(&line, "\033[2m%s", view->class->keys));
    (void)put(ui, place, buf_text(&line));
    return NULL;
}

static dits_error *draw_pictures(struct ui *ui, const struct ui_view *view)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(thumbnails_put(view->thumbnails, &ui->graphics, tty_size(ui->tty),
                       picture_room(ui), &bytes));
    return tty_write(ui->tty, buf_slice(&bytes));
}

/*
 * Pictures are not the screen's, which believes that nothing is there: it is
 * sent as a whole when they come, go or move.
 */
static dits_error *show(struct ui *ui, const struct ui_view *view)
{
    uint32_t rows = picture_rows(ui, view);
    bool has_pictures = rows > 0 && message_rows(ui) + rows < content_rows(ui);
    const struct ui_view *with = has_pictures ? view : NULL;
    bool is_same = with == ui->pictured && !ui->wants_redraw;
    CLEANUP(buf_release) struct buf clear = {0};
    if (!is_same && ui->pictured != NULL &&
        ui->graphics.way == GRAPHICS_KITTY) {
        TRY(image_clear_kitty(&clear));
        TRY(tty_write(ui->tty, buf_slice(&clear)));
    }
    screen_show(ui->screen, !is_same);
    ui->wants_redraw = false;
    ui->pictured = with;
    return has_pictures && !is_same ? draw_pictures(ui, view) : NULL;
}

static bool is_too_small(const struct ui *ui)
{
    return screen_columns(ui->screen) < LEAST_COLUMNS ||
           screen_rows(ui->screen) < LEAST_ROWS;
}

static dits_error *draw_too_small(struct ui *ui)
{
    CLEANUP(buf_release) struct buf text = {0};
    uint32_t columns = screen_columns(ui->screen);
    TRY(buf_printf(&text, "too small: %dx%d is needed", LEAST_COLUMNS,
                   LEAST_ROWS));
    (void)put(ui, (struct place){.columns = columns}, buf_text(&text));
    screen_show(ui->screen, ui->wants_redraw);
    ui->wants_redraw = false;
    ui->pictured = NULL;
    return NULL;
}

/* A job may be changing what the view has: its lines stay as they were drawn.
 */
static void draw_busy(struct ui *ui)
{
    struct place place = {.row = screen_rows(ui->screen) - 1,
                          .columns = screen_columns(ui->screen)};
    fill(ui, place, " ", (struct screen_style){0});
    (void)put(ui, place, buf_text(&ui->busy));
    screen_show(ui->screen, ui->wants_redraw);
    ui->pictured = ui->wants_redraw ? NULL : ui->pictured;
    ui->wants_redraw = false;
}

dits_error *ui_draw(struct ui *ui)
{
    const struct ui_view *view = ui_shown(ui);
    if (ui->is_working) {
        draw_busy(ui);
        return NULL;
    }
    screen_erase(ui->screen);
    if (is_too_small(ui))
        return draw_too_small(ui);
    TRY(draw_views(ui));
    TRY(draw_rule(ui, view));
    TRY(draw_lines(ui, view));
    draw_labels(ui, view);
    uint32_t count = message_rows(ui);
    TRY(count > 0 ? draw_message(ui, count) : draw_keys(ui, view));
    return show(ui, view);
}

dits_error *ui_draw_prompt(struct ui *ui, const char *question,
                           const char *answer)
{
    CLEANUP(buf_release) struct buf line = {0};
    struct place place = {.row = screen_rows(ui->screen) - 1,
                          .columns = screen_columns(ui->screen)};
    TRY(buf_printf(&line, "\033[1;33m%s\033[m%s\033[7m ", question, answer));
    fill(ui, place, " ", (struct screen_style){0});
    (void)put(ui, place, buf_text(&line));
    screen_show(ui->screen, false);
    return NULL;
}
