#include "base/oid_map.h"

#include "base/hash.h"
#include "support/mem_fault.h"
#include "support/test.h"

static struct dits_oid number_id(uint32_t number)
{
    struct dits_oid id = {0};
    hash_bytes(&number, sizeof(number), &id);
    return id;
}

TEST(ids_are_numbered_in_the_order_they_come)
{
    CLEANUP(oid_map_release) struct oid_map map = {0};
    size_t number = 0;
    bool is_new = false;
    struct dits_oid absent = number_id(5000);
    CHECK(!oid_map_find(&map, &absent, &number));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 1000; i++) {
            struct dits_oid id = number_id(i);
            CHECK_OK(oid_map_add(&map, &id, &number, &is_new));
            CHECK(number == i && is_new == (round == 0));
        }
    }
    CHECK(map.count == 1000 && !oid_map_find(&map, &absent, &number));
}

TEST(who_wants_no_numbers_asks_for_none)
{
    CLEANUP(oid_map_release) struct oid_map map = {0};
    struct dits_oid id = number_id(1);
    struct dits_oid absent = number_id(2);
    CHECK_OK(oid_map_add(&map, &id, NULL, NULL));
    CHECK_OK(oid_map_add(&map, &id, NULL, NULL));
    CHECK(map.count == 1 && dits_oid_equal(&map.ids[0], &id));
    CHECK(oid_map_find(&map, &id, NULL));
    CHECK(!oid_map_find(&map, &absent, NULL));
}

/* Ids of a hostile repository may agree in all the bits that choose a slot. */
TEST(ids_that_share_a_slot_are_kept_apart)
{
    CLEANUP(oid_map_release) struct oid_map map = {0};
    size_t number = 0;
    bool is_new = false;
    for (uint8_t i = 0; i < 200; i++) {
        struct dits_oid id = {.hash = {[31] = i}};
        CHECK_OK(oid_map_add(&map, &id, &number, &is_new));
        CHECK(is_new && number == i);
    }
}

TEST(a_map_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        CLEANUP(oid_map_release) struct oid_map map = {0};
        size_t number = 0;
        bool is_new = false;
        dits_error *err = NULL;
        mem_fault_arm(nth);
        for (uint32_t i = 0; i < 100 && err == NULL; i++) {
            struct dits_oid id = number_id(i);
            err = oid_map_add(&map, &id, &number, &is_new);
        }
        bool reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        if (!reached)
            return;
        CHECK_FAILS(DITS_E_NOMEM, err);
        struct dits_oid id = number_id(99);
        CHECK_OK(oid_map_add(&map, &id, &number, &is_new));
    }
}
