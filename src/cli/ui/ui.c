#include "cli/ui/ui.h"

#include <stdarg.h>
#include <string.h>

#include <dits/merge.h>
#include <dits/refs.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/environment.h"
#include "cli/program.h"
#include "cli/report.h"
#include "cli/ui/job.h"
#include "cli/ui/thumbnails.h"

static void view_free(struct ui_view *view)
{
    if (view == NULL)
        return;
    buf_release(&view->title);
    page_release(&view->page);
    thumbnails_free(view->thumbnails);
    view->class->free(view);
}

dits_error *ui_page_view_new(const struct ui_view_class *class,
                             struct ui_view **out)
{
    struct ui_view *view = mem_new(struct ui_view);
    if (view == NULL)
        return error_nomem();
    view->class = class;
    *out = view;
    return NULL;
}

void ui_page_view_free(struct ui_view *view)
{
    mem_free(view);
}

void ui_close_page(struct ui *ui)
{
    struct ui_view *page = ui->page;
    ui->page = page->below;
    ui->wants_redraw = ui->wants_redraw || ui->pictured != NULL;
    view_free(page);
}

static void ui_release(struct ui *ui)
{
    while (ui->page != NULL)
        ui_close_page(ui);
    for (size_t i = 0; i < UI_VIEWS; i++)
        view_free(ui->views[i]);
    screen_close(ui->screen);
    wake_stop(ui->wake);
    tty_free(ui->tty);
    mem_free(ui->top);
    struct buf *bufs[] = {&ui->head, &ui->message, &ui->busy, &ui->search};
    for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
        buf_release(bufs[i]);
}

struct ui_view *ui_shown(const struct ui *ui)
{
    return ui->page != NULL ? ui->page : ui->views[ui->current];
}

dits_error *ui_say(struct ui *ui, const char *fmt, ...)
{
    va_list args;
    buf_clear(&ui->message);
    va_start(args, fmt);
    dits_error *err = buf_vprintf(&ui->message, fmt, args);
    va_end(args);
    return err;
}

dits_error *ui_say_error(struct ui *ui, dits_error *err)
{
    CLEANUP(page_stream_release) struct page_stream stream = {0};
    CLEANUP(dits_error_freep) dits_error *told = err;
    TRY(page_stream_open(&stream));
    report_error(stream.out, ui->cli->program->name, told, ui->cli->colors);
    TRY(page_stream_close(&stream));
    return ui_say(ui, "%s", stream.text);
}

/* Where HEAD is, and what is unfinished. */
static dits_error *read_head(struct cli *cli, struct buf *out)
{
    static const char *const works[] = {
        [DITS_WORK_NONE] = "",
        [DITS_WORK_MERGE] = " (merging)",
        [DITS_WORK_SQUASH] = " (squash)",
        [DITS_WORK_PICK] = " (picking)",
        [DITS_WORK_REVERT] = " (reverting)",
        [DITS_WORK_REBASE] = " (rebasing)",
        [DITS_WORK_STASH] = " (stash)",
    };
    CLEANUP(dits_work_release) struct dits_work work = {0};
    struct dits_head head = {0};
    TRY(dits_work_get(cli->repo, &work));
    TRY(dits_head_get(cli->repo, &head));
    buf_clear(out);
    dits_error *err =
        buf_printf(out, "%s%s", head.branch != NULL ? head.branch : "no branch",
                   works[work.kind]);
    dits_head_release(&head);
    return err;
}

/* What a job that loads a view works on. */
struct loading {
    struct ui *ui;
    struct ui_view *view;
    struct buf head;
};

static void loading_release(struct loading *loading)
{
    buf_release(&loading->head);
}

static dits_error *load_in_job(struct cli *cli, void *payload)
{
    struct loading *loading = payload;
    TRY(read_head(cli, &loading->head));
    return loading->view->class->load(cli, loading->view);
}

void ui_settle(const struct ui *ui, struct ui_view *view)
{
    struct list_shape shape = ui_view_shape(ui, view);
    list_settle(&view->list, &shape);
}

