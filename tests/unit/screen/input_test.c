#include "screen/input.h"

#include <string.h>

#include "support/test.h"

static void feed(struct input *input, const char *bytes, size_t size)
{
    size_t room = 0;
    uint8_t *at = input_room(input, &room);
    size = size < room ? size : room;
    memcpy(at, bytes, size);
    input_add(input, size);
}

static void feed_text(struct input *input, const char *text)
{
    feed(input, text, strlen(text));
}

/* The only event of `text`. */
static struct input_event only(const char *text, bool is_late)
{
    struct input input = {0};
    struct input_event event = {0};
    struct input_event more = {0};
    feed_text(&input, text);
    if (!input_next(&input, is_late, &event) ||
        input_next(&input, is_late, &more) || input_is_open(&input))
        event.kind = INPUT_NOTHING;
    return event;
}

TEST(letters_and_control_characters_are_themselves)
{
    CHECK(only("j", false).character == 'j');
    CHECK(only("\003", false).character == 3);
    CHECK(only("\xc3\xa9", false).character == 0xe9);
    CHECK(only("\xe6\x98\xa0", false).character == 0x6620);
    CHECK(only("\xf0\x9f\x8e\xac", false).character == 0x1f3ac);
}

TEST(keys_have_two_spellings)
{
    static const struct {
        const char *bytes;
        enum input_kind kind;
    } keys[] = {
        {"\033[A", INPUT_UP},         {"\033OA", INPUT_UP},
        {"\033[B", INPUT_DOWN},       {"\033[1;5C", INPUT_RIGHT},
        {"\033OD", INPUT_LEFT},       {"\033[H", INPUT_HOME},
        {"\033[1~", INPUT_HOME},      {"\033[7~", INPUT_HOME},
        {"\033OF", INPUT_END},        {"\033[4~", INPUT_END},
        {"\033[8~", INPUT_END},       {"\033[5~", INPUT_PAGE_UP},
        {"\033[6~", INPUT_PAGE_DOWN}, {"\033[Z", INPUT_BACK_TAB},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        CHECK(only(keys[i].bytes, false).kind == keys[i].kind);
}

TEST(an_escape_alone_is_a_key_once_nothing_follows)
{
    struct input input = {0};
    struct input_event event = {0};
    feed_text(&input, "\033");
    CHECK(!input_next(&input, false, &event));
    CHECK(input_is_open(&input));
    CHECK(input_next(&input, true, &event));
    CHECK(event.kind == INPUT_ESCAPE);
    CHECK(!input_is_open(&input));
}

TEST(bytes_may_come_one_by_one)
{
    static const char bytes[] = "\033[5~\xe6\x98\xa0";
    struct input input = {0};
    struct input_event event = {0};
    struct input_event last = {0};
    size_t events = 0;
    for (size_t i = 0; i + 1 < sizeof(bytes); i++) {
        feed(&input, bytes + i, 1);
        for (; input_next(&input, false, &event); events++)
            last = event;
    }
    CHECK(events == 2);
    CHECK(last.character == 0x6620);
}

TEST(a_terminal_says_what_it_can)
{
    struct input_event event = only("\033[?62;4;22c", false);
    CHECK(event.kind == INPUT_ATTRIBUTES && event.has_sixel);
    event = only("\033[?1;2c", false);
    CHECK(event.kind == INPUT_ATTRIBUTES && !event.has_sixel);
    event = only("\033[?4c", false); /* a class, not what it can */
    CHECK(event.kind == INPUT_ATTRIBUTES && !event.has_sixel);
    event = only("\033_Gi=31;OK\033\\", false);
    CHECK(event.kind == INPUT_GRAPHICS && event.is_ok);
    event = only("\033_Gi=31;ENODATA:no\033\\", false);
    CHECK(event.kind == INPUT_GRAPHICS && !event.is_ok);
    event = only("\033[6;18;9t", false);
    CHECK(event.kind == INPUT_CELL_SIZE);
    CHECK(event.width == 9 && event.height == 18);
}

TEST(what_is_not_known_is_no_key)
{
    CHECK(only("\033[38;5q", false).kind == INPUT_NOTHING);
    CHECK(only("\033]11;rgb:00/00/00\007", false).kind == INPUT_NOTHING);
    CHECK(only("\033P1+r544e\033\\", false).kind == INPUT_NOTHING);
    CHECK(only("\xff", false).kind == INPUT_NOTHING);
    CHECK(only("\xc0\xaf", false).kind == INPUT_NOTHING);
    CHECK(only("\xed\xa0\x80", false).kind == INPUT_NOTHING);
}

TEST(a_key_after_what_is_broken_off_is_not_lost)
{
    struct input input = {0};
    struct input_event event = {0};
    feed_text(&input, "\033[1;\033[B\xe6j");
    CHECK(input_next(&input, false, &event));
    CHECK(event.kind == INPUT_DOWN);
    CHECK(input_next(&input, false, &event));
    CHECK(event.character == 'j');
}

TEST(pasted_text_is_told_from_keys)
{
    struct input input = {0};
    struct input_event event = {0};
    feed_text(&input, "\033[200~q\033[201~q");
    CHECK(input_next(&input, false, &event));
    CHECK(event.character == 'q' && event.is_pasted);
    CHECK(input_next(&input, false, &event));
    CHECK(event.character == 'q' && !event.is_pasted);
}

TEST(a_string_without_an_end_is_passed_over)
{
    struct input input = {0};
    struct input_event event = {0};
    char part[100] = {0};
    memset(part, 'q', sizeof(part));
    feed_text(&input, "\033_");
    for (int i = 0; i < 50; i++) {
        feed(&input, part, sizeof(part));
        CHECK(!input_next(&input, false, &event));
    }
    feed_text(&input, "\033");
    CHECK(!input_next(&input, false, &event));
    feed_text(&input, "\\j");
    CHECK(input_next(&input, false, &event));
    CHECK(event.character == 'j');
}

TEST(what_never_becomes_complete_is_given_up)
{
    struct input input = {0};
    struct input_event event = {0};
    feed_text(&input, "\033[1;2");
    CHECK(!input_next(&input, true, &event));
    feed_text(&input, "j");
    CHECK(input_next(&input, false, &event));
    CHECK(event.character == 'j');
}
