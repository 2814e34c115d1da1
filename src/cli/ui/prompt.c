#include "cli/ui/prompt.h"

#include "cli/ui/job.h"
#include "cli/ui/keys.h"
#include "screen/ink.h"

enum { ANSWER_MAX = 200, BACKSPACE = 8, DELETE = 127, CLEAR = 21 };

static dits_error *next_event(struct ui *ui, struct input_event *out)
{
    bool other = false;
    do
        TRY(ui_wait_event(ui, -1, -1, &other, out));
    while (out->kind == INPUT_NOTHING && !ui->is_ending);
    return NULL;
}

dits_error *ui_confirm(struct ui *ui, const char *question, bool *out_yes)
{
    struct input_event event = {0};
    CLEANUP(buf_release) struct buf line = {0};
    TRY(buf_printf(&line, "%s [y/n] ", question));
    do {
        TRY(ui_draw(ui));
        TRY(ui_draw_prompt(ui, buf_text(&line), ""));
        TRY(next_event(ui, &event));
    } while (event.is_pasted);
    *out_yes = event.kind == INPUT_CHARACTER && event.character == 'y';
    return NULL;
}

/* The last character, all of its bytes. */
static void take_back(struct buf *answer)
{
    while (answer->size > 0 && (answer->data[answer->size - 1] & 0xc0) == 0x80)
        answer->size--;
    if (answer->size > 0)
        answer->size--;
    if (answer->data != NULL)
        answer->data[answer->size] = '\0';
}

static dits_error *put_character(struct buf *out, uint32_t c)
{
    if (c < 0x80)
        return buf_put_u8(out, (uint8_t)c);
    unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t firsts[] = {0, 0xc0, 0xe0, 0xf0};
    TRY(buf_put_u8(out, (uint8_t)(firsts[more] | c >> (6 * more))));
    for (; more > 0; more--)
        TRY(buf_put_u8(out, (uint8_t)(0x80 | (c >> (6 * (more - 1)) & 0x3f))));
    return NULL;
}

/* `*out_done`: the answer is complete, or given up. */
static dits_error *take_letter(const struct input_event *event,
                               struct buf *answer, bool *out_done,
                               bool *out_given)
{
    uint32_t c = event->character;
    *out_given = event->kind == INPUT_CHARACTER && c == '\r';
    *out_done = *out_given || event->kind == INPUT_ESCAPE ||
                (event->kind == INPUT_CHARACTER && c == KEY_CTRL_C);
    if (*out_done || event->kind != INPUT_CHARACTER)
        return NULL;
    if (c == BACKSPACE || c == DELETE)
        take_back(answer);
    else if (c == CLEAR)
        buf_clear(answer);
    else if (c >= 0x20 && answer->size < ANSWER_MAX)
        return put_character(answer, c);
    return NULL;
}

dits_error *ui_ask(struct ui *ui, const char *question, struct buf *answer,
                   bool *out_given)
{
    bool is_done = false;
    while (!is_done && !ui->is_ending) {
        struct input_event event = {0};
        TRY(ui_draw(ui));
        TRY(ui_draw_prompt(ui, question, buf_text(answer)));
        TRY(next_event(ui, &event));
        TRY(take_letter(&event, answer, &is_done, out_given));
    }
    return NULL;
}

static dits_error *matches(const struct ui *ui, const struct ui_view *view,
                           size_t line, bool *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(ui_view_put_line(view, line, screen_columns(ui->screen), &text));
    *out = ink_contains(buf_text(&text), buf_text(&ui->search));
    return NULL;
}

static dits_error *load_more(struct cli *cli, void *payload)
{
    struct ui_view *view = payload;
    return view->class->load_more(cli, view, ui_view_count(view) * 2 + 1);
}

/* From `line` on; `*out_found` false: not even in what is loaded for it. */
static dits_error *find_down(struct ui *ui, struct ui_view *view, size_t line,
                             bool *out_found, size_t *out)
{
    const struct ui_job_wish wish = {
        .what = "searching", .fn = load_more, .payload = view};
    *out_found = false;
    for (;; line++) {
        bool has_more = view->class->has_more != NULL &&
                        view->class->has_more(view);
        if (line >= ui_view_count(view) && has_more)
            TRY(ui_job_run(ui, &wish));
        if (line >= ui_view_count(view))
            return NULL;
        TRY(matches(ui, view, line, out_found));
        *out = line;
        if (*out_found)
            return NULL;
    }
}

static dits_error *find_up(struct ui *ui, struct ui_view *view, size_t line,
                           bool *out_found, size_t *out)
{
    *out_found = false;
    while (line > 0 && !*out_found) {
        TRY(matches(ui, view, --line, out_found));
        *out = line;
    }
    return NULL;
}

dits_error *ui_find(struct ui *ui, bool is_down)
{
    struct ui_view *view = ui_shown(ui);
    struct list_shape shape = ui_view_shape(ui, view);
    size_t from = list_has_choice(&view->list, &shape) ? view->list.cursor
                                                       : view->list.top;
    size_t found = 0;
    bool is_found = false;
    if (ui->search.size == 0)
        return ui_say(ui, "there is nothing to search for: type / first");
    dits_error *err = is_down ? find_down(ui, view, from + 1, &is_found, &found)
                              : find_up(ui, view, from, &is_found, &found);
    if (err != NULL)
        return ui_say_error(ui, err);
    if (!is_found)
        return ui_say(ui, "no '%s' %s", buf_text(&ui->search),
                      is_down ? "below" : "above");
    shape = ui_view_shape(ui, view);
    list_go(&view->list, &shape, found);
    return NULL;
}