static dits_error *load_view(struct ui *ui, struct ui_view *view)
{
    CLEANUP(loading_release)
    struct loading loading = {.ui = ui, .view = view};
    const struct ui_job_wish wish = {
        .what = "reading", .fn = load_in_job, .payload = &loading};
    view->is_stale = false;
    ui->wants_redraw = ui->wants_redraw || ui->pictured != NULL;
    dits_error *err = ui_job_run(ui, &wish);
    ui_settle(ui, view);
    if (err != NULL)
        return ui_say_error(ui, err);
    buf_release(&ui->head);
    ui->head = MOVE(loading.head);
    return tty_kept(ui->tty, &ui->message); /* warnings */
}

dits_error *ui_load_shown(struct ui *ui)
{
    struct ui_view *view = ui_shown(ui);
    return view->is_stale && !ui->is_ending ? load_view(ui, view) : NULL;
}

dits_error *ui_open(struct ui *ui, struct ui_view *view)
{
    view->below = ui->page;
    view->is_stale = true;
    ui->page = view;
    return ui_load_shown(ui);
}

dits_error *ui_refresh(struct ui *ui)
{
    for (size_t i = 0; i < UI_VIEWS; i++)
        ui->views[i]->is_stale = true;
    for (struct ui_view *page = ui->page; page != NULL; page = page->below)
        page->is_stale = true;
    return ui_load_shown(ui);
}

/* What was typed while something ran comes first. */
static dits_error *next_key(struct ui *ui, struct input_event *out)
{
    bool other = false;
    if (ui->pending_count == 0)
        return ui_wait_event(ui, -1, -1, &other, out);
    *out = ui->pending[0];
    ui->pending_count--;
    memmove(ui->pending, ui->pending + 1,
            ui->pending_count * sizeof(*ui->pending));
    return NULL;
}

static enum graphics_way way_of(const struct ui *ui)
{
    if (!ui->cli->colors)
        return GRAPHICS_NONE;
    if (ui->cli->environment->has_true_color)
        return GRAPHICS_TRUE_BLOCKS;
    return screen_has_fixed_colors(ui->screen) ? GRAPHICS_FIXED_BLOCKS
                                               : GRAPHICS_NONE;
}

static void repo_freep(dits_repo **repo)
{
    dits_repo_free(*repo);
}

/* Before anything is drawn: whether there is a repository, and where. */
static dits_error *find_top(struct ui *ui)
{
    CLEANUP(repo_freep) dits_repo *repo = NULL;
    TRY(dits_repo_open(ui->cli->context, ".", &repo));
    return text_copy(dits_repo_work_dir(repo), &ui->top);
}

static dits_error *start(struct ui *ui)
{
    TRY(find_top(ui));
    TRY(ui_history_new(&ui->views[0]));
    TRY(ui_changes_new(&ui->views[1]));
    TRY(ui_branches_new(&ui->views[2]));
    TRY(ui_operations_new(&ui->views[3]));
    TRY(wake_start(&ui->wake));
    TRY(tty_new(&ui->tty));
    TRY(screen_open(ui->tty, ui->cli->colors, &ui->screen));
    ui->graphics.way = way_of(ui);
    TRY(ui_set_up_terminal(ui));
    return ui_refresh(ui);
}

static dits_error *serve(struct ui *ui)
{
    while (!ui->is_ending) {
        struct input_event event = {0};
        TRY(ui_draw(ui));
        TRY(next_key(ui, &event));
        if (event.kind != INPUT_NOTHING)
            TRY(ui_take_key(ui, &event));
    }
    return NULL;
}

dits_error *ui_run(const struct cli *cli)
{
    CLEANUP(ui_release) struct ui ui = {.cli = cli};
    dits_error *err = start(&ui);
    if (err == NULL)
        err = serve(&ui);
    if (ui.screen == NULL || ui.wake == NULL)
        return err;
    dits_error *left = ui_leave_terminal(&ui);
    if (err == NULL)
        return left;
    dits_error_free(left);
    return err;
}
