#include "repo/name_map.h"

#include <string.h>

#include "base/hash.h"

void name_map_release(struct name_map *map)
{
    oid_map_release(&map->hashes);
}

static struct dits_oid hash_of(const char *name)
{
    struct dits_oid hash = {0};
    hash_bytes(name, strlen(name), &hash);
    return hash;
}

dits_error *name_map_add(struct name_map *map, const char *name,
                         size_t *out_number, bool *out_new)
{
    struct dits_oid hash = hash_of(name);
    return oid_map_add(&map->hashes, &hash, out_number, out_new);
}

bool name_map_find(const struct name_map *map, const char *name,
                   size_t *out_number)
{
    struct dits_oid hash = hash_of(name);
    return oid_map_find(&map->hashes, &hash, out_number);
}
