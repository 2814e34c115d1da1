#include "base/turns.h"

#include "base/pool.h"

void turns_init(struct turns *turns, uint64_t count)
{
    *turns = (struct turns){.count = count};
    (void)pthread_mutex_init(&turns->mutex, NULL);
    (void)pthread_cond_init(&turns->changed, NULL);
}

void turns_release(struct turns *turns)
{
    (void)pthread_cond_destroy(&turns->changed);
    (void)pthread_mutex_destroy(&turns->mutex);
}

bool turns_claim(struct turns *turns, uint64_t *out)
{
    POOL_LOCKED(&turns->mutex);
    if (turns->stopped || turns->next == turns->count)
        return false;
    *out = turns->next++;
    return true;
}

bool turns_wait(struct turns *turns, uint64_t piece)
{
    POOL_LOCKED(&turns->mutex);
    while (turns->turn != piece && !turns->stopped)
        (void)pthread_cond_wait(&turns->changed, &turns->mutex);
    return !turns->stopped;
}

void turns_end(struct turns *turns)
{
    POOL_LOCKED(&turns->mutex);
    turns->turn++;
    (void)pthread_cond_broadcast(&turns->changed);
}

void turns_stop(struct turns *turns)
{
    POOL_LOCKED(&turns->mutex);
    turns->stopped = true;
    (void)pthread_cond_broadcast(&turns->changed);
}
