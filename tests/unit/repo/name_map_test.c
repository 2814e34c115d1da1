#include "repo/name_map.h"

#include <stdio.h>

#include "support/mem_fault.h"
#include "support/test.h"

static const char *name_of(unsigned number, char out[32])
{
    (void)snprintf(out, 32, "refs/heads/b%u", number);
    return out;
}

TEST(names_are_numbered_in_the_order_they_come)
{
    CLEANUP(name_map_release) struct name_map map = {0};
    char name[32];
    size_t number = 0;
    bool is_new = false;
    CHECK(!name_map_find(&map, "refs/heads/b1", &number));
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 1000; i++) {
            CHECK_OK(name_map_add(&map, name_of(i, name), &number, &is_new));
            CHECK(number == i && is_new == (round == 0));
        }
    }
    CHECK(name_map_find(&map, "refs/heads/b7", &number) && number == 7);
    CHECK(name_map_find(&map, "refs/heads/b7", NULL));
    CHECK(!name_map_find(&map, "refs/heads/b1000", &number));
    CHECK(!name_map_find(&map, "refs/heads/b", NULL));
}

TEST(who_wants_no_numbers_asks_for_none)
{
    CLEANUP(name_map_release) struct name_map map = {0};
    CHECK_OK(name_map_add(&map, "", NULL, NULL));
    CHECK(name_map_find(&map, "", NULL));
}

TEST(a_map_of_names_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        CLEANUP(name_map_release) struct name_map map = {0};
        char name[32];
        dits_error *err = NULL;
        mem_fault_arm(nth);
        for (unsigned i = 0; i < 100 && err == NULL; i++)
            err = name_map_add(&map, name_of(i, name), NULL, NULL);
        bool reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        if (!reached)
            return;
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
