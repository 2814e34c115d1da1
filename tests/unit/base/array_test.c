#include "base/array.h"

#include <stdint.h>

#include "base/mem.h"
#include "support/mem_fault.h"
#include "support/test.h"

struct numbers {
    uint64_t *list;
    size_t count;
    size_t capacity;
};

static void numbers_release(struct numbers *numbers)
{
    mem_free(numbers->list);
}

static dits_error *add(struct numbers *numbers, uint64_t number)
{
    uint64_t *list = array_grown(numbers->list, numbers->count,
                                 &numbers->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    numbers->list = list;
    numbers->list[numbers->count++] = number;
    return NULL;
}

/* Fill it to the last place. */
static dits_error *fill(struct numbers *numbers)
{
    TRY(add(numbers, numbers->count + 1));
    for (size_t left = numbers->capacity - numbers->count; left > 0; left--)
        TRY(add(numbers, numbers->count + 1));
    return NULL;
}

TEST(growth_keeps_what_is_there)
{
    CLEANUP(numbers_release) struct numbers numbers = {0};
    for (size_t i = 0; i < 10000; i++)
        CHECK_OK(add(&numbers, i * i));
    for (size_t i = 0; i < 10000; i++)
        CHECK(numbers.list[i] == i * i);
}

TEST(what_is_new_is_zeroed)
{
    CLEANUP(numbers_release) struct numbers numbers = {0};
    for (int round = 0; round < 8; round++) {
        CHECK_OK(fill(&numbers));
        CHECK_OK(add(&numbers, 1));
        CHECK(numbers.count < numbers.capacity);
        for (size_t i = numbers.count; i < numbers.capacity; i++)
            CHECK(numbers.list[i] == 0);
    }
}

TEST(an_array_with_room_stays_as_it_is)
{
    CLEANUP(numbers_release) struct numbers numbers = {0};
    CHECK_OK(add(&numbers, 7));
    const uint64_t *list = numbers.list;
    size_t capacity = numbers.capacity;
    mem_fault_arm(1);
    for (size_t count = 0; count < capacity; count++)
        CHECK(array_grown(numbers.list, count, &numbers.capacity,
                          sizeof(uint64_t)) == list);
    CHECK(!mem_fault_disarm() && numbers.capacity == capacity);
}

TEST(room_may_be_wanted_behind_more_than_fits)
{
    CLEANUP(numbers_release) struct numbers numbers = {0};
    CHECK_OK(add(&numbers, 7));
    uint64_t *list =
        array_grown(numbers.list, 5000, &numbers.capacity, sizeof(*list));
    CHECK(list != NULL);
    numbers.list = list;
    CHECK(numbers.capacity > 5000 && list[0] == 7);
    for (size_t i = 1; i < numbers.capacity; i++)
        CHECK(list[i] == 0);
}

TEST(adding_one_by_one_resizes_seldom)
{
    CLEANUP(numbers_release) struct numbers numbers = {0};
    size_t before = 0, resized = 0;
    for (size_t i = 0; i < 100000; i++) {
        CHECK_OK(add(&numbers, i));
        resized += numbers.capacity != before;
        before = numbers.capacity;
    }
    CHECK(resized < 30);
}

TEST(an_array_that_cannot_grow_is_untouched)
{
    CLEANUP(numbers_release) struct numbers numbers = {0};
    CHECK_OK(fill(&numbers));
    size_t capacity = numbers.capacity;
    mem_fault_arm(1);
    CHECK_FAILS(DITS_E_NOMEM, add(&numbers, 7));
    CHECK(mem_fault_disarm());
    CHECK(numbers.capacity == capacity && numbers.count == capacity);
    for (size_t i = 0; i < capacity; i++)
        CHECK(numbers.list[i] == i + 1);
}

TEST(sizes_beyond_all_memory_are_refused)
{
    static const struct {
        size_t count, size;
    } rows[] = {
        {SIZE_MAX, 1},
        {SIZE_MAX / 3 * 2, 1}, /* with half as many again: few */
        {SIZE_MAX / 8, 8},
        {SIZE_MAX / 16, 16}, /* these fit, without half as many again */
        {1, SIZE_MAX / 2},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t capacity = 0;
        CHECK(array_grown(NULL, rows[i].count, &capacity, rows[i].size) ==
              NULL);
        CHECK(capacity == 0);
    }
}
