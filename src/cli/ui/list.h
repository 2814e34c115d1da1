/*
 * cli/ui/list.h - which lines of a list are on the screen, and which is chosen
 *
 * Some lines can be chosen, as a file can; others, as a heading, cannot. Where
 * none can, the keys move the text itself.
 */
#ifndef CLI_UI_LIST_H
#define CLI_UI_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Both are lines, from 0. */
struct list {
    size_t top;    /* the first on the screen */
    size_t cursor; /* the chosen one */
};

struct list_shape {
    size_t count; /* lines */
    size_t rows;  /* of the screen */
    bool (*can_choose)(const void *payload, size_t line);
    const void *payload;
};

/* Whether the cursor stands on a line that can be chosen. */
bool list_has_choice(const struct list *list, const struct list_shape *shape);

/* Whether the cursor's line is on the screen. */
bool list_shows_cursor(const struct list *list, const struct list_shape *shape);

/* Make sense again after lines or rows have changed. */
void list_settle(struct list *list, const struct list_shape *shape);

/* One line down or up. */
void list_step(struct list *list, const struct list_shape *shape, bool is_down);

/* `rows` lines at once; to the first or the last. */
void list_jump(struct list *list, const struct list_shape *shape, size_t rows,
               bool is_down);

/* Choose `line`, or show it where it cannot be chosen. */
void list_go(struct list *list, const struct list_shape *shape, size_t line);

#endif
