#include "cli/ui/list.h"

bool list_has_choice(const struct list *list, const struct list_shape *shape)
{
    return list->cursor < shape->count &&
           shape->can_choose(shape->payload, list->cursor);
}

bool list_shows_cursor(const struct list *list, const struct list_shape *shape)
{
    return list->cursor >= list->top && list->cursor < list->top + shape->rows;
}

/* The nearest line that can be chosen from `line` on, or `count`. */
static size_t find(const struct list_shape *shape, size_t line, bool is_down)
{
    while (line < shape->count && !shape->can_choose(shape->payload, line)) {
        if (!is_down && line == 0)
            return shape->count;
        line = is_down ? line + 1 : line - 1;
    }
    return line < shape->count ? line : shape->count;
}

static size_t last_top(const struct list_shape *shape)
{
    return shape->count > shape->rows ? shape->count - shape->rows : 0;
}

static void bound_top(struct list *list, const struct list_shape *shape)
{
    if (list->top > last_top(shape))
        list->top = last_top(shape);
}

/* What stands above the first line that can be chosen comes into view. */
static void show_cursor(struct list *list, const struct list_shape *shape)
{
    bool is_first = list->cursor == find(shape, 0, true);
    if (is_first && list->cursor < shape->rows)
        list->top = 0;
    if (list->cursor < list->top)
        list->top = list->cursor;
    if (shape->rows > 0 && list->cursor >= list->top + shape->rows)
        list->top = list->cursor - shape->rows + 1;
    bound_top(list, shape);
}

void list_settle(struct list *list, const struct list_shape *shape)
{
    if (list->cursor >= shape->count)
        list->cursor = shape->count > 0 ? shape->count - 1 : 0;
    if (!list_has_choice(list, shape)) {
        size_t line = find(shape, list->cursor, true);
        if (line == shape->count)
            line = find(shape, list->cursor, false);
        if (line < shape->count)
            list->cursor = line;
    }
    if (list_has_choice(list, shape) && !list_shows_cursor(list, shape) &&
        list->top > 0)
        show_cursor(list, shape);
    bound_top(list, shape);
}

static void scroll(struct list *list, const struct list_shape *shape,
                   size_t rows, bool is_down)
{
    if (is_down)
        list->top += rows;
    else
        list->top = list->top > rows ? list->top - rows : 0;
    bound_top(list, shape);
}

/* The next one is chosen when it is in view or at its edge. */
void list_step(struct list *list, const struct list_shape *shape, bool is_down)
{
    bool has_choice = list_has_choice(list, shape);
    size_t next = shape->count;
    if (has_choice && (is_down || list->cursor > 0))
        next =
            find(shape, is_down ? list->cursor + 1 : list->cursor - 1, is_down);
    if (has_choice && !list_shows_cursor(list, shape))
        next = list->cursor;
    bool is_near = next < shape->count && next + 1 >= list->top &&
                   next <= list->top + shape->rows;
    if (!is_near) {
        scroll(list, shape, 1, is_down);
        return;
    }
    list->cursor = next;
    show_cursor(list, shape);
}

void list_jump(struct list *list, const struct list_shape *shape, size_t rows,
               bool is_down)
{
    if (!list_has_choice(list, shape)) {
        scroll(list, shape, rows, is_down);
        return;
    }
    size_t left = is_down ? shape->count - 1 - list->cursor : list->cursor;
    size_t by = rows < left ? rows : left;
    size_t line = is_down ? list->cursor + by : list->cursor - by;
    size_t found = find(shape, line, is_down);
    if (found == shape->count)
        found = find(shape, line, !is_down);
    list->cursor = found;
    show_cursor(list, shape);
    if (left <= rows) /* also what stands past the last */
        scroll(list, shape, rows, is_down);
}

void list_go(struct list *list, const struct list_shape *shape, size_t line)
{
    if (line >= shape->count)
        return;
    bool has_choice = list_has_choice(list, shape);
    size_t found = find(shape, line, true);
    if (has_choice && found < shape->count)
        list->cursor = found;
    if (has_choice && found == line) {
        show_cursor(list, shape);
        return;
    }
    list->top = line;
    bound_top(list, shape);
}
