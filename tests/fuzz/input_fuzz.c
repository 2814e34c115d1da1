/*
 * Whatever a terminal sends, in whatever portions: the decoder neither stands
 * still nor makes an event that cannot be.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "screen/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct input_event *event)
{
    assert(event->kind != INPUT_NOTHING);
    assert(event->character <= 0x10ffff);
    assert(event->kind == INPUT_CHARACTER || event->character == 0);
}

/* The first byte says how many come at once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {0};
    struct input_event event = {0};
    size_t portion = size > 0 ? data[0] % 64 + 1U : 1;
    for (size_t at = 1; at < size;) {
        size_t room = 0;
        uint8_t *to = input_room(&input, &room);
        size_t count = size - at < portion ? size - at : portion;
        assert(room > 0);
        count = count < room ? count : room;
        memcpy(to, data + at, count);
        input_add(&input, count);
        at += count;
        while (input_next(&input, false, &event))
            check(&event);
    }
    while (input_next(&input, true, &event))
        check(&event);
    assert(!input_is_open(&input));
    return 0;
}
