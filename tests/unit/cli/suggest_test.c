#include "cli/suggest.h"

#include <string.h>

#include "support/test.h"

static const char *nearest(const char *typed)
{
    static const char *const names[] = {"add",    "branch", "commit",
                                        "config", "status", "switch"};
    struct suggestion best = suggestion_for(typed);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        suggestion_offer(&best, names[i]);
    return best.name != NULL ? best.name : "";
}

TEST(slips_of_the_finger_are_understood)
{
    CHECK(strcmp(nearest("comit"), "commit") == 0);
    CHECK(strcmp(nearest("statsu"), "status") == 0);
    CHECK(strcmp(nearest("brnach"), "branch") == 0);
    CHECK(strcmp(nearest("adf"), "add") == 0);
    CHECK(strcmp(nearest("swich"), "switch") == 0);
}

TEST(what_is_like_nothing_gets_no_answer)
{
    CHECK(strcmp(nearest("timeline"), "") == 0);
    CHECK(strcmp(nearest(""), "") == 0);
    CHECK(strcmp(nearest("x"), "") == 0);
}

TEST(names_of_any_length_are_taken)
{
    char typed[5000] = {0};
    memset(typed, 'x', sizeof(typed) - 1);
    CHECK(strcmp(nearest(typed), "") == 0);
}
