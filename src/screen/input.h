/*
 * screen/input.h - what a terminal sends: keys, and answers to questions
 *
 * Bytes come as they come, in any portions; a decoder makes events of them.
 * What it does not know it drops. It never asks for more than INPUT_ROOM bytes,
 * whatever is sent.
 */
#ifndef SCREEN_INPUT_H
#define SCREEN_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_ROOM = 512 };

enum input_kind {
    INPUT_NOTHING = 0,
    INPUT_CHARACTER, /* also control characters: Ctrl-C is 3 */
    INPUT_ESCAPE,
    INPUT_UP,
    INPUT_DOWN,
    INPUT_LEFT,
    INPUT_RIGHT,
    INPUT_HOME,
    INPUT_END,
    INPUT_PAGE_UP,
    INPUT_PAGE_DOWN,
    INPUT_BACK_TAB,
    INPUT_ATTRIBUTES, /* to "\033[c": what the terminal can */
    INPUT_GRAPHICS,   /* to a question about kitty's graphics */
    INPUT_CELL_SIZE,  /* to "\033[16t" */
};

struct input_event {
    enum input_kind kind;
    uint32_t character; /* of INPUT_CHARACTER: its code point */
    bool is_pasted;     /* INPUT_CHARACTER: not typed */
    bool has_sixel;     /* INPUT_ATTRIBUTES */
    bool is_ok;         /* INPUT_GRAPHICS */
    uint32_t width;     /* INPUT_CELL_SIZE: pixels */
    uint32_t height;
};

/* Zero: nothing has come. */
struct input {
    uint8_t bytes[INPUT_ROOM];
    size_t count;
    bool is_skipping; /* the rest of a string that is too long */
    bool is_pasting;
};

/* Where the next bytes go, and how many there may be; then how many came. */
uint8_t *input_room(struct input *input, size_t *out_size);
void input_add(struct input *input, size_t size);

/*
 * The next event; false when there is none yet. `is_late`: nothing has followed
 * for a while, so that an ESC alone is the key.
 */
bool input_next(struct input *input, bool is_late, struct input_event *out);

/* Whether the start of something waits for its rest. */
bool input_is_open(const struct input *input);

#endif
