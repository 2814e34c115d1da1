/*
 * The history: a graph, refs, subjects, authors and dates. Commits are read in
 * portions as the user goes down, by date: what is needed for a screen is there
 * at once, whatever there is below.
 */
#include <stdio.h>
#include <string.h>

#include <dits/commit.h>
#include <dits/refs.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/oid_map.h"
#include "base/text.h"
#include "cli/commit_text.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/graph.h"
#include "cli/ui/ui.h"
#include "screen/ink.h"

enum {
    FIRST_COMMITS = 300,
    GRAPH_COLUMNS = 24, /* what is wider is cut */
    AUTHOR_COLUMNS = 16,
    DATE_COLUMNS = 10,
    TEXT_MAX = 400, /* bytes of a subject or an author */
};

/* A row of the graph; with a commit unless `subject` is NULL. */
struct row {
    char *graph;
    char *names; /* refs, or NULL */
    char *subject;
    char *author;
    struct dits_oid id;
    int64_t time;
    int32_t offset_minutes;
};

struct history_view {
    struct ui_view view;
    bool is_of_all; /* refs, not HEAD alone */
    struct row *rows;
    size_t count;
    size_t capacity;
    struct graph *graph;
    struct oid_map shown; /* the commits of rows */
    struct decorations decorations;
    uint64_t commits;
    bool is_complete;
    struct date_style dates;
};

static void clear(struct history_view *history)
{
    for (size_t i = 0; i < history->count; i++) {
        mem_free(history->rows[i].graph);
        mem_free(history->rows[i].names);
        mem_free(history->rows[i].subject);
        mem_free(history->rows[i].author);
    }
    mem_free(MOVE(history->rows));
    history->count = 0;
    history->capacity = 0;
    graph_free(MOVE(history->graph));
    oid_map_release(&history->shown);
    decorations_release(&history->decorations);
    history->commits = 0;
    history->is_complete = false;
}

static void free_view(struct ui_view *view)
{
    clear((struct history_view *)view);
    mem_free(view);
}

/* Lines instead of ASCII; colours stay. */
static dits_error *put_graph(const char *ascii, struct buf *out)
{
    static const struct {
        char mark;
        const char *drawn;
    } marks[] = {
        {'*', "\xe2\x97\x8f"},  /* ● */
        {'|', "\xe2\x94\x82"},  /* │ */
        {'/', "\xe2\x95\xb1"},  /* ╱ */
        {'\\', "\xe2\x95\xb2"}, /* ╲ */
        {'X', "\xe2\x95\xb3"},  /* ╳ */
    };
    for (; *ascii != '\0'; ascii++) {
        size_t i = 0;
        while (i < 5 && marks[i].mark != *ascii)
            i++;
        TRY(i < 5 ? buf_put_text(out, marks[i].drawn)
                  : buf_put_u8(out, (uint8_t)*ascii));
    }
    return NULL;
}

static dits_error *add_row(struct history_view *history, struct row **out)
{
    CLEANUP(buf_release) struct buf ascii = {0};
    CLEANUP(buf_release) struct buf drawn = {0};
    struct row *rows = array_grown(history->rows, history->count,
                                   &history->capacity, sizeof(*rows));
    if (rows == NULL)
        return error_nomem();
    history->rows = rows;
    TRY(graph_line(history->graph, &ascii));
    TRY(put_graph(buf_text(&ascii), &drawn));
    *out = &history->rows[history->count];
    TRY(buf_take_text(&drawn, &(*out)->graph));
    history->count++;
    return NULL;
}

/* A part of a text that is no longer than needed, of whole characters. */
static dits_error *copy_bounded(const char *text, char **out)
{
    size_t length = strlen(text);
    if (length > TEXT_MAX)
        length = TEXT_MAX;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return text_copy_part(text, length, out);
}

