#include "server/throttle.h"

#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/random.h"

enum { WAYS = 4, SECRET = 16 };

#define SETS ((size_t)4096)
#define MS ((int64_t)1000)

struct slot {
    uint64_t key;   /* 0: empty */
    int64_t until;  /* the bucket is full then; or the next try */
    int64_t seen;   /* the last failure */
    uint32_t count; /* of failures */
};

struct throttle {
    uint8_t secret[SECRET]; /* so that nobody can look for a neighbour */
    pthread_mutex_t mutex;
    struct slot *slots; /* under the mutex */
};

dits_error *throttle_new(struct throttle **out)
{
    CLEANUP(throttle_freep)
    struct throttle *throttle = mem_new(struct throttle);
    if (throttle == NULL)
        return error_nomem();
    random_bytes(throttle->secret, sizeof(throttle->secret));
    (void)pthread_mutex_init(&throttle->mutex, NULL);
    throttle->slots = mem_new_array(struct slot, SETS * WAYS);
    if (throttle->slots == NULL)
        return error_nomem();
    *out = MOVE(throttle);
    return NULL;
}

void throttle_free(struct throttle *throttle)
{
    if (throttle == NULL)
        return;
    (void)pthread_mutex_destroy(&throttle->mutex);
    mem_free(throttle->slots);
    mem_free(throttle);
}

void throttle_freep(struct throttle **throttle)
{
    throttle_free(*throttle);
}

static uint64_t key_of(const struct throttle *throttle, struct throttle_key key)
{
    struct hash hash;
    struct dits_oid id;
    hash_begin(&hash);
    hash_update(&hash, throttle->secret, sizeof(throttle->secret));
    hash_update(&hash, &key.kind, 1);
    hash_update(&hash, key.text, strlen(key.text));
    hash_finish(&hash, &id);
    return le64_load(id.hash) | 1;
}

/* Its slot, emptied for it when it has none. */
static struct slot *slot_of(struct throttle *throttle, uint64_t key)
{
    struct slot *set = throttle->slots + (key >> 32) % SETS * WAYS;
    struct slot *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].until < oldest->until)
            oldest = &set[i];
    }
    *oldest = (struct slot){.key = key};
    return oldest;
}

static unsigned seconds_up(int64_t milliseconds)
{
    return (unsigned)((milliseconds + MS - 1) / MS);
}

unsigned throttle_take(struct throttle *throttle, struct throttle_key key,
                       const struct throttle_rate *rate, unsigned cost,
                       int64_t now)
{
    uint64_t name = key_of(throttle, key);
    int64_t each = 60 * MS / rate->per_minute;
    int64_t room = each * rate->burst;
    POOL_LOCKED(&throttle->mutex);
    struct slot *slot = slot_of(throttle, name);
    /* Also when the clock was set back. */
    if (slot->until < now || slot->until > now + room)
        slot->until = slot->until < now ? now : now + room;
    int64_t after = slot->until + each * cost;
    if (after > now + room)
        return seconds_up(after - now - room);
    slot->until = after;
    return 0;
}

unsigned throttle_wait(struct throttle *throttle, struct throttle_key key,
                       int64_t now)
{
    uint64_t name = key_of(throttle, key);
    POOL_LOCKED(&throttle->mutex);
    const struct slot *slot = slot_of(throttle, name);
    return slot->until > now ? seconds_up(slot->until - now) : 0;
}

void throttle_failed(struct throttle *throttle, struct throttle_key key,
                     unsigned longest, int64_t now)
{
    uint64_t name = key_of(throttle, key);
    POOL_LOCKED(&throttle->mutex);
    struct slot *slot = slot_of(throttle, name);
    if (now - slot->seen > THROTTLE_FORGET_MS)
        slot->count = 0;
    unsigned wait = slot->count < THROTTLE_FREE ? 0 : longest;
    if (slot->count >= THROTTLE_FREE && slot->count - THROTTLE_FREE < 16 &&
        1u << (slot->count - THROTTLE_FREE) < longest)
        wait = 1u << (slot->count - THROTTLE_FREE);
    slot->count++;
    slot->seen = now;
    slot->until = now + wait * MS;
}

void throttle_passed(struct throttle *throttle, struct throttle_key key)
{
    uint64_t name = key_of(throttle, key);
    POOL_LOCKED(&throttle->mutex);
    struct slot *slot = slot_of(throttle, name);
    *slot = (struct slot){.key = name};
}
