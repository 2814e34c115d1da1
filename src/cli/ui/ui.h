/*
 * cli/ui/ui.h - the terminal view, `dits ui`
 *
 * Four views side by side, and pages that are opened from them, one on top of
 * the other. Each asks the repository in a job (job.h) and keeps only text and
 * names of what it got, so that nothing is held open while nobody does
 * anything.
 */
#ifndef CLI_UI_UI_H
#define CLI_UI_UI_H

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/ui/graphics.h"
#include "cli/ui/list.h"
#include "cli/ui/page.h"
#include "screen/input.h"
#include "screen/screen.h"
#include "screen/wake.h"

struct thumbnails;
struct ui;
struct ui_view;

/* Callbacks may be NULL where it is said. */
struct ui_view_class {
    const char *title; /* NULL: each view has its own */
    const char *keys;  /* the line at the bottom */

    /* In a job: fill the view anew. */
    dits_error *(*load)(struct cli *cli, struct ui_view *view);

    /* NULL: the lines of the page. */
    size_t (*count)(const struct ui_view *view);
    bool (*can_choose)(const struct ui_view *view, size_t line);
    dits_error *(*put_line)(const struct ui_view *view, size_t line,
                            uint32_t columns, struct buf *out);

    /* NULL: no more than is there. In a job: until there are `count` lines. */
    dits_error *(*load_more)(struct cli *cli, struct ui_view *view,
                             size_t count);
    bool (*has_more)(const struct ui_view *view);

    /* NULL: nothing to open, no keys of its own. */
    dits_error *(*open)(struct ui *ui, struct ui_view *view, size_t line);
    dits_error *(*on_key)(struct ui *ui, struct ui_view *view, uint32_t key);

    void (*free)(struct ui_view *view);
};

/* The first member of each view. */
struct ui_view {
    const struct ui_view_class *class;
    struct ui_view *below; /* of a page: what it was opened from */
    struct buf title;      /* of its own */
    struct page page;
    struct list list;
    struct thumbnails *thumbnails; /* NULL: none */
    bool is_stale;                 /* to be loaded before it is shown */
};

enum { UI_VIEWS = 4, UI_PENDING = 64 };

struct ui {
    const struct cli *cli; /* of the command */
    char *top;             /* of the work tree */
    struct tty *tty;
    struct screen *screen;
    struct wake *wake;
    struct graphics graphics;

    struct input input;
    struct input_event pending[UI_PENDING]; /* typed while something ran */
    size_t pending_count;

    struct ui_view *views[UI_VIEWS];
    size_t current;       /* of these */
    struct ui_view *page; /* the one on top; NULL: none */

    struct buf head;    /* where HEAD is, and what is unfinished */
    struct buf message; /* shown until the next key */
    struct buf busy;    /* shown while a job runs */
    struct buf search;
    bool is_working; /* a job runs, which may change a view */
    bool is_ending;
    bool wants_redraw;              /* of the whole screen */
    const struct ui_view *pictured; /* whose pictures are on the screen */
};

/* Until the user leaves. The terminal is given back in any case. */
MUST_USE dits_error *ui_run(const struct cli *cli);

struct ui_view *ui_shown(const struct ui *ui);

/* Put a page on top, loaded; it is taken over. */
MUST_USE dits_error *ui_open(struct ui *ui, struct ui_view *view);

/* Take the page on top away. */
void ui_close_page(struct ui *ui);

/* Load the view that is shown, if it has to be. */
MUST_USE dits_error *ui_load_shown(struct ui *ui);

/* After its lines, or the screen, have changed. */
void ui_settle(const struct ui *ui, struct ui_view *view);

/* Do what a key says. */
MUST_USE dits_error *ui_take_key(struct ui *ui,
                                 const struct input_event *event);

/* All views show what was; the one that is seen is loaded again. */
MUST_USE dits_error *ui_refresh(struct ui *ui);

/* Say something at the bottom, until the next key. */
MUST_USE dits_error *ui_say(struct ui *ui, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* Say why something failed. Takes `err` over; only NOMEM comes back. */
MUST_USE dits_error *ui_say_error(struct ui *ui, dits_error *err);

/* What became of a question to the terminal, a key, or a signal. */
MUST_USE dits_error *ui_wait_event(struct ui *ui, int other_fd, int timeout_ms,
                                   bool *out_other, struct input_event *out);

/* Ask the terminal what it can; that is not waited for. */
MUST_USE dits_error *ui_set_up_terminal(struct ui *ui);

/* Put the terminal aside for another program, and take it back. */
MUST_USE dits_error *ui_leave_terminal(struct ui *ui);
MUST_USE dits_error *ui_take_terminal(struct ui *ui);
MUST_USE dits_error *ui_suspend(struct ui *ui);

/* A view that has nothing of its own but the page, and what its class frees it
 * with. */
MUST_USE dits_error *ui_page_view_new(const struct ui_view_class *class,
                                      struct ui_view **out);
void ui_page_view_free(struct ui_view *view);

/* Lines of a view, whatever they come from. */
size_t ui_view_count(const struct ui_view *view);
MUST_USE dits_error *ui_view_put_line(const struct ui_view *view, size_t line,
                                      uint32_t columns, struct buf *out);
struct list_shape ui_view_shape(const struct ui *ui,
                                const struct ui_view *view);

/* Draw all of it. */
MUST_USE dits_error *ui_draw(struct ui *ui);

/* The question at the bottom, with what was typed so far. */
MUST_USE dits_error *ui_draw_prompt(struct ui *ui, const char *question,
                                    const char *answer);

/* Each makes a view; the caller takes it over. */
MUST_USE dits_error *ui_history_new(struct ui_view **out);
MUST_USE dits_error *ui_changes_new(struct ui_view **out);
MUST_USE dits_error *ui_branches_new(struct ui_view **out);
MUST_USE dits_error *ui_operations_new(struct ui_view **out);
MUST_USE dits_error *ui_help_new(struct ui_view **out);
MUST_USE dits_error *ui_commit_new(const struct dits_oid *id,
                                   struct ui_view **out);

#endif