static dits_error *fill_row(const struct cli *cli,
                            const struct history_view *history,
                            const dits_commit *commit, struct row *row)
{
    CLEANUP(buf_release) struct buf subject = {0};
    CLEANUP(buf_release) struct buf names = {0};
    const struct dits_person *author = dits_commit_author(commit);
    TRY(commit_subject(dits_commit_message(commit), &subject));
    TRY(decorations_put(cli, &history->decorations, commit, &names));
    if (names.size > 0)
        TRY(buf_take_text(&names, &row->names));
    TRY(copy_bounded(author->name, &row->author));
    TRY(copy_bounded(buf_text(&subject), &row->subject));
    row->id = *dits_commit_id(commit);
    row->time = author->time;
    row->offset_minutes = author->offset_minutes;
    return NULL;
}

/*
 * With a clock that was wrong a commit may come before one of its children; the
 * child's line then ends, as there is nothing for it to lead to.
 */
static dits_error *next_commit(struct history_view *history,
                               const dits_commit *commit)
{
    enum { PARENTS_MAX = 64 };
    struct dits_oid parents[PARENTS_MAX];
    size_t count = 0;
    size_t number = 0;
    bool is_new = false;
    for (size_t i = 0; i < dits_commit_parent_count(commit); i++) {
        const struct dits_oid *parent = dits_commit_parent(commit, i);
        if (count < PARENTS_MAX &&
            !oid_map_find(&history->shown, parent, &number))
            parents[count++] = *parent;
    }
    TRY(oid_map_add(&history->shown, dits_commit_id(commit), &number, &is_new));
    history->commits++;
    return graph_next(history->graph, dits_commit_id(commit), parents, count);
}

struct reading {
    const struct cli *cli;
    struct history_view *history;
    uint64_t count;
};

static dits_error *on_commit(const dits_commit *commit, void *payload)
{
    struct reading *reading = payload;
    struct history_view *history = reading->history;
    struct row *row = NULL;
    reading->count++;
    while (history->commits > 0 && graph_is_open(history->graph))
        TRY(add_row(history, &row));
    TRY(next_commit(history, commit));
    TRY(add_row(history, &row));
    return fill_row(reading->cli, history, commit, row);
}

static dits_error *read_commits(struct cli *cli, struct history_view *history,
                                uint64_t count)
{
    struct reading reading = {.cli = cli, .history = history};
    const struct dits_log_options options = {
        .all = history->is_of_all,
        .skip = history->commits,
        .max_count = count,
    };
    TRY(dits_log(cli->repo, &options, on_commit, &reading));
    history->is_complete = reading.count < count;
    return NULL;
}

static dits_error *load_more(struct cli *cli, struct ui_view *view,
                             size_t count)
{
    struct history_view *history = (struct history_view *)view;
    return read_commits(cli, history,
                        count > history->count ? count - history->count
                                               : FIRST_COMMITS);
}

static bool has_more(const struct ui_view *view)
{
    return !((const struct history_view *)view)->is_complete;
}

static dits_error *load(struct cli *cli, struct ui_view *view)
{
    struct history_view *history = (struct history_view *)view;
    struct dits_head head = {0};
    uint64_t count = history->commits > FIRST_COMMITS ? history->commits
                                                      : FIRST_COMMITS;
    clear(history);
    history->is_complete = true;
    history->dates = (struct date_style){
        .format = DATE_SHORT,
        .now = cli->now,
        .local_minutes = cli->environment->utc_offset_minutes};
    buf_clear(&view->title);
    TRY(buf_put_text(&view->title, history->is_of_all
                                       ? "History of all branches and tags"
                                       : "History"));
    TRY(dits_head_get(cli->repo, &head));
    bool is_empty = dits_oid_is_zero(&head.commit);
    dits_head_release(&head);
    if (is_empty && !history->is_of_all)
        return NULL;
    TRY(graph_new(cli->colors, &history->graph));
    TRY(decorations_read(cli->repo, &history->decorations));
    return read_commits(cli, history, count);
}

static size_t count_rows(const struct ui_view *view)
{
    const struct history_view *history = (const struct history_view *)view;
    return history->count > 0 ? history->count : 1;
}

