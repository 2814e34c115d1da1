#include "cli/color.h"

const char *color_sequence(enum color color)
{
    static const char *const sequences[] = {
        [COLOR_RESET] = "\033[m",         [COLOR_BOLD] = "\033[1m",
        [COLOR_DIM] = "\033[2m",          [COLOR_RED] = "\033[31m",
        [COLOR_GREEN] = "\033[32m",       [COLOR_YELLOW] = "\033[33m",
        [COLOR_BLUE] = "\033[34m",        [COLOR_MAGENTA] = "\033[35m",
        [COLOR_CYAN] = "\033[36m",        [COLOR_BOLD_GREEN] = "\033[1;32m",
        [COLOR_BOLD_CYAN] = "\033[1;36m", [COLOR_BOLD_YELLOW] = "\033[1;33m",
    };
    return sequences[color];
}

const char *color(const struct cli *cli, enum color color)
{
    return cli->colors ? color_sequence(color) : "";
}
