#include "cli/ui/keys.h"

#include "support/test.h"

static enum key_meaning of_letter(uint32_t letter)
{
    const struct input_event event = {.kind = INPUT_CHARACTER,
                                      .character = letter};
    return key_meaning(&event);
}

static enum key_meaning of_kind(enum input_kind kind)
{
    const struct input_event event = {.kind = kind};
    return key_meaning(&event);
}

TEST(letters_and_arrows_mean_the_same)
{
    CHECK(of_letter('j') == KEY_STEP_DOWN &&
          of_kind(INPUT_DOWN) == KEY_STEP_DOWN);
    CHECK(of_letter('k') == KEY_STEP_UP && of_kind(INPUT_UP) == KEY_STEP_UP);
    CHECK(of_letter('l') == KEY_OPEN && of_kind(INPUT_RIGHT) == KEY_OPEN);
    CHECK(of_letter('h') == KEY_BACK && of_kind(INPUT_LEFT) == KEY_BACK);
    CHECK(of_letter('g') == KEY_FIRST && of_kind(INPUT_HOME) == KEY_FIRST);
    CHECK(of_letter('G') == KEY_LAST && of_kind(INPUT_END) == KEY_LAST);
    CHECK(of_letter('\r') == KEY_OPEN);
    CHECK(of_letter(2) == KEY_PAGE_UP && of_kind(INPUT_PAGE_UP) == KEY_PAGE_UP);
}

TEST(what_has_no_meaning_is_the_views_own)
{
    CHECK(of_letter('s') == KEY_OTHER);
    CHECK(of_letter(0x6620) == KEY_OTHER);
    CHECK(of_kind(INPUT_ATTRIBUTES) == KEY_OTHER);
}

TEST(pasted_letters_press_nothing)
{
    const struct input_event event = {
        .kind = INPUT_CHARACTER, .character = 'q', .is_pasted = true};
    CHECK(key_meaning(&event) == KEY_OTHER);
}
