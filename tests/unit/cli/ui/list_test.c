#include "cli/ui/list.h"

#include <string.h>

#include "support/test.h"

/* Each letter is a line; capitals can be chosen. */
static bool is_capital(const void *payload, size_t line)
{
    const char *lines = payload;
    return lines[line] >= 'A' && lines[line] <= 'Z';
}

static struct list_shape shape_of(const char *lines, size_t rows)
{
    return (struct list_shape){.count = strlen(lines),
                               .rows = rows,
                               .can_choose = is_capital,
                               .payload = lines};
}

TEST(only_some_lines_are_chosen)
{
    struct list_shape shape = shape_of("hABhC", 5);
    struct list list = {0};
    list_settle(&list, &shape);
    CHECK(list.cursor == 1);
    list_step(&list, &shape, true);
    CHECK(list.cursor == 2);
    list_step(&list, &shape, true);
    CHECK(list.cursor == 4);
    list_step(&list, &shape, true);
    CHECK(list.cursor == 4);
    list_step(&list, &shape, false);
    CHECK(list.cursor == 2);
}

TEST(the_chosen_line_stays_on_the_screen)
{
    struct list_shape shape = shape_of("hABCDEFGHIJ", 3);
    struct list list = {0};
    list_settle(&list, &shape);
    for (int i = 0; i < 5; i++)
        list_step(&list, &shape, true);
    CHECK(list.cursor == 6 && list.top == 4);
    for (int i = 0; i < 5; i++)
        list_step(&list, &shape, false);
    CHECK(list.cursor == 1 && list.top == 0); /* with its heading */
}

TEST(without_a_choice_the_text_moves)
{
    struct list_shape shape = shape_of("abcdefgh", 3);
    struct list list = {0};
    list_settle(&list, &shape);
    CHECK(!list_has_choice(&list, &shape));
    list_step(&list, &shape, true);
    CHECK(list.top == 1);
    list_jump(&list, &shape, shape.count, true);
    CHECK(list.top == 5);
    list_step(&list, &shape, true);
    CHECK(list.top == 5);
    list_jump(&list, &shape, 3, false);
    CHECK(list.top == 2);
}

TEST(what_cannot_be_chosen_is_passed_line_by_line)
{
    struct list_shape shape = shape_of("abcdefgH", 3);
    struct list list = {0};
    list_settle(&list, &shape);
    CHECK(list.top == 0 && list.cursor == 7);
    CHECK(!list_shows_cursor(&list, &shape));
    list_step(&list, &shape, true);
    CHECK(list.top == 1);
    for (int i = 0; i < 4; i++)
        list_step(&list, &shape, true);
    CHECK(list_shows_cursor(&list, &shape));
}

TEST(jumps_end_on_what_can_be_chosen)
{
    struct list_shape shape = shape_of("hABhCDhE", 4);
    struct list list = {0};
    list_settle(&list, &shape);
    list_jump(&list, &shape, 2, true);
    CHECK(list.cursor == 4);
    list_jump(&list, &shape, shape.count, true);
    CHECK(list.cursor == 7);
    list_jump(&list, &shape, shape.count, false);
    CHECK(list.cursor == 1 && list.top == 0);
}

TEST(a_list_that_got_shorter_makes_sense_again)
{
    struct list_shape shape = shape_of("ABC", 4);
    struct list list = {.cursor = 9, .top = 7};
    list_settle(&list, &shape);
    CHECK(list.cursor == 2 && list.top == 0);
    shape = shape_of("", 4);
    list_settle(&list, &shape);
    CHECK(list.cursor == 0 && !list_has_choice(&list, &shape));
    shape = shape_of("Ah", 4);
    list = (struct list){.cursor = 1};
    list_settle(&list, &shape);
    CHECK(list.cursor == 0);
}

TEST(going_to_a_line_shows_it)
{
    struct list_shape shape = shape_of("ABCDEFGH", 3);
    struct list list = {0};
    list_go(&list, &shape, 6);
    CHECK(list.cursor == 6 && list_shows_cursor(&list, &shape));
    shape = shape_of("abcdefgh", 3);
    list = (struct list){0};
    list_go(&list, &shape, 4);
    CHECK(list.top == 4);
    list_go(&list, &shape, 7);
    CHECK(list.top == 5);
}
