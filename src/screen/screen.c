/*
 * The one file that knows ncurses, which is loaded when a screen is opened.
 */
#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include "screen/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <string.h>
#include <wchar.h>

#include "base/library.h"
#include "base/mem.h"

#define LIBRARY_NAME "libncursesw.so.6"

enum { CHOSEN_BASE = 16, CHOSEN_GROUND = 24, CHARACTERS_MAX = 6 };

struct screen {
    struct tty *tty;
    struct library library;
    SCREEN *terminal;
    WINDOW *window;
    uint32_t rows;
    uint32_t columns;
    int color_count; /* 0: none are used */
    bool is_left;    /* the terminal is another program's */

    __typeof__(newterm) *newterm;
    __typeof__(delscreen) *delscreen;
    __typeof__(newwin) *newwin;
    __typeof__(delwin) *delwin;
    __typeof__(endwin) *endwin;
    __typeof__(werase) *werase;
    __typeof__(mvwadd_wch) *mvwadd_wch;
    __typeof__(setcchar) *setcchar;
    __typeof__(wnoutrefresh) *wnoutrefresh;
    __typeof__(doupdate) *doupdate;
    __typeof__(clearok) *clearok;
    __typeof__(curs_set) *curs_set;
    __typeof__(start_color) *start_color;
    __typeof__(use_default_colors) *use_default_colors;
    __typeof__(init_pair) *init_pair;
    __typeof__(resizeterm) *resizeterm;
    __typeof__(def_prog_mode) *def_prog_mode;
    __typeof__(tigetnum) *tigetnum;
    __typeof__(tigetstr) *tigetstr;
};

static dits_error *find_functions(struct screen *s)
{
    const struct {
        const char *name;
        void *out;
    } functions[] = {
        {"newterm", &s->newterm},
        {"delscreen", &s->delscreen},
        {"newwin", &s->newwin},
        {"delwin", &s->delwin},
        {"endwin", &s->endwin},
        {"werase", &s->werase},
        {"mvwadd_wch", &s->mvwadd_wch},
        {"setcchar", &s->setcchar},
        {"wnoutrefresh", &s->wnoutrefresh},
        {"doupdate", &s->doupdate},
        {"clearok", &s->clearok},
        {"curs_set", &s->curs_set},
        {"start_color", &s->start_color},
        {"use_default_colors", &s->use_default_colors},
        {"init_pair", &s->init_pair},
        {"resizeterm", &s->resizeterm},
        {"def_prog_mode", &s->def_prog_mode},
        {"tigetnum", &s->tigetnum},
        {"tigetstr", &s->tigetstr},
    };
    TRY(library_open(LIBRARY_NAME, &s->library));
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        TRY(library_find(&s->library, functions[i].name, functions[i].out));
    return NULL;
}

static dits_error *load(struct screen *screen)
{
    dits_error *err = find_functions(screen);
    if (err == NULL)
        return NULL;
    return error_hint(error_wrap(err, "cannot draw on the terminal"),
                      "Install ncurses 6 (%s).", LIBRARY_NAME);
}

/* What Dits prints is UTF-8, whatever the language is set to. */
static void use_utf8(void)
{
    if (setlocale(LC_CTYPE, "") == NULL ||
        strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

static dits_error *start_terminal(struct screen *screen)
{
    FILE *out = tty_out(screen->tty);
    FILE *in = tty_in(screen->tty);
    screen->terminal = screen->newterm(NULL, out, in);
    if (screen->terminal == NULL)
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "this terminal is not known"),
            "Set TERM to what it is, such as xterm-256color.");
    if (screen->tigetstr("cup") != NULL)
        return NULL;
    return error_hint(
        error_new(DITS_E_UNSUPPORTED, "this terminal cannot show a screen"),
        "Set TERM to what it is, such as xterm-256color.");
}

/*
 * A pair for each colour; and light ones on the ground of the chosen line,
 * which can be read whatever the terminal's own colours are.
 */
static void start_colors(struct screen *screen)
{
    static const short colors[] = {-1,           COLOR_RED,  COLOR_GREEN,
                                   COLOR_YELLOW, COLOR_BLUE, COLOR_MAGENTA,
                                   COLOR_CYAN};
    static const short light[] = {15, 217, 157, 229, 153, 219, 159};
    int count = screen->tigetnum("colors");
    if (count < 8 || screen->start_color() == ERR ||
        screen->use_default_colors() == ERR)
        return;
    screen->color_count = count;
    for (short i = 0; i < (short)(sizeof(colors) / sizeof(colors[0])); i++) {
        (void)screen->init_pair((short)(i + 1), colors[i], -1);
        if (count >= 256)
            (void)screen->init_pair((short)(i + CHOSEN_BASE), light[i],
                                    CHOSEN_GROUND);
    }
}

