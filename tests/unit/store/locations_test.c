#include "store/locations.h"

#include <string.h>

#include "base/text.h"
#include "support/test.h"

static dits_error *add(struct locations *locations, char digit,
                       enum copy_state state, uint32_t tier)
{
    struct pack_copy copy = {.state = state, .tier = tier};
    memset(copy.pack, digit, OID_HEX_SIZE - 1);
    return locations_add(locations, &copy);
}

TEST(the_copy_to_read_comes_first)
{
    CLEANUP(locations_release) struct locations locations = {0};
    char name[OID_HEX_SIZE] = {0};
    size_t count = 0;
    CHECK_OK(add(&locations, 'b', COPY_COMING, 0));
    CHECK_OK(add(&locations, 'c', COPY_HERE, 0));
    CHECK_OK(add(&locations, 'b', COPY_LEAVING, LOCATION_HOT));
    CHECK_OK(add(&locations, 'a', COPY_HERE, 1));
    CHECK_OK(add(&locations, 'b', COPY_HERE, 1));
    locations_sort(&locations);
    memset(name, 'b', OID_HEX_SIZE - 1);
    const struct pack_copy *found = locations_find(&locations, name, &count);
    CHECK(count == 3 && found[0].state == COPY_HERE);
    CHECK(found[1].state == COPY_LEAVING && found[2].state == COPY_COMING);
    memset(name, 'd', OID_HEX_SIZE - 1);
    CHECK(locations_find(&locations, name, &count) == NULL && count == 0);
}

TEST(a_tier_that_was_added_is_taken_over)
{
    CLEANUP(locations_release) struct locations locations = {0};
    CLEANUP(tier_release) struct tier tier = {0};
    uint32_t index = 9;
    CHECK_OK(text_copy("cold", &tier.name));
    CHECK_OK(locations_add_tier(&locations, &tier, &index));
    CHECK(index == 0 && tier.name == NULL && locations.tier_count == 1);
}
