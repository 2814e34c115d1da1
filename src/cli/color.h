/*
 * cli/color.h - colours on a terminal
 */
#ifndef CLI_COLOR_H
#define CLI_COLOR_H

#include "cli/cli.h"

enum color {
    COLOR_RESET,
    COLOR_BOLD,
    COLOR_DIM,
    COLOR_RED,
    COLOR_GREEN,
    COLOR_YELLOW,
    COLOR_BLUE,
    COLOR_MAGENTA,
    COLOR_CYAN,
    COLOR_BOLD_GREEN,
    COLOR_BOLD_CYAN,
    COLOR_BOLD_YELLOW,
};

/* The sequence that switches to it; "" where there are no colours. */
const char *color(const struct cli *cli, enum color color);

/* The same without a command. */
const char *color_sequence(enum color color);

#endif
