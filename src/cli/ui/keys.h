/*
 * cli/ui/keys.h - what keys mean everywhere: vi's and the arrows
 */
#ifndef CLI_UI_KEYS_H
#define CLI_UI_KEYS_H

#include "screen/input.h"

enum { KEY_CTRL_C = 3, KEY_CTRL_Z = 26, KEY_CTRL_L = 12 };

enum key_meaning {
    KEY_OTHER, /* the view's own, or none */
    KEY_STEP_UP,
    KEY_STEP_DOWN,
    KEY_HALF_UP,
    KEY_HALF_DOWN,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_FIRST,
    KEY_LAST,
    KEY_OPEN,
    KEY_BACK,
    KEY_NEXT_VIEW,
    KEY_LAST_VIEW,
    KEY_SEARCH,
    KEY_FIND_NEXT,
    KEY_FIND_LAST,
    KEY_HELP,
    KEY_REFRESH,
    KEY_REDRAW,
    KEY_UNDO,
    KEY_REDO,
    KEY_STOP,
    KEY_SUSPEND,
};

enum key_meaning key_meaning(const struct input_event *event);

#endif