static bool can_choose(const struct ui_view *view, size_t line)
{
    const struct history_view *history = (const struct history_view *)view;
    return line < history->count && history->rows[line].subject != NULL;
}

/* At most `columns` of a text, filled up with spaces. */
static dits_error *put_cut(const char *text, size_t columns, bool fills,
                           struct buf *out)
{
    struct ink ink = {.at = text};
    struct ink_piece piece = {0};
    size_t used = 0;
    size_t width = ink_width(text);
    const char *from = text;
    while (used + (width > columns) < columns && ink_next(&ink, &piece)) {
        size_t limit = width > columns ? columns - 1 : columns;
        if (used + piece.columns > limit)
            break;
        used += piece.columns;
        TRY(buf_put(out, from, (size_t)(ink.at - from)));
        from = ink.at;
    }
    if (width > columns && columns > 0) {
        TRY(buf_put_text(out, "\xe2\x80\xa6"));
        used++;
    }
    while (fills && used++ < columns)
        TRY(buf_put_u8(out, ' '));
    return NULL;
}

static dits_error *put_columns(const struct history_view *history,
                               const struct row *row, uint32_t columns,
                               struct buf *out)
{
    char date[DATE_TEXT_SIZE] = {0};
    date_format(&history->dates, row->time, row->offset_minutes, date);
    if (columns >= 60) {
        TRY(buf_put_text(out, "  \033[34m"));
        TRY(put_cut(row->author, AUTHOR_COLUMNS, true, out));
        TRY(buf_put_text(out, "\033[m"));
    }
    return buf_printf(out, "  \033[2m%-*s\033[m", DATE_COLUMNS, date);
}

static dits_error *put_line(const struct ui_view *view, size_t line,
                            uint32_t columns, struct buf *out)
{
    const struct history_view *history = (const struct history_view *)view;
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf right = {0};
    if (line >= history->count)
        return buf_put_text(out, "\033[2mThere is no commit yet.");
    const struct row *row = &history->rows[line];
    TRY(put_cut(row->graph, GRAPH_COLUMNS, false, out));
    TRY(buf_put_text(out, "\033[m"));
    if (row->subject == NULL)
        return NULL;
    TRY(put_columns(history, row, columns, &right));
    if (row->names != NULL)
        TRY(buf_printf(&text, "(%s) ", row->names));
    TRY(buf_put_text(&text, row->subject));
    size_t taken = ink_width(buf_text(out)) + ink_width(buf_text(&right));
    TRY(put_cut(buf_text(&text), columns > taken ? columns - taken : 0, true,
                out));
    return buf_put(out, right.data, right.size);
}

static dits_error *open(struct ui *ui, struct ui_view *view, size_t line)
{
    const struct history_view *history = (const struct history_view *)view;
    struct ui_view *commit = NULL;
    TRY(ui_commit_new(&history->rows[line].id, &commit));
    return ui_open(ui, commit);
}

static dits_error *on_key(struct ui *ui, struct ui_view *view, uint32_t key)
{
    struct history_view *history = (struct history_view *)view;
    if (key != 'a')
        return NULL;
    history->is_of_all = !history->is_of_all;
    history->commits = 0; /* from the top, and no more than a screen needs */
    view->list = (struct list){0};
    return ui_refresh(ui);
}

static const struct ui_view_class class = {
    .keys = " Enter open  a all branches  / search  z undo  ? help  q quit",
    .load = load,
    .count = count_rows,
    .can_choose = can_choose,
    .put_line = put_line,
    .load_more = load_more,
    .has_more = has_more,
    .open = open,
    .on_key = on_key,
    .free = free_view,
};

dits_error *ui_history_new(struct ui_view **out)
{
    struct history_view *history = mem_new(struct history_view);
    if (history == NULL)
        return error_nomem();
    history->is_complete = true; /* until it is loaded */
    history->view.class = &class;
    *out = &history->view;
    return NULL;
}
