#include "repo/id_set.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 1024 };

static const uint8_t free_key[ID_SET_KEY_SIZE];

void id_set_release(struct id_set *set)
{
    mem_free(set->keys);
    *set = (struct id_set){0};
}

/* Where `key` is, or where it belongs. There is always a free place. */
static size_t find_place(const struct id_set *set, const uint8_t *key)
{
    uint64_t start = 0;
    memcpy(&start, key, sizeof(start));
    size_t mask = set->capacity - 1;
    size_t at = (size_t)start & mask;
    while (memcmp(set->keys[at], free_key, ID_SET_KEY_SIZE) != 0 &&
           memcmp(set->keys[at], key, ID_SET_KEY_SIZE) != 0)
        at = (at + 1) & mask;
    return at;
}

static dits_error *grow(struct id_set *set)
{
    struct id_set larger = {
        .capacity = set->capacity == 0 ? FIRST_CAPACITY : 2 * set->capacity,
        .count = set->count,
    };
    larger.keys = mem_resize(NULL, 0, larger.capacity, ID_SET_KEY_SIZE);
    if (larger.keys == NULL)
        return error_nomem();
    for (size_t i = 0; i < set->capacity; i++)
        if (memcmp(set->keys[i], free_key, ID_SET_KEY_SIZE) != 0)
            memcpy(larger.keys[find_place(&larger, set->keys[i])], set->keys[i],
                   ID_SET_KEY_SIZE);
    mem_free(set->keys);
    *set = larger;
    return NULL;
}

/* The part of an id that is kept: never the key that stands for none. */
static void key_of(const struct dits_oid *id, uint8_t out[ID_SET_KEY_SIZE])
{
    memcpy(out, id->hash, ID_SET_KEY_SIZE);
    if (memcmp(out, free_key, ID_SET_KEY_SIZE) == 0)
        out[0] = 1;
}

static dits_error *add_key(struct id_set *set, const uint8_t *key,
                           bool *out_new)
{
    if (set->count >= set->capacity / 4 * 3)
        TRY(grow(set));
    assert(set->keys != NULL);
    uint8_t *place = set->keys[find_place(set, key)];
    bool is_new = memcmp(place, free_key, ID_SET_KEY_SIZE) == 0;
    if (is_new) {
        memcpy(place, key, ID_SET_KEY_SIZE);
        set->count++;
    }
    if (out_new != NULL)
        *out_new = is_new;
    return NULL;
}

dits_error *id_set_add(struct id_set *set, const struct dits_oid *id,
                       bool *out_new)
{
    uint8_t key[ID_SET_KEY_SIZE];
    key_of(id, key);
    return add_key(set, key, out_new);
}

bool id_set_has(const struct id_set *set, const struct dits_oid *id)
{
    uint8_t key[ID_SET_KEY_SIZE];
    key_of(id, key);
    return set->count > 0 &&
           memcmp(set->keys[find_place(set, key)], key, sizeof(key)) == 0;
}

dits_error *id_set_encode(const struct id_set *set, struct buf *out)
{
    TRY(buf_reserve(out, 8 + set->count * ID_SET_KEY_SIZE));
    TRY(buf_put_le64(out, set->count));
    for (size_t i = 0; i < set->capacity; i++)
        if (memcmp(set->keys[i], free_key, ID_SET_KEY_SIZE) != 0)
            TRY(buf_put(out, set->keys[i], ID_SET_KEY_SIZE));
    return NULL;
}

dits_error *id_set_decode(struct cursor *in, struct id_set *out)
{
    CLEANUP(id_set_release) struct id_set set = {0};
    uint64_t count = 0;
    TRY(cursor_le64(in, &count));
    if (count > cursor_left(in) / ID_SET_KEY_SIZE)
        return error_new(DITS_E_CORRUPT, "a set of ids is cut off");
    for (uint64_t i = 0; i < count; i++) {
        uint8_t key[ID_SET_KEY_SIZE];
        TRY(cursor_bytes(in, sizeof(key), key));
        if (memcmp(key, free_key, sizeof(key)) == 0)
            return error_new(DITS_E_CORRUPT, "a set of ids holds none");
        TRY(add_key(&set, key, NULL));
    }
    *out = MOVE(set);
    return NULL;
}
