#include "cli/ui/keys.h"

#include <stddef.h>

/* Ctrl and a letter. */
#define CTRL(letter) ((letter) - 'a' + 1)

static enum key_meaning meaning_of_character(uint32_t c)
{
    static const struct {
        uint32_t character;
        enum key_meaning meaning;
    } keys[] = {
        {'k', KEY_STEP_UP},        {'j', KEY_STEP_DOWN},
        {CTRL('p'), KEY_STEP_UP},  {CTRL('n'), KEY_STEP_DOWN},
        {CTRL('u'), KEY_HALF_UP},  {CTRL('d'), KEY_HALF_DOWN},
        {CTRL('b'), KEY_PAGE_UP},  {CTRL('f'), KEY_PAGE_DOWN},
        {' ', KEY_PAGE_DOWN},      {'g', KEY_FIRST},
        {'G', KEY_LAST},           {'l', KEY_OPEN},
        {'\r', KEY_OPEN},          {'\n', KEY_OPEN},
        {'h', KEY_BACK},           {'q', KEY_BACK},
        {'\t', KEY_NEXT_VIEW},     {'/', KEY_SEARCH},
        {'n', KEY_FIND_NEXT},      {'N', KEY_FIND_LAST},
        {'?', KEY_HELP},           {'r', KEY_REFRESH},
        {KEY_CTRL_L, KEY_REDRAW},  {'z', KEY_UNDO},
        {'Z', KEY_REDO},           {KEY_CTRL_C, KEY_STOP},
        {KEY_CTRL_Z, KEY_SUSPEND},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].character == c)
            return keys[i].meaning;
    return KEY_OTHER;
}

enum key_meaning key_meaning(const struct input_event *event)
{
    static const enum key_meaning meanings[] = {
        [INPUT_ESCAPE] = KEY_BACK,
        [INPUT_UP] = KEY_STEP_UP,
        [INPUT_DOWN] = KEY_STEP_DOWN,
        [INPUT_LEFT] = KEY_BACK,
        [INPUT_RIGHT] = KEY_OPEN,
        [INPUT_HOME] = KEY_FIRST,
        [INPUT_END] = KEY_LAST,
        [INPUT_PAGE_UP] = KEY_PAGE_UP,
        [INPUT_PAGE_DOWN] = KEY_PAGE_DOWN,
        [INPUT_BACK_TAB] = KEY_LAST_VIEW,
    };
    size_t kind = (size_t)event->kind;
    if (event->is_pasted)
        return KEY_OTHER; /* text that slipped in presses no keys */
    if (event->kind == INPUT_CHARACTER)
        return meaning_of_character(event->character);
    return kind < sizeof(meanings) / sizeof(meanings[0]) ? meanings[kind]
                                                         : KEY_OTHER;
}
