#include "base/oid_map.h"

#include <string.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 64, SLOTS_PER_ID = 2 };

void oid_map_release(struct oid_map *map)
{
    mem_free(map->ids);
    mem_free(map->slots);
    *map = (struct oid_map){0};
}

/* Ids are hashes already. The slot of `id`, or the free one where it goes. */
static size_t slot_of(const struct oid_map *map, const struct dits_oid *id)
{
    uint64_t hash = 0;
    memcpy(&hash, id->hash, sizeof(hash));
    size_t slot = (size_t)hash & (map->slot_count - 1);
    while (map->slots[slot] != 0 &&
           memcmp(map->ids[map->slots[slot] - 1].hash, id->hash, OID_SIZE) != 0)
        slot = (slot + 1) & (map->slot_count - 1);
    return slot;
}

bool oid_map_find(const struct oid_map *map, const struct dits_oid *id,
                  size_t *out_number)
{
    if (map->count == 0)
        return false;
    uint32_t number = map->slots[slot_of(map, id)];
    if (number == 0)
        return false;
    if (out_number != NULL)
        *out_number = number - 1;
    return true;
}

static dits_error *grow(struct oid_map *map)
{
    size_t capacity = map->capacity == 0 ? FIRST_CAPACITY : 2 * map->capacity;
    size_t slot_count = capacity * SLOTS_PER_ID;
    if (slot_count >= UINT32_MAX)
        return error_new(DITS_E_LIMIT, "too many objects to keep in mind");
    struct dits_oid *ids =
        mem_resize(map->ids, map->capacity, capacity, sizeof(*ids));
    if (ids == NULL)
        return error_nomem();
    map->ids = ids;
    uint32_t *slots = mem_new_array(uint32_t, slot_count);
    if (slots == NULL)
        return error_nomem();

    mem_free(map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
    map->capacity = capacity;
    for (size_t i = 0; i < map->count; i++)
        map->slots[slot_of(map, &map->ids[i])] = (uint32_t)i + 1;
    return NULL;
}

dits_error *oid_map_add(struct oid_map *map, const struct dits_oid *id,
                        size_t *out_number, bool *out_new)
{
    bool is_new = !oid_map_find(map, id, out_number);
    if (out_new != NULL)
        *out_new = is_new;
    if (!is_new)
        return NULL;
    if (map->count == map->capacity)
        TRY(grow(map));
    if (out_number != NULL)
        *out_number = map->count;
    map->ids[map->count++] = *id;
    map->slots[slot_of(map, id)] = (uint32_t)map->count;
    return NULL;
}
