/*
 * screen/screen.h - a screen of characters
 *
 * What is put becomes visible with screen_show(), which sends only what is
 * different from before.
 */
#ifndef SCREEN_SCREEN_H
#define SCREEN_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "screen/tty.h"

struct screen;

enum screen_color {
    SCREEN_PLAIN,
    SCREEN_RED,
    SCREEN_GREEN,
    SCREEN_YELLOW,
    SCREEN_BLUE,
    SCREEN_MAGENTA,
    SCREEN_CYAN,
};

struct screen_style {
    enum screen_color color;
    bool is_bold;
    bool is_dim;
    bool is_reverse;
    bool is_chosen; /* stands on the line that is chosen */
};

/*
 * Take the terminal over, with tty_take(). Errors: UNSUPPORTED for one that is
 * not known or cannot do it, and where ncurses is not installed, with a hint.
 */
MUST_USE dits_error *screen_open(struct tty *tty, bool colors,
                                 struct screen **out);
void screen_close(struct screen *screen);
void screen_closep(struct screen **screen);

uint32_t screen_rows(const struct screen *screen);
uint32_t screen_columns(const struct screen *screen);

/* Whether there are 256 colours. */
bool screen_has_fixed_colors(const struct screen *screen);

void screen_erase(struct screen *screen);

/* One character with what combines with it: valid UTF-8, no control. */
struct screen_text {
    const char *bytes;
    size_t size;
};
void screen_put(struct screen *screen, uint32_t row, uint32_t column,
                struct screen_style style, struct screen_text text);

/* With `is_whole` all of it is sent. */
void screen_show(struct screen *screen, bool is_whole);

/* Take on the terminal's size. */
MUST_USE dits_error *screen_resize(struct screen *screen);

/* Give the terminal to another program; screen_show() takes it back. */
void screen_leave(struct screen *screen);

#endif