static dits_error *make_window(struct screen *screen)
{
    struct tty_size size = tty_size(screen->tty);
    if (screen->window != NULL)
        (void)screen->delwin(screen->window);
    screen->rows = size.rows;
    screen->columns = size.columns;
    (void)screen->resizeterm((int)size.rows, (int)size.columns);
    screen->window = screen->newwin(0, 0, 0, 0);
    if (screen->window == NULL)
        return error_nomem();
    (void)screen->clearok(screen->window, true);
    return NULL;
}

dits_error *screen_open(struct tty *tty, bool colors, struct screen **out)
{
    CLEANUP(screen_closep) struct screen *screen = mem_new(struct screen);
    if (screen == NULL)
        return error_nomem();
    screen->tty = tty;
    TRY(load(screen));
    use_utf8();
    TRY(start_terminal(screen));
    if (colors)
        start_colors(screen);
    /* ncurses keeps Ctrl-C and Ctrl-Z to the terminal: not so here. */
    TRY(tty_take(tty));
    (void)screen->def_prog_mode();
    (void)screen->curs_set(0);
    TRY(make_window(screen));
    *out = MOVE(screen);
    return NULL;
}

void screen_close(struct screen *screen)
{
    if (screen == NULL)
        return;
    if (screen->window != NULL)
        (void)screen->delwin(screen->window);
    if (screen->terminal != NULL) {
        screen_leave(screen);
        screen->delscreen(screen->terminal);
    }
    library_close(&screen->library);
    mem_free(screen);
}

void screen_closep(struct screen **screen)
{
    screen_close(*screen);
}

uint32_t screen_rows(const struct screen *screen)
{
    return screen->rows;
}

uint32_t screen_columns(const struct screen *screen)
{
    return screen->columns;
}

bool screen_has_fixed_colors(const struct screen *screen)
{
    return screen->color_count >= 256;
}

void screen_erase(struct screen *screen)
{
    (void)screen->werase(screen->window);
}

static attr_t attributes_of(const struct screen *screen,
                            struct screen_style style)
{
    attr_t attributes = A_NORMAL;
    if (style.is_bold)
        attributes |= A_BOLD;
    if (style.is_dim && !style.is_chosen)
        attributes |= A_DIM;
    if (style.is_reverse || (style.is_chosen && screen->color_count < 256))
        attributes |= A_REVERSE;
    return attributes;
}

static short pair_of(const struct screen *screen, struct screen_style style)
{
    if (screen->color_count == 0)
        return 0;
    bool has_ground = style.is_chosen && screen->color_count >= 256;
    return (short)((int)style.color + (has_ground ? CHOSEN_BASE : 1));
}

void screen_put(struct screen *screen, uint32_t row, uint32_t column,
                struct screen_style style, struct screen_text text)
{
    wchar_t letters[CHARACTERS_MAX] = {0};
    cchar_t cell = {0};
    size_t count = 0;
    mbstate_t state = {0};
    while (text.size > 0 && count + 1 < CHARACTERS_MAX) {
        size_t size = mbrtowc(&letters[count], text.bytes, text.size, &state);
        if (size == 0 || size > text.size)
            break;
        text.bytes += size;
        text.size -= size;
        count++;
    }
    letters[count] = L'\0';
    if (row >= screen->rows || column >= screen->columns || count == 0 ||
        screen->setcchar(&cell, letters, attributes_of(screen, style),
                         pair_of(screen, style), NULL) == ERR)
        return;
    (void)screen->mvwadd_wch(screen->window, (int)row, (int)column, &cell);
}

void screen_show(struct screen *screen, bool is_whole)
{
    if (is_whole)
        (void)screen->clearok(screen->window, true);
    (void)screen->wnoutrefresh(screen->window);
    (void)screen->doupdate();
    screen->is_left = false;
}

dits_error *screen_resize(struct screen *screen)
{
    return make_window(screen);
}

void screen_leave(struct screen *screen)
{
    if (!screen->is_left)
        (void)screen->endwin();
    screen->is_left = true;
}
